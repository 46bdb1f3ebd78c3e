"""What an editor has to mend, and what is only worth a look."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from faq.content.entries import Entry, marked, unmarked
from faq.content.lessons import LONGEST_STEP, MOST_STEPS, PICTURES, Guide, marked_topics, unmarked_topics
from faq.content.topics import Topic
from faq.content.tracing import untraced
from faq.emergency import review_by
from faq.search.index import Index
from vietnamese.folding import fold

LONGEST = 750  # characters of an answer: one phone screen, see tools/photograph_help.py
FEWEST_EXAMPLES = 40
_HEDGED = re.compile(r"có thể|thường|khoảng|hỏi|chưa (?:rõ|chắc)|xem lại", re.IGNORECASE)
_DOUBTFUL = "dữ kiện chưa chắc phải nói dè dặt: có thể, thường, hỏi lại"
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


def check_numbers(today: date) -> list[Finding]:
    """Whether the basis of the numbers told in danger has to be looked at again."""
    overdue = Finding("emergency.toml:1", f"số khẩn cấp đã quá hạn xem lại ({review_by():%d/%m/%Y})")
    return [overdue] if review_by() < today else []


def _untraced_of_guide(guide: Guide, topics: Mapping[str, Topic]) -> Iterator[Finding]:
    """The same of a lesson; what names no fact, such as its question, may speak of all facts of its topics."""
    about = [topics[topic] for topic in guide.topics if topic in topics]
    every = {(topic.id, number): fact for topic in about for number, fact in enumerate(topic.facts, 1)}
    for line, text in guide.lines:
        named = marked_topics(text) or every
        facts = [*(every[fact] for fact in named if fact in every), *(topic.title for topic in about)]
        said = unmarked_topics(text)
        figures = untraced(said, facts, [source.name for source in guide.sources])
        yield from _untraced(f"guides/{guide.path.name}:{line}", said, figures)
        doubtful = any(topic in topics and number in topics[topic].doubtful for topic, number in marked_topics(text))
        if doubtful and not _HEDGED.search(said):
            yield Finding(f"guides/{guide.path.name}:{line}", _DOUBTFUL)


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
    yield from _untraced_of_guide(guide, topics)
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
        yield from _of_lines(entry, topic)
    for neighbour in entry.neighbours:
        if neighbour not in known or neighbour == entry.id:
            yield Finding(f"{name}:1", f"không có mục lân cận “{neighbour}”")
    if len(entry.examples) < FEWEST_EXAMPLES:
        yield Finding(f"{name}:1", f"có {len(entry.examples)} câu mẫu, cần ít nhất {FEWEST_EXAMPLES}")


def _of_lines(entry: Entry, topic: Topic) -> Iterator[Finding]:
    """What a line says in figures has to stand in a fact that it names; a doubtful fact is not said as a sure one."""
    sources = [source.name for source in entry.sources]
    for line, text in enumerate(entry.body.splitlines(), entry.body_line):
        named = [number for number in marked(text) if 1 <= number <= len(topic.facts)]
        said, facts = unmarked(text), [topic.facts[number - 1] for number in named]
        yield from _untraced(f"{entry.path.name}:{line}", said, untraced(said, facts, sources))
        if not topic.doubtful.isdisjoint(named) and not _HEDGED.search(said):
            yield Finding(f"{entry.path.name}:{line}", _DOUBTFUL)


def _untraced(place: str, said: str, figures: Sequence[str]) -> Iterator[Finding]:
    for figure in figures:
        yield Finding(place, f"“{figure}” không có trong dữ kiện mà dòng này dẫn ra")
    if "{" in said:
        yield Finding(place, "dấu dẫn dữ kiện viết sai")


def _markers(entry: Entry) -> Iterator[tuple[int, int]]:
    """Each marker with its line in the file."""
    for line, text in enumerate(entry.body.splitlines(), entry.body_line):
        for number in marked(text):
            yield line, number


def _shared_examples(entries: Sequence[Entry], none_examples: Sequence[str]) -> Iterator[Finding]:
    """The same words can't ask for two topics, nor for one and for none."""
    first: dict[str, str] = {}
    named = [(f"{entry.path.name}", text) for entry in entries for text in entry.examples]
    for name, text in [*named, *(("none.txt", text) for text in none_examples)]:
        other = first.setdefault(fold(text) or text, name)
        if other != name:
            yield Finding(name, f"câu mẫu “{text}” đã có trong {other}")
