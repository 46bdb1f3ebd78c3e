"""The register of households from a file: read, compared with what is known, then written as a whole or not at all.

The register's own number names a household within its hamlet; no names of people are kept. A household that the file
leaves out stays: who moved away is taken out by name. The hamlets' numbers of households follow the register.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from places.errors import PlaceError, RowErrors
from places.place import Place
from places.register.households import Known, list_households, with_register
from places.register.issuing import BATCH, count_register
from places.tables import Row, read_table
from places.units import Territory
from storage.tables.households import Holder, Household, HouseholdCode, Participation, RegisterImport
from storage.tables.identity import Person
from storage.tables.territory import Unit
from vietnamese.folding import fold, spelling

REQUIRED = ("commune", "hamlet", "household")
_LONGEST = {"household": 40, "note": 500}  # letters
_RUNS = ("=", "+", "-", "@")  # a spreadsheet would take what begins so for a formula
_NAMED = 5  # households named in a line of the difference


@dataclass(frozen=True, slots=True)
class Entry:
    """A household as a row of the file names it."""

    hamlet: Place
    number: str
    note: str | None  # None: the file has no such column


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would do."""

    file: str
    added: tuple[Entry, ...]
    noted: tuple[tuple[Known, str], ...]  # households whose note changes, with the new one
    unchanged: tuple[Known, ...]
    void: tuple[Known, ...]  # taken out of the register before: they stay out
    absent: tuple[Known, ...]  # known in one of the file's hamlets, not in the file: they stay
    hamlets: tuple[Place, ...]  # of the file
    ignored: tuple[str, ...]  # columns that are not kept

    def __bool__(self) -> bool:
        return bool(self.added or self.noted)


def compare(connection: Connection, path: Path) -> Difference:
    """What importing this file would do. Raises `PlaceError`, or `RowErrors` that names every wrong row."""
    territory = Territory.read(connection)
    rows = read_table(path, REQUIRED, every_sheet=True)
    if not rows:
        raise PlaceError(f"{path.name}: không có hộ nào dưới hàng đầu.")
    entries = _entries(path.name, rows, territory)
    hamlets = {entry.hamlet.id: entry.hamlet for entry in entries}
    known = {(each.unit_id, each.number.casefold()): each for each in list_households(connection, list(hamlets))}
    added, noted, void, unchanged = [], [], [], []
    for entry in entries:
        household = known.pop((entry.hamlet.id, entry.number.casefold()), None)
        if household is None:
            added.append(entry)
        elif household.void:
            void.append(household)
        elif entry.note is not None and entry.note != household.note:
            noted.append((household, entry.note))
        else:
            unchanged.append(household)
    absent = tuple(each for each in known.values() if not each.void)
    ignored = sorted({name for row in rows for name in row.cells} - {*REQUIRED, "note"})
    return Difference(
        path.name,
        tuple(added),
        tuple(noted),
        tuple(unchanged),
        tuple(void),
        absent,
        tuple(hamlets.values()),
        tuple(ignored),
    )


def lines(difference: Difference) -> list[str]:
    """The difference in words, one line for each hamlet and kind of change, to confirm before it is made."""
    names = {hamlet.id: f"{hamlet.name} ({hamlet.code})" for hamlet in difference.hamlets}
    marks = (
        ("+", "hộ mới", [(entry.hamlet.id, entry.number) for entry in difference.added]),
        ("~", "ghi chú đổi", [(known.unit_id, known.number) for known, _ in difference.noted]),
        (
            "?",
            "trong sổ mà không có trong tệp, giữ nguyên",
            [(each.unit_id, each.number) for each in difference.absent],
        ),
        ("x", "đã bỏ khỏi sổ từ trước, vẫn bỏ", [(each.unit_id, each.number) for each in difference.void]),
    )
    found = [
        f"{mark} {names[hamlet]}: {len(numbers)} {what} ({_some(numbers)})"
        for hamlet in names
        for mark, what, all_of_it in marks
        if (numbers := [number for unit, number in all_of_it if unit == hamlet])
    ]
    if difference.unchanged:
        found.append(f"= {len(difference.unchanged)} hộ như cũ")
    if difference.ignored:
        found.append(
            f"! không lưu cột {', '.join(difference.ignored)}: sổ chỉ giữ số hộ và ghi chú, không giữ tên người"
        )
    return [*found, *_counted(difference)]


def apply(connection: Connection, difference: Difference, now: datetime) -> int:
    """Write it; returns the import's number, by which it can be taken back. The caller's transaction makes it one.

    Raises `PlaceError` when somebody else changed the register since `difference` was made.
    """
    units = [hamlet.id for hamlet in difference.hamlets]
    fresh = {(entry.hamlet.id, entry.number.casefold()) for entry in difference.added}
    if any((each.unit_id, each.number.casefold()) in fresh for each in list_households(connection, units)):
        raise PlaceError("sổ hộ vừa được người khác sửa; hãy chạy lại lệnh để xem thay đổi")
    counts = {str(row.id): row.households for row in connection.execute(select(Unit).where(Unit.id.in_(units)))}
    notes = {str(known.id): known.note for known, _ in difference.noted}
    before = {"notes": notes, "households": counts}
    values = {"file": difference.file, "at": now, "added": len(difference.added), "before": before}
    number: int = connection.execute(insert(RegisterImport).values(values).returning(RegisterImport.id)).scalar_one()
    rows = [
        {
            "id": secrets.randbits(62) + 1,
            "unit_id": entry.hamlet.id,
            "number": entry.number,
            "note": entry.note or "",
            "sample": entry.hamlet.sample,
            "import_id": number,
        }
        for entry in difference.added
    ]
    for at in range(0, len(rows), BATCH):
        connection.execute(insert(Household), rows[at : at + BATCH])
    for known, note in difference.noted:
        connection.execute(update(Household).where(Household.id == known.id).values(note=note))
    count_register(connection, units)
    return number


def _entries(file: str, rows: Iterable[Row], territory: Territory) -> list[Entry]:
    found: list[Entry] = []
    problems: list[str] = []
    seen: dict[tuple[int, str], Row] = {}
    for row in rows:
        try:
            entry = _entry(row, territory)
            first = seen.setdefault((entry.hamlet.id, entry.number.casefold()), row)
            if first is not row:
                raise PlaceError(f"hộ số “{entry.number}” của {entry.hamlet.name} đã có ở {first.place}")
        except PlaceError as error:
            problems.append(f"{row.place}: {error}")
        else:
            found.append(entry)
    if problems:
        raise RowErrors(file, problems)
    return found


def _entry(row: Row, territory: Territory) -> Entry:
    commune = territory.by_code(row["commune"].zfill(5))
    if commune is None or commune.level != "commune":
        raise PlaceError(f"cột commune: không có xã mang mã “{row['commune']}”")
    number = " ".join(row["household"].split())
    note = " ".join(row["note"].split()) if "note" in row.cells else None
    if not number:
        raise PlaceError("cột household trống")
    for column, text in (("household", number), ("note", note or "")):
        if len(text) > _LONGEST[column]:
            raise PlaceError(f"cột {column} dài quá {_LONGEST[column]} chữ")
        if text.startswith(_RUNS):
            raise PlaceError(f"cột {column}: “{text[:40]}” bắt đầu như một công thức, hãy bỏ dấu {text[0]} ở đầu")
    return Entry(_hamlet(territory, commune, row["hamlet"]), number, note)


def _hamlet(territory: Territory, commune: Place, name: str) -> Place:
    if not name:
        raise PlaceError("cột hamlet trống")
    hamlets = territory.hamlets(commune.id)
    for form_of in (spelling, fold, lambda text: fold(text.partition("(")[0])):
        found = [each for each in hamlets if form_of(each.name) == form_of(name)]
        if len(found) == 1:
            return found[0]
    raise PlaceError(f"cột hamlet: {commune.name} không có ấp “{name}”; thêm ấp bằng: places import")


def _some(numbers: Sequence[str]) -> str:
    more = f" và {len(numbers) - _NAMED} hộ khác" if len(numbers) > _NAMED else ""
    return ", ".join(numbers[:_NAMED]) + more


def _counted(difference: Difference) -> list[str]:
    """Where the register says another number of households than was known."""
    stay = Counter(each.unit_id for each in (*difference.absent, *difference.unchanged))
    stay.update(entry.hamlet.id for entry in difference.added)
    stay.update(known.unit_id for known, _ in difference.noted)
    return [
        f"số hộ của {hamlet.name} ({hamlet.code}): {hamlet.households} → {stay[hamlet.id]}"
        for hamlet in difference.hamlets
        if hamlet.households not in (None, stay[hamlet.id])
    ]


def last_import(connection: Connection) -> Any:
    """The newest import's row, the one that can be taken back. Raises `PlaceError` where there is none."""
    row = connection.execute(select(RegisterImport).order_by(RegisterImport.id.desc()).limit(1)).first()
    if row is None:
        raise PlaceError("chưa có lần nhập sổ hộ nào để hoàn tác")
    return row


def undo(connection: Connection, number: int) -> int:
    """Take back the newest import: the households that it added go, with their codes; returns how many.

    Raises `PlaceError` for another import than the newest, or when one of these households has taken part in a
    round: taking it out by name keeps its ballot.
    """
    row = last_import(connection)
    if row.id != number:
        raise PlaceError(f"chỉ hoàn tác được lần nhập mới nhất, số {row.id}")
    mine = select(Household.id).where(Household.import_id == number)
    part = (
        connection.execute(
            select(Household.number)
            .join(Participation, Participation.household_id == Household.id)
            .where(Household.import_id == number)
            .order_by(Household.number)
        )
        .scalars()
        .all()
    )
    if part:
        raise PlaceError(
            f"không hoàn tác được: {len(set(part))} hộ đã tham gia một đợt (hộ số {_some(sorted(set(part)))})"
        )
    connection.execute(update(Person).where(Person.household_id.in_(mine)).values(household_id=None))
    for table in (Holder, HouseholdCode):
        connection.execute(delete(table).where(table.household_id.in_(mine)))
    gone = connection.execute(delete(Household).where(Household.import_id == number)).rowcount
    for household, note in row.before["notes"].items():
        connection.execute(update(Household).where(Household.id == int(household)).values(note=note))
    units = {int(unit): households for unit, households in row.before["households"].items()}
    kept = with_register(connection, list(units))
    count_register(connection, kept)
    for unit, households in units.items():
        if unit not in kept:
            connection.execute(update(Unit).where(Unit.id == unit).values(households=households))
    connection.execute(delete(RegisterImport).where(RegisterImport.id == number))
    return gone
