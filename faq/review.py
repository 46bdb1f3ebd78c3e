"""The editor's side: what was not answered or disliked, what this site taught the search, and what is counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, true, update

from faq.search.grouping import groups
from faq.search.shipped_index import Taught
from faq.states import FOR_THE_EDITOR, Counted, QuestionState
from storage.tables import FaqCount, FaqExample, FaqQuestion, Unit

_MOST = 2000  # questions that are looked at at once, the newest
_ASKED = (Counted.ANSWERED, Counted.SUGGESTED, Counted.UNANSWERED)  # each is once for a question


class ReviewError(ValueError):
    """What was asked for is not there; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits; `id` is how the editor names it."""

    id: str
    text: str
    state: QuestionState
    topic: str  # what was answered, or the nearest; "" where nothing came near
    asked_on: date
    unit: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that say the same."""

    questions: tuple[Asked, ...]


def waiting(connection: Connection, units: Collection[int] | None = None) -> list[Group]:
    """What waits for the editor (of some communes), grouped by likeness, what is asked most first."""
    here = FaqQuestion.unit_id.in_(units) if units is not None else true()
    rows = connection.execute(
        select(FaqQuestion.id, FaqQuestion.text, FaqQuestion.state, FaqQuestion.topic, FaqQuestion.asked_on, Unit.name)
        .outerjoin(Unit, Unit.id == FaqQuestion.unit_id)
        .where(FaqQuestion.state.in_(FOR_THE_EDITOR), here)
        .order_by(FaqQuestion.asked_on.desc(), FaqQuestion.id)
        .limit(_MOST)
    ).all()
    asked = [
        Asked(f"{row.id:x}", row.text, QuestionState(row.state), row.topic, row.asked_on, row.name or "")
        for row in rows
    ]
    return [Group(tuple(asked[at] for at in group)) for group in groups([each.text for each in asked])]


def learn(connection: Connection, topic: str, named: Sequence[str], now: datetime) -> list[str]:
    """Make these questions examples of a topic ("": no topic answers them). Returns what was learnt.

    Raises `ReviewError` for a name that is no question.
    """
    learnt = []
    for name in named:
        text = connection.execute(select(FaqQuestion.text).where(FaqQuestion.id == _number(name))).scalar()
        if text is None:
            raise ReviewError(f"không có câu hỏi “{name}”; xem: langnghe faq review")
        connection.execute(insert(FaqExample).values(topic=topic, text=text, added_at=now))
        connection.execute(
            update(FaqQuestion).where(FaqQuestion.id == _number(name)).values(state=QuestionState.LEARNT)
        )
        learnt.append(text)
    return learnt


def alike(connection: Connection, named: Sequence[str]) -> list[str]:
    """These questions and all that are grouped with them."""
    found = [group for group in waiting(connection) if {each.id for each in group.questions} & set(named)]
    return [each.id for group in found for each in group.questions] or list(named)


def asked_in(connection: Connection, named: Sequence[str]) -> set[int]:
    """The units from which these questions came; for one from nowhere, and for none, the topmost of all."""
    numbers = [_number(name) for name in named]
    units = set(connection.scalars(select(FaqQuestion.unit_id).where(FaqQuestion.id.in_(numbers))))
    if units and None not in units:
        return {unit for unit in units if unit is not None}
    return set(connection.scalars(select(Unit.id).where(Unit.parent_id.is_(None))))


def dismiss(connection: Connection, named: Sequence[str]) -> int:
    """Take questions off the list, with their words. Returns how many."""
    numbers = [_number(name) for name in named]
    return connection.execute(delete(FaqQuestion).where(FaqQuestion.id.in_(numbers))).rowcount


def unlearn(connection: Connection, example: int) -> None:
    """Forget one example. Raises `ReviewError`."""
    if connection.execute(delete(FaqExample).where(FaqExample.id == example)).rowcount != 1:
        raise ReviewError(f"không có câu mẫu số {example}; xem: langnghe faq taught")


def examples(connection: Connection) -> list[Any]:
    """Everything that this site taught: id, topic, text, added_at."""
    columns = FaqExample.id, FaqExample.topic, FaqExample.text, FaqExample.added_at
    return list(connection.execute(select(*columns).order_by(FaqExample.id)))


def taught(connection: Connection) -> list[Taught]:
    """The same as the search learns it."""
    return [(row.topic, row.text) for row in examples(connection)]


def stamp(connection: Connection) -> tuple[object, ...]:
    """Changes whenever something is taught or forgotten."""
    return tuple(connection.execute(select(func.count(), func.max(FaqExample.id), func.max(FaqExample.added_at))).one())


def counts(connection: Connection, units: Collection[int] | None = None) -> list[dict[str, Any]]:
    """What happened to each topic in each commune, the most asked first; "" and None: no topic, no commune known."""
    query = select(FaqCount.topic, FaqCount.what, FaqCount.number, FaqCount.unit_id, Unit.name).outerjoin(
        Unit, Unit.id == FaqCount.unit_id
    )
    if units is not None:
        query = query.where(FaqCount.unit_id.in_(units))
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for row in connection.execute(query):
        new: dict[str, Any] = {"topic": row.topic, "unit": row.name, **dict.fromkeys(Counted, 0)}
        rows.setdefault((row.topic, row.unit_id), new)[row.what] = row.number
    return sorted(rows.values(), key=lambda row: (-sum(row[what] for what in _ASKED), row["topic"], row["unit"] or ""))


def _number(name: str) -> int:
    try:
        return int(name, 16)
    except ValueError:
        raise ReviewError(f"“{name}” không phải mã câu hỏi; xem: langnghe faq review") from None
