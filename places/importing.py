"""Units and households from a file: read, compared with what is known, then written as a whole or not at all.

An empty cell leaves the figure as it is. A code that comes back with another name and a later `valid_from` is a
new unit: the old one ends on that day and stays findable by its name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from places.errors import PlaceError, RowErrors
from places.place import Level, Place
from places.tables import Row, read_table
from places.units import Territory
from storage.tables.territory import FormerUnit, Unit
from vietnamese.letters import fold, spelling

REQUIRED = ("level", "code", "name", "parent", "households", "valid_from")
_CONTACTS = ("office", "hours", "phone", "helpers")
_LABELS = {
    "households": "số hộ", "office": "trụ sở", "hours": "giờ làm việc", "phone": "điện thoại",
    "helpers": "tổ công nghệ số",
}  # fmt: skip
_LEVELS: dict[str, Level] = {
    "province": "province", "tinh": "province", "thanh pho": "province",
    "commune": "commune", "xa": "commune", "phuong": "commune",
    "hamlet": "hamlet", "ap": "hamlet", "khom": "hamlet", "khu vuc": "hamlet",
}  # fmt: skip
_ORDER: dict[Level, int] = {"province": 0, "commune": 1, "hamlet": 2}
_ABOVE: dict[Level, Level] = {"commune": "province", "hamlet": "commune"}
_CODE_SIZE: dict[Level, int] = {"province": 2, "commune": 5}  # digits
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_LONGEST_NAME = 200
_MOST_HOUSEHOLDS = 1_000_000  # of a commune or hamlet; more is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit as a row of the file wants it."""

    row: int
    level: Level
    code: str  # of a hamlet: its commune's
    name: str
    parent: str  # code; "" for a province
    valid_from: date | None  # None: the unit's own, or its commune's
    figures: Mapping[str, Any]  # only what the row says


@dataclass(frozen=True, slots=True)
class Change:
    """New figures of a unit that is known."""

    place: Place
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do. `ended` are units whose code a new one in `added` takes over."""

    added: tuple[Wanted, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Place, ...]
    ended: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def read(path: Path) -> list[Wanted]:
    """The units of a file. Raises `PlaceError`, or `RowErrors` that names every wrong row."""
    wanted, problems = [], []
    for row in read_table(path, REQUIRED):
        try:
            wanted.append(_wanted(row))
        except PlaceError as error:
            problems.append(f"hàng {row.number}: {error}")
    seen: dict[tuple[str, ...], int] = {}
    for one in wanted:
        first = seen.setdefault(_key(one.level, one.code, one.name), one.row)
        if first != one.row:
            problems.append(f"hàng {one.row}: {one.name} đã có ở hàng {first}")
    if problems:
        raise RowErrors(path.name, problems)
    return wanted


def diff(current: Territory, wanted: Sequence[Wanted], file: str = "tệp") -> Changes:
    """What would be added and changed. Raises `RowErrors` where a row does not fit what is known."""
    added: list[Wanted] = []
    changed: list[Change] = []
    unchanged: list[Place] = []
    ended: list[Place] = []
    problems: list[str] = []
    known = {_key(place.level, place.code, place.name): place for place in current.places if place.in_force()}
    starts: dict[str, date] = {}
    for one in sorted(wanted, key=lambda one: _ORDER[one.level]):
        place = known.get(_key(one.level, one.code, one.name))
        try:
            if place is None:
                new, old = _new(current, one, starts)
                added.append(new)
                ended += [old] if old else []
                continue
            _check_same(current, one, place)
        except PlaceError as error:
            problems.append(f"hàng {one.row}: {error}")
            continue
        figures = {name: value for name, value in one.figures.items() if getattr(place, name) != value}
        if figures:
            changed.append(Change(place, figures))
        else:
            unchanged.append(place)
    if problems:
        raise RowErrors(file, problems)
    return Changes(tuple(added), tuple(changed), tuple(unchanged), tuple(ended))


def lines(changes: Changes) -> list[str]:
    """The changes in words, one line each, to confirm before they are made."""
    new = [f"+ {one.name} ({one.code}){_figures(one.figures)}" for one in changes.added]
    gone = [f"- {place.name} ({place.code}) hết hiệu lực, mã này dùng cho tên mới" for place in changes.ended]
    other = [
        f"~ {change.place.name} ({change.place.code}): "
        + ", ".join(
            f"{_LABELS[name]} {_shown(getattr(change.place, name))} → {_shown(value)}"
            for name, value in change.figures.items()
        )
        for change in changes.changed
    ]
    return [*new, *gone, *other]


def apply(conn: Connection, changes: Changes) -> None:
    """Write the changes. The caller's transaction makes them one.

    1. Units whose code is taken over end, with the hamlets in them.
    2. New units come in, upper levels first, below the unit that carries their parent's code.
    3. What the ended units were called, and were called before, now leads to the new ones.
    4. Known units get their new figures.
    """
    starts = {one.code: one.valid_from for one in changes.added if one.level != "hamlet"}
    for place in changes.ended:
        within = or_(Unit.id == place.id, Unit.parent_id == place.id)
        conn.execute(update(Unit).where(within, Unit.valid_to.is_(None)).values(valid_to=starts[place.code]))
    upper = {
        code: id
        for code, id in conn.execute(select(Unit.code, Unit.id).where(Unit.level != "hamlet", Unit.valid_to.is_(None)))
    }
    for one in changes.added:
        row = {
            "level": one.level,
            "code": one.code,
            "name": one.name,
            "parent_id": upper[one.parent] if one.parent else None,
            "valid_from": one.valid_from,
            **one.figures,
        }
        new_id = conn.execute(insert(Unit).values(row).returning(Unit.id)).scalar_one()
        if one.level != "hamlet":
            upper[one.code] = new_id
    for place in changes.ended:
        heir = upper[place.code]
        conn.execute(update(FormerUnit).where(FormerUnit.unit_id == place.id).values(unit_id=heir))
        former = {"code": place.code, "name": place.name, "district": "", "province": place.province}
        conn.execute(insert(FormerUnit).values(unit_id=heir, whole=True, until=starts[place.code], **former))
    for change in changes.changed:
        conn.execute(update(Unit).where(Unit.id == change.place.id).values(**change.figures))


def _wanted(row: Row) -> Wanted:
    level = _LEVELS.get(fold(row["level"]))
    if level is None:
        raise PlaceError(f"cột level phải là province, commune hoặc hamlet, không phải “{row['level']}”")
    name = " ".join(row["name"].split())
    if not fold(name) or len(name) > _LONGEST_NAME:
        raise PlaceError("cột name trống hoặc quá dài")
    parent = "" if level == "province" else _code(row["parent"], _ABOVE[level], "parent")
    figures: dict[str, str | int] = {column: row[column] for column in _CONTACTS if row[column]}
    if row["households"]:
        figures = {"households": _households(row["households"]), **figures}
    return Wanted(
        row=row.number,
        level=level,
        code=parent if level == "hamlet" else _code(row["code"], level, "code"),
        name=name,
        parent=parent,
        valid_from=_day(row["valid_from"]) if row["valid_from"] else None,
        figures=figures,
    )


def _code(text: str, level: Level, column: str) -> str:
    size = _CODE_SIZE[level]
    code = text.zfill(size)  # spreadsheets drop the zeros in front
    if not text or len(code) != size or not (code.isascii() and code.isdigit()):
        raise PlaceError(f"cột {column} phải là mã {size} chữ số, không phải “{text}”")
    return code


def _households(text: str) -> int:
    digits = re.sub(r"(?<=\d)[., ](?=\d{3}(?!\d))", "", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or int(digits) > _MOST_HOUSEHOLDS:
        raise PlaceError(f"cột households phải là số hộ, không phải “{text}”")
    return int(digits)


def _day(text: str) -> date:
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlaceError(f"cột valid_from phải là ngày như 2025-07-01 hoặc 01/07/2025, không phải “{text}”") from error


def _check_same(current: Territory, one: Wanted, place: Place) -> None:
    if one.valid_from not in (None, place.valid_from):
        raise PlaceError(f"{place.name} đang có hiệu lực từ {place.valid_from}, cột valid_from ghi khác")
    above = current.get(place.parent_id)
    if one.parent and above is not None and above.code != one.parent:
        raise PlaceError(f"{place.name} đang thuộc {above.name} ({above.code}), cột parent ghi khác")


def _new(current: Territory, one: Wanted, starts: dict[str, date]) -> tuple[Wanted, Place | None]:
    """A unit that is not known yet with its first day, and the one whose code it takes over."""
    above = current.by_code(one.parent)
    if one.parent and one.parent not in starts and (above is None or above.level != _ABOVE[one.level]):
        raise PlaceError(f"không có đơn vị nào mang mã {one.parent} (cột parent)")
    since = one.valid_from
    if since is None and one.level == "hamlet":
        since = starts.get(one.parent) or (above.valid_from if above else None)
    if since is None:
        raise PlaceError("đơn vị mới phải có cột valid_from")
    if one.level == "hamlet":
        return replace(one, valid_from=since), None
    holder = current.by_code(one.code)
    if holder is not None and (since <= holder.valid_from or holder.level != "commune"):
        raise PlaceError(f"mã {one.code} đang là {holder.name} từ {holder.valid_from}")
    if one.code in starts:
        raise PlaceError(f"mã {one.code} có hai tên trong tệp")
    starts[one.code] = since
    return replace(one, valid_from=since), holder


def _key(level: Level, code: str, name: str) -> tuple[str, str, str]:
    return level, code, spelling(name)


def _figures(figures: Mapping[str, Any]) -> str:
    return "".join(f", {_LABELS[name]} {value}" for name, value in figures.items())


def _shown(value: object) -> str:
    return "(trống)" if value in (None, "") else str(value)
