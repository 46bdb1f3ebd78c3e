"""Guides: lessons of one action a step, read from `faq/content/guides/*.md`; every slip named by file and line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from faq.content.entries import FOLDER, EntryError, is_source, read_parts
from faq.content.sources import Source
from vietnamese.folding import clean_text

GUIDES = FOLDER / "guides"
PICTURES = GUIDES / "pictures"
MOST_STEPS = 9
LONGEST_STEP = 350  # characters

_MARKER = re.compile(r" ?\{([a-z0-9-]+):(\d+)\}")
_STEP = re.compile(r"# Bước (\d+): (.+)")
_PICTURE = re.compile(r"!\[([^\]]+)\]\(([a-z0-9-]+)\.svg\)")
_TEXTS = ("id", "title", "title_en", "title_km", "needs")
_FIELDS = {*_TEXTS, "topics", "minutes", "review_by", "sources", "exercise", "question"}


@dataclass(frozen=True, slots=True)
class Step:
    """One action. `body` still has its markers `{topic:n}`; `picture` names a sketch, `shows` says it in words."""

    title: str
    body: str
    line: int
    picture: str = ""
    shows: str = ""

    @property
    def text(self) -> str:
        return unmarked_topics(self.body)


@dataclass(frozen=True)
class Guide:
    """A lesson: steps, something small to try, and a question."""

    id: str
    title: str
    title_en: str
    title_km: str
    needs: str
    topics: tuple[str, ...]
    minutes: int
    review_by: date
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    exercise: str
    question: str
    options: tuple[str, ...]
    right: int  # the right option, from 1
    because: str
    path: Path

    @property
    def reason(self) -> str:
        """Why the right answer is right, without markers."""
        return unmarked_topics(self.because)

    @cached_property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """Everything that it says, with its markers, and the line of the file where that stands or begins."""
        steps = ((step.line, f"{step.title}\n{step.body}") for step in self.steps)
        return (
            *steps,
            *((1, text) for text in (self.needs, self.exercise, self.question, *self.options, self.because)),
        )

    @cached_property
    def markers(self) -> tuple[tuple[str, int, int], ...]:
        """The facts that it names: topic, number and line of the file."""
        return tuple((topic, number, line) for line, text in self.lines for topic, number in marked_topics(text))


def marked_topics(text: str) -> list[tuple[str, int]]:
    """The facts that a text of a guide names with its markers, in order."""
    return [(topic, int(number)) for topic, number in _MARKER.findall(text)]


def unmarked_topics(text: str) -> str:
    """The text of a guide without its markers."""
    return _MARKER.sub("", text)


def load_guides(folder: Path = GUIDES) -> tuple[Guide, ...]:
    """All guides of a folder by id. Raises `EntryError` with every slip in all of them."""
    guides: list[Guide] = []
    slips: list[str] = []
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        try:
            guides.append(read_guide(path))
        except EntryError as error:
            slips.append(str(error))
    if slips:
        raise EntryError("\n".join(slips))
    return tuple(guides)


def read_guide(path: Path) -> Guide:
    """One guide. Raises `EntryError`."""
    fields, _, body, begins = read_parts(path)
    steps = tuple(_steps(body, begins))
    slips = [f"{path.name}:1: {what}" for what in _slips(fields, path)]
    slips += [f"{path.name}:{begins}: bước {number} không đúng thứ tự" for number in _misplaced(body)]
    if not steps:
        slips.append(f"{path.name}:{begins}: chưa có bước nào")
    if slips:
        raise EntryError("\n".join(slips))
    question = fields["question"]
    return Guide(
        **{name: clean_text(fields[name]) for name in _TEXTS},
        topics=tuple(fields["topics"]),
        minutes=fields["minutes"],
        review_by=fields["review_by"],
        sources=tuple(Source(source["url"], source["as_of"]) for source in fields["sources"]),
        steps=steps,
        exercise=clean_text(fields["exercise"]["text"]),
        question=clean_text(question["text"]),
        options=tuple(clean_text(option) for option in question["options"]),
        right=question["right"],
        because=clean_text(question["because"]),
        path=path,
    )


def _steps(body: str, begins: int) -> Iterator[Step]:
    title, line, lines = "", 0, list[str]()
    for number, text in enumerate([*body.splitlines(), "# Bước 0: hết"], begins):
        found = _STEP.fullmatch(text.strip())
        if found is None:
            lines.append(text)
            continue
        if title:
            yield _step(title, lines, line)
        title, line, lines = found[2], number, []


def _step(title: str, lines: Sequence[str], line: int) -> Step:
    drawn = [found for found in (_PICTURE.fullmatch(text.strip()) for text in lines) if found]
    body = "\n".join(text for text in lines if not _PICTURE.fullmatch(text.strip())).strip()
    return Step(title, body, line, drawn[0][2] if drawn else "", drawn[0][1] if drawn else "")


def _misplaced(body: str) -> list[int]:
    found = [int(match[1]) for match in map(_STEP.fullmatch, body.splitlines()) if match]
    return [number for place, number in enumerate(found, 1) if number != place]


def _slips(fields: Mapping[str, Any], path: Path) -> Iterator[str]:
    for name in _TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            yield f"thiếu “{name}”"
    if fields.get("id") != path.stem:
        yield f"mã “{fields.get('id')}” phải trùng tên tệp"
    topics, sources = fields.get("topics"), fields.get("sources")
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        yield "“topics” phải là danh sách chủ đề"
    if not isinstance(sources, list) or not all(map(is_source, sources)):
        yield "“sources” phải là danh sách { url, as_of }"
    if type(fields.get("minutes")) is not int:
        yield "“minutes” phải là số phút"
    if type(fields.get("review_by")) is not date:
        yield "“review_by” phải là ngày, như 2027-02-28"
    if not _is_text(fields.get("exercise"), "text"):
        yield "thiếu bài tập: [exercise] text"
    yield from _question_slips(fields.get("question"))
    for name in sorted(fields.keys() - _FIELDS):
        yield f"không biết “{name}”"


def _question_slips(question: Any) -> Iterator[str]:
    if not _is_text(question, "text") or not _is_text(question, "because"):
        yield "thiếu câu hỏi cuối bài: [question] text, because"
        return
    options, right = question.get("options"), question.get("right")
    if (
        not isinstance(options, list)
        or not 2 <= len(options) <= 4
        or not all(isinstance(each, str) for each in options)
    ):
        yield "câu hỏi cuối bài cần 2 đến 4 lựa chọn"
    elif type(right) is not int or not 1 <= right <= len(options):
        yield "“right” phải là số thứ tự của lựa chọn đúng"


def _is_text(table: Any, name: str) -> bool:
    return isinstance(table, dict) and isinstance(table.get(name), str) and bool(table[name].strip())
