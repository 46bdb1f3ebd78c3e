"""The curated answers, read from `faq/content/entries/*.md`; every slip named by file and line."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from faq.content.sources import Source, dates_of, source_line
from vietnamese.folding import clean_text

FOLDER = Path(__file__).parent
ENTRIES = FOLDER / "entries"
NONE_EXAMPLES = FOLDER / "none.txt"

_FENCE = "+++"
_LARGEST = 200_000  # bytes of a file; a full entry has a tenth
_MOST = 1000  # entries, and examples of one
_LONGEST = 4000  # characters of an example
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARKER = re.compile(r" ?\{(\d+)\}")
_OFFICIAL = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.gov\.vn\b")
_PORTAL, _PORTAL_NAMED = "dichvucong.gov.vn", "Cổng Dịch vụ công"  # dvc-login: the only one since 2025-07-01
_TEXTS = ("id", "group", "title", "title_en", "title_km")


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic and its answer. `body` still has its markers `{n}`, n being a fact of the topic."""

    id: str
    group: str
    title: str
    title_en: str
    title_km: str
    body: str
    examples: tuple[str, ...]
    neighbours: tuple[str, ...]
    sources: tuple[Source, ...]
    review_by: date
    path: Path
    body_line: int  # where the answer begins in the file

    @property
    def text(self) -> str:
        """The answer as a person reads it, without markers."""
        return unmarked(self.body)

    @property
    def markers(self) -> tuple[int, ...]:
        """The facts that the answer names, in order."""
        return marked(self.body)

    @property
    def link(self) -> str:
        """The official page that the answer itself names, to be opened from beside it; "" where it names none."""
        named = _OFFICIAL.search(self.text)
        if named:
            return f"https://{named[0]}"
        return f"https://{_PORTAL}" if _PORTAL_NAMED in self.text else ""

    @property
    def as_of(self) -> str:
        """When the newest source held, "2025-11" or "2025"; "" where no source says."""
        return max((date for source in self.sources for date in dates_of(source.as_of)), default="")


def marked(text: str) -> tuple[int, ...]:
    """The facts that a text names with its markers, in order."""
    return tuple(int(number) for number in _MARKER.findall(text))


def unmarked(text: str) -> str:
    """The text without its markers."""
    return _MARKER.sub("", text)


class EntryError(ValueError):
    """Entries that can't be used; the message has one line for each slip, with its file and line."""


def load_entries(folder: Path = ENTRIES) -> tuple[Entry, ...]:
    """All entries of a folder by id. Raises `EntryError` with every slip in all of them."""
    entries: dict[str, Entry] = {}
    slips: list[str] = []
    for path in sorted(folder.glob("*.md"))[:_MOST]:
        try:
            entry = read_entry(path)
        except EntryError as error:
            slips.append(str(error))
            continue
        if entry.id in entries:
            slips.append(f"{path.name}: mã “{entry.id}” đã có trong {entries[entry.id].path.name}")
        entries[entry.id] = entry
    if not entries and not slips:
        slips.append(f"{folder}: không có mục hỏi đáp nào")
    if slips:
        raise EntryError("\n".join(slips))
    return tuple(entries.values())


def read_parts(path: Path) -> tuple[Mapping[str, Any], list[str], str, int]:
    """The fields of a file's front matter, its lines, what comes after it, and the line on which that begins.

    Raises `EntryError`.
    """
    if path.stat().st_size > _LARGEST:
        raise EntryError(f"{path.name}: lớn hơn {_LARGEST // 1000} kB")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise EntryError(f"{path.name}: không phải UTF-8") from error
    fences = [number for number, line in enumerate(lines) if line.strip() == _FENCE]
    if len(fences) < 2 or fences[0] != 0:
        raise EntryError(f"{path.name}:1: phần đầu phải nằm giữa hai dòng {_FENCE}")
    front = lines[1 : fences[1]]
    try:
        fields = tomllib.loads("\n".join(front))
    except tomllib.TOMLDecodeError as error:
        raise EntryError(f"{path.name}{_line_of(error)}: {error}") from error
    return fields, front, clean_text("\n".join(lines[fences[1] + 1 :])), fences[1] + 2


def read_entry(path: Path) -> Entry:
    """One entry. Raises `EntryError`."""
    fields, front, body, body_line = read_parts(path)
    body = body.strip()
    slips = [f"{path.name}:{_line(front, name)}: {what}" for name, what in _slips(fields, path)]
    if not body:
        slips.append(f"{path.name}:{body_line}: chưa có câu trả lời")
    if slips:
        raise EntryError("\n".join(slips))
    return Entry(
        **{name: clean_text(fields[name]) for name in _TEXTS},
        body=body,
        examples=tuple(clean_text(example).strip() for example in fields["examples"]),
        neighbours=tuple(fields["neighbours"]),
        sources=tuple(Source(clean_text(source["url"]), source["as_of"]) for source in fields["sources"]),
        review_by=fields["review_by"],
        path=path,
        body_line=body_line,
    )


def load_none_examples(path: Path = NONE_EXAMPLES) -> tuple[str, ...]:
    """Messages that no entry answers, one a line; lines that begin with # are notes."""
    if not path.exists():
        return ()
    lines = clean_text(path.read_text(encoding="utf-8")).splitlines()
    return tuple(line.strip()[:_LONGEST] for line in lines if line.strip() and not line.startswith("#"))


def render(entry: Entry) -> str:
    """The whole answer for a phone: the text, then where it comes from and when that held."""
    return f"{entry.text}\n\n{source_line(entry.sources)}"


def _slips(fields: Mapping[str, Any], path: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with the front matter: the field and the reason."""
    for name in _TEXTS:
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            yield name, f"thiếu “{name}”"
    identifier = fields.get("id")
    if isinstance(identifier, str) and (not _ID.fullmatch(identifier) or identifier != path.stem):
        yield "id", f"mã “{identifier}” phải trùng tên tệp, chữ thường không dấu, nối bằng gạch"
    for name in ("examples", "neighbours"):
        values = fields.get(name)
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            yield name, f"“{name}” phải là danh sách câu chữ"
        elif len(values) > _MOST or any(len(value) > _LONGEST for value in values):
            yield name, f"“{name}” quá dài"
    sources = fields.get("sources")
    if not isinstance(sources, list) or not all(map(is_source, sources)):
        yield "sources", "“sources” phải là danh sách { url, as_of }"
    if type(fields.get("review_by")) is not date:
        yield "review_by", "“review_by” phải là ngày, như 2027-02-28"
    for name in sorted(fields.keys() - {*_TEXTS, "examples", "neighbours", "sources", "review_by"}):
        yield name, f"không biết “{name}”"


def is_source(source: Any) -> bool:
    """Whether it is `{ url, as_of }`, both text."""
    return isinstance(source, dict) and all(isinstance(source.get(name), str) for name in ("url", "as_of"))


def _line(front: Sequence[str], name: str) -> int:
    """The line of the file on which a field begins; 1 where it is missing."""
    pattern = re.compile(rf"\s*{re.escape(name)}\s*=")
    return next((number for number, line in enumerate(front, 2) if pattern.match(line)), 1)


def _line_of(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+)", str(error))
    return f":{int(found[1]) + 1}" if found else ""
