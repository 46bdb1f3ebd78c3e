"""Households as they are known: found by a code or by number, listed.

`key` is the program's key, which lies outside the database.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select

from places.errors import PlaceError
from places.register.codes import is_sound, long_digest, read_long, read_short, short_digest
from storage.tables.households import Holder, Household, HouseholdCode

Found = Literal["valid", "void", "unknown", "mistyped"]


@dataclass(frozen=True, slots=True)
class Known:
    """A household of the register."""

    id: int
    unit_id: int  # its hamlet
    number: str
    note: str = ""
    void: bool = False


def _known(query_row: Any) -> Known:
    return Known(
        query_row.id, query_row.unit_id, query_row.number, query_row.note, void=query_row.voided_at is not None
    )


_COLUMNS = select(Household.id, Household.unit_id, Household.number, Household.note, Household.voided_at)


def looks_like_code(text: str) -> bool:
    """Whether somebody typed or pasted a household's code, right or wrong."""
    return read_long(text) is not None or read_short(text) is not None


def find_by_code(connection: Connection, key: bytes, text: str) -> tuple[Found, Known | None]:
    """The household that a code speaks for: a link's code, `h_…`, or a short code as typed.

    `void`: the code or its household is no longer valid. `mistyped`: the check letter does not fit, so it is no
    guess.
    """
    long, letters = read_long(text), read_short(text)
    if long is None and letters is not None and not is_sound(letters):
        return "mistyped", None
    if long is not None:
        wanted = HouseholdCode.digest == long_digest(key, long)
    elif letters is not None:
        wanted = HouseholdCode.short_digest == short_digest(key, letters)
    else:
        return "unknown", None
    row = connection.execute(
        _COLUMNS.add_columns(HouseholdCode.voided_at.label("code_voided_at"))
        .join(HouseholdCode, HouseholdCode.household_id == Household.id)
        .where(wanted)
    ).first()
    if row is None:
        return "unknown", None
    if row.code_voided_at is not None or row.voided_at is not None:
        return "void", _known(row)
    return "valid", _known(row)


def lock_households(connection: Connection, ids: Collection[int]) -> dict[int, Known]:
    """These households, as far as they are valid, locked until the transaction ends (PostgreSQL; SQLite is locked)."""
    rows = connection.execute(
        _COLUMNS.where(Household.id.in_(ids), Household.voided_at.is_(None))
        .order_by(Household.id)
        .with_for_update(of=Household)
    )
    return {row.id: _known(row) for row in rows}


def find_by_number(connection: Connection, units: Sequence[int], number: str) -> Known:
    """The household with this number in one of these hamlets. Raises `PlaceError` for none or several."""
    wanted = " ".join(number.split())
    rows = [
        row
        for row in connection.execute(_COLUMNS.where(Household.unit_id.in_(units)))
        if row.number.casefold() == wanted.casefold()
    ]
    if not rows:
        raise PlaceError(f"không có hộ số “{wanted}” ở đơn vị này; xem: langnghe households list ĐƠN_VỊ")
    if len(rows) > 1:
        raise PlaceError(f"có {len(rows)} hộ số “{wanted}” ở các ấp khác nhau; ghi rõ ấp: MÃ_XÃ/TÊN_ẤP")
    return _known(rows[0])


def list_households(connection: Connection, units: Collection[int]) -> list[Known]:
    """The households of these hamlets, void ones included, by hamlet and by number ("2" before "10")."""
    rows = connection.execute(_COLUMNS.where(Household.unit_id.in_(units)))
    return sorted((_known(row) for row in rows), key=lambda each: (each.unit_id, natural(each.number)))


def held_by(connection: Connection, person_id: int) -> list[Known]:
    """The valid households whose card somebody has shown, the latest first."""
    rows = connection.execute(
        _COLUMNS.join(Holder, Holder.household_id == Household.id)
        .where(Holder.person_id == person_id, Household.voided_at.is_(None))
        .order_by(Holder.since.desc(), Household.id)
    )
    return [_known(row) for row in rows]


def with_register(connection: Connection, units: Collection[int]) -> set[int]:
    """Those of these hamlets that have households in the register."""
    query = select(Household.unit_id).where(Household.unit_id.in_(units), Household.voided_at.is_(None)).distinct()
    return set(connection.execute(query).scalars())


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key by which 2 comes before 10, and A2 before A10."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", text) if part
    ]
