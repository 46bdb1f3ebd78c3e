"""A closed round's ballots, read in chunks, each with as much of its place as keeps it secret."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, and_, cast, func, not_, or_, select
from sqlalchemy.orm import aliased

from storage.tables import Ballot, Unit
from surveys.export.columns import Column
from surveys.results.suppression import SMALL

BATCH = 2000  # ballots in memory at once

Place = tuple[str, str, str]  # commune code, commune, hamlet
Row = tuple[Place, str, Mapping[str, Any]]  # place, mode, answers
_NO_PLACE: Place = ("", "", "")


@dataclass(frozen=True, slots=True)
class Places:
    """Where ballots are from, as it may be told: the hamlet only where it has rows enough."""

    told: Mapping[int, Place]
    commune: Mapping[int, Place]
    merged: int  # hamlets that are not told

    @classmethod
    def read(
        cls,
        connection: Connection,
        round_id: int,
        texts: Sequence[Column] = (),
        *,
        small: int = SMALL,
        withheld: Collection[int] = (),
    ) -> "Places":
        """The places of a round's ballots; those with one of `texts` are told without their hamlet.

        A hamlet needs `small` rows to be told. Nor is a unit told that is `withheld` from officials in some table: of
        a commune neither it nor what lies in it.
        """
        above = aliased(Unit)
        without_text = func.count().filter(not_(_has_text(texts))) if texts else func.count()
        rows = connection.execute(
            select(
                Unit.id,
                Unit.parent_id,
                Unit.level,
                Unit.code,
                Unit.name,
                above.name.label("parent"),
                without_text.label("rows"),
            )
            .select_from(Ballot)
            .join(Unit, Unit.id == Ballot.unit_id)
            .outerjoin(above, above.id == Unit.parent_id)
            .where(Ballot.round_id == round_id, Ballot.submitted)
            .group_by(Unit.id, Unit.level, Unit.code, Unit.name, above.name)
        ).all()
        hamlets = [row for row in rows if row.level == "hamlet"]
        commune: dict[int, Place] = {
            row.id: (row.code, (row.parent or "") if row.level == "hamlet" else row.name, "") for row in rows
        }
        merged = merged_hamlets([(row.code, row.id, row.rows) for row in hamlets], small, withheld)
        nowhere = {row.id for row in rows if row.id in withheld and row.level != "hamlet"}
        nowhere |= {row.id for row in hamlets if row.parent_id in withheld}
        commune |= dict.fromkeys(nowhere, _NO_PLACE)
        told = {row.id: (row.code, row.parent or "", row.name) for row in hamlets if row.id not in merged}
        return cls({**commune, **told}, commune, len(merged))


def merged_hamlets(
    counted: Sequence[tuple[str, int, int]], small: int = SMALL, withheld: Collection[int] = ()
) -> set[int]:
    """Which of the hamlets (commune, id, rows) are told as their commune only.

    Those with fewer rows than `small`, which say too much about whose they are; and where that leaves one alone or
    too few rows together, the next smallest with them, since the commune's rows less the told hamlets' are theirs.
    Those that are `withheld` in any case go first.
    """
    by_commune: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for commune, id, rows in counted:
        if rows:
            by_commune[commune].append((rows, id))
    merged: set[int] = set()
    for hamlets in by_commune.values():
        together, number = 0, 0
        for rows, id in sorted(hamlets, key=lambda hamlet: (hamlet[1] not in withheld, hamlet)):
            if id not in withheld and rows >= small and (number == 0 or (number > 1 and together >= small)):
                break
            merged.add(id)
            together, number = together + rows, number + 1
    return merged


def count_ballots(connection: Connection, round_id: int) -> int:
    """How many ballots a round holds."""
    return connection.execute(
        select(func.count()).select_from(Ballot).where(Ballot.round_id == round_id, Ballot.submitted)
    ).scalar_one()


def read_rows(
    connection: Connection, round_id: int, places: Places, texts: Sequence[Column] = ()
) -> Iterator[list[Row]]:
    """The ballots in the order of their tags, which the close made random, in chunks."""
    ballots = (
        select(Ballot.unit_id, Ballot.mode, Ballot.answers)
        .where(Ballot.round_id == round_id, Ballot.submitted)
        .order_by(Ballot.tag)
    )
    written = [column.question for column in texts]
    told, commune = places.told, places.commune
    for chunk in connection.execute(ballots, execution_options={"yield_per": BATCH}).partitions():
        yield [
            (
                (commune if any(answers.get(name) for name in written) else told).get(unit_id, _NO_PLACE),
                mode,
                answers,
            )
            for unit_id, mode, answers in chunk
        ]


def read_texts(
    connection: Connection, round_id: int, places: Places, texts: Sequence[Column]
) -> Iterator[tuple[Place, Column, str]]:
    """What people typed, each with its commune and nothing else, in an order of its own."""
    if not texts:
        return
    ballots = (
        select(Ballot.unit_id, Ballot.answers)
        .where(Ballot.round_id == round_id, Ballot.submitted, _has_text(texts))
        .order_by(func.random())
    )
    for column in texts:
        for unit_id, answers in connection.execute(ballots, execution_options={"yield_per": BATCH}):
            text = column.plain(answers)
            if text:
                yield places.commune.get(unit_id, _NO_PLACE), column, str(text)


def longest_text(connection: Connection, round_id: int, column: Column) -> int:
    """Bytes of the longest answer to a question of free text; masking never makes one longer."""
    text = Ballot.answers[column.question].as_string()
    size = func.octet_length(text) if connection.dialect.name == "postgresql" else func.length(cast(text, LargeBinary))
    ballots = select(func.max(size)).where(Ballot.round_id == round_id, Ballot.submitted)
    return connection.execute(ballots).scalar() or 0


def _has_text(texts: Sequence[Column]) -> ColumnElement[bool]:
    written = [Ballot.answers[column.question].as_string() for column in texts]
    return or_(*(and_(text.is_not(None), text != "") for text in written))
