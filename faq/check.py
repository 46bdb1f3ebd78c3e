"""What an editor has to mend, and what is only worth a look."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from faq.entries import Entry
from faq.index import Index
from faq.lessons import LONGEST_STEP, MOST_STEPS, PICTURES, Guide
from faq.topics import Topic
from places.folding import fold

LONGEST = 900  # characters of an answer: one phone screen
FEWEST_EXAMPLES = 40
CONFUSED = 0.07  # share of a topic's examples that came out as one other topic


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an entry; `serious` where it has to be mended before the entry is published."""

    place: str  # file and line
    what: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def check(
    entries: Sequence[Entry], none_examples: Sequence[str], topics: Mapping[str, Topic], today: date
) -> list[Finding]:
    """Everything that can be found without the search."""
    known = {entry.id for entry in entries}
    findings = [finding for entry in entries for finding in _of_one(entry, topics.get(entry.id), known, today)]
    findings += [Finding("topics.json", f"chủ đề “{name}” chưa có mục hỏi đáp") for name in topics if name not in known]
    return findings + list(_shared_examples(entries, none_examples))


def check_guides(guides: Sequence[Guide], topics: Mapping[str, Topic], today: date) -> list[Finding]:
    """The same for guides: overdue, without source, too long, facts and sketches that are not there."""
    return [finding for guide in guides for finding in _of_guide(guide, topics, today)]


def _of_guide(guide: Guide, topics: Mapping[str, Topic], today: date) -> Iterator[Finding]:
    name = f"guides/{guide.path.name}"
    if guide.review_by < today:
        yield Finding(f"{name}:1", f"đã quá hạn xem lại ({guide.review_by:%d/%m/%Y})")
    if not guide.sources:
        yield Finding(f"{name}:1", "không ghi nguồn")
    if len(guide.steps) > MOST_STEPS:
        yield Finding(f"{name}:1", f"có {len(guide.steps)} bước, nhiều nhất {MOST_STEPS}")
    for step in guide.steps:
        if len(step.text) > LONGEST_STEP:
            yield Finding(f"{name}:{step.line}", f"bước dài {len(step.text)} ký tự, nhiều nhất {LONGEST_STEP}")
        if step.picture and not (PICTURES / f"{step.picture}.svg").exists():
            yield Finding(f"{name}:{step.line}", f"không có hình {step.picture}.svg")
    for topic in guide.topics:
        if topic not in topics:
            yield Finding(f"{name}:1", f"không có chủ đề “{topic}” trong topics.json")
        elif topic not in {named for named, *_ in guide.markers}:
            yield Finding(f"{name}:1", f"không dùng dữ kiện nào của chủ đề “{topic}”")
    for topic, number, line in guide.markers:
        if topic not in guide.topics or topic not in topics or not 1 <= number <= len(topics[topic].facts):
            yield Finding(f"{name}:{line}", f"không có dữ kiện {{{topic}:{number}}} trong các chủ đề của bài")


def confusable(entries: Sequence[Entry], index: Index) -> list[Finding]:
    """Pairs of topics that the search takes for each other, by cross-validation; most confused first."""
    asked = {entry.id: len(entry.examples) for entry in entries}
    pairs = []
    for one, other in np.argwhere(index.confused > 0).tolist():
        share = int(index.confused[one, other]) / max(1, asked[index.topics[one]])
        if share >= CONFUSED:
            pairs.append((share, index.topics[one], index.topics[other]))
    return [
        Finding(f"{one}.md", f"{share:.0%} câu mẫu bị hiểu thành “{other}”", serious=False)
        for share, one, other in sorted(pairs, reverse=True)
    ]


def _of_one(entry: Entry, topic: Topic | None, known: set[str], today: date) -> Iterator[Finding]:
    name = entry.path.name
    if topic is None:
        yield Finding(f"{name}:1", f"không có chủ đề “{entry.id}” trong topics.json")
    if entry.review_by < today:
        yield Finding(f"{name}:1", f"đã quá hạn xem lại ({entry.review_by:%d/%m/%Y})")
    if not entry.sources:
        firm = topic is not None and topic.has_firm_fact
        yield Finding(f"{name}:1", "không ghi nguồn", serious=firm)
    if len(entry.text) > LONGEST:
        yield Finding(f"{name}:{entry.body_line}", f"câu trả lời dài {len(entry.text)} ký tự, nhiều nhất {LONGEST}")
    if topic is not None:
        for line, number in _markers(entry):
            if not 1 <= number <= len(topic.facts):
                yield Finding(f"{name}:{line}", f"chủ đề không có dữ kiện {{{number}}}")
    for neighbour in entry.neighbours:
        if neighbour not in known or neighbour == entry.id:
            yield Finding(f"{name}:1", f"không có mục lân cận “{neighbour}”")
    if len(entry.examples) < FEWEST_EXAMPLES:
        yield Finding(f"{name}:1", f"có {len(entry.examples)} câu mẫu, cần ít nhất {FEWEST_EXAMPLES}")


def _markers(entry: Entry) -> Iterator[tuple[int, int]]:
    """Each marker with its line in the file."""
    for line, text in enumerate(entry.body.splitlines(), entry.body_line):
        for number in re.findall(r"\{(\d+)\}", text):
            yield line, int(number)


def _shared_examples(entries: Sequence[Entry], none_examples: Sequence[str]) -> Iterator[Finding]:
    """The same words can't ask for two topics, nor for one and for none."""
    first: dict[str, str] = {}
    named = [(f"{entry.path.name}", text) for entry in entries for text in entry.examples]
    for name, text in [*named, *(("none.txt", text) for text in none_examples)]:
        other = first.setdefault(fold(text) or text, name)
        if other != name:
            yield Finding(name, f"câu mẫu “{text}” đã có trong {other}")
