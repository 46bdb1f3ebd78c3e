"""The territory that ships with the program: the 103 communes of Cần Thơ since 2025-07-01 and what they were.

Source: the statistics office's conversion table of old and new units, as public data sets on GitHub have it.
"""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources

from sqlalchemy import Connection, insert, select

from places.place import Level
from storage.tables.territory import FormerUnit, Unit

_COMMUNES = "can-tho-communes-2025-07-01.csv"
_CHANGES = "can-tho-changes-2025-07-01.csv"


def load_shipped(conn: Connection) -> int:
    """Put the shipped units and their history into the database; returns how many units were new.

    What is there already stays as it is, so that it may be run at any time. The caller commits.
    """
    communes = list(shipped_rows(_COMMUNES))
    changes = list(shipped_rows(_CHANGES))
    before = len(_known(conn))
    provinces = {(row["province_code"], row["province"], row["valid_from"]) for row in communes}
    _add_missing(conn, [_unit("province", *province, parent_id=None) for province in sorted(provinces)])
    parents = {code: id for (level, code, *_), id in _known(conn).items() if level == "province"}
    _add_missing(
        conn,
        [
            _unit("commune", row["code"], row["name"], row["valid_from"], parents[row["province_code"]])
            for row in communes
        ],
    )
    known = _known(conn)
    since = {row["code"]: date.fromisoformat(row["valid_from"]) for row in communes}
    history = {(row.unit_id, row.code, row.name) for row in conn.execute(select(FormerUnit))}
    former = [
        {
            "unit_id": known["commune", row["new_code"], row["new_name"], since[row["new_code"]]],
            "code": row["old_code"],
            "name": row["old_name"],
            "district": row["old_district"].replace("Thị Xã", "Thị xã"),  # the table writes both
            "province": row["old_province"],
            "whole": row["note"] != "Nhập một phần",
            "until": since[row["new_code"]],
        }
        for row in changes
    ]
    missing = [row for row in former if (row["unit_id"], row["code"], row["name"]) not in history]
    if missing:
        conn.execute(insert(FormerUnit), missing)
    return len(known) - before


def shipped_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped CSV file."""
    text = (resources.files("places") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _unit(level: Level, code: str, name: str, valid_from: str, parent_id: int | None) -> dict[str, object]:
    day = date.fromisoformat(valid_from)
    return {"level": level, "code": code, "name": name, "valid_from": day, "parent_id": parent_id}


def _known(conn: Connection) -> dict[tuple[str, str, str, date], int]:
    """What is in the database, by the columns that make a unit one."""
    columns = (Unit.level, Unit.code, Unit.name, Unit.valid_from, Unit.id)
    return {(level, code, name, day): id for level, code, name, day, id in conn.execute(select(*columns))}


def _add_missing(conn: Connection, rows: list[dict[str, object]]) -> None:
    known = _known(conn)
    missing = [row for row in rows if (row["level"], row["code"], row["name"], row["valid_from"]) not in known]
    if missing:
        conn.execute(insert(Unit), missing)
