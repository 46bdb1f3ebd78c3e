"""The topics that the FAQ is to cover, and the facts that their answers may state (`faq/content/topics.json`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TOPICS = Path(__file__).with_name("topics.json")


@dataclass(frozen=True, slots=True)
class Topic:
    """What its entry is checked against: fact n of an answer is facts[n - 1]."""

    id: str
    title: str
    facts: tuple[str, ...]
    doubtful: frozenset[int]  # numbers of the facts that must be hedged or left out

    @property
    def has_firm_fact(self) -> bool:
        return len(self.doubtful) < len(self.facts)


def load_topics(path: Path = TOPICS) -> Mapping[str, Topic]:
    """All topics by id."""
    return {
        topic["id"]: Topic(
            topic["id"],
            topic["title_vi"],
            tuple(fact["text_en"] for fact in topic["facts"]),
            frozenset(number for number, fact in enumerate(topic["facts"], 1) if fact.get("doubtful")),
        )
        for topic in json.loads(path.read_text(encoding="utf-8"))
    }
