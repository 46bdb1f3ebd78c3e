"""Made-up hamlets of the two pilot communes, to try the program with. Never official data."""

from datetime import date

from sqlalchemy import Connection, insert, select

from places.shipped import load_shipped, shipped_rows
from storage.tables.territory import Unit

_HAMLETS = "sample-hamlets.csv"
COMMUNES = ("31582", "31615")  # Thuận Hòa and An Thạnh


def load_sample(conn: Connection) -> list[int]:
    """Put the shipped units and the sample hamlets into the database; returns the sample hamlets' ids.

    May be run again: what is there stays as it is. The caller commits.
    """
    load_shipped(conn)
    communes = {
        row.code: row.id
        for row in conn.execute(
            select(Unit.code, Unit.id).where(Unit.level == "commune", Unit.code.in_(COMMUNES), Unit.valid_to.is_(None))
        )
    }
    there = {tuple(row) for row in conn.execute(select(Unit.code, Unit.name).where(Unit.level == "hamlet"))}
    missing = [
        {
            "level": "hamlet",
            "code": row["parent"],
            "name": row["name"],
            "parent_id": communes[row["parent"]],
            "households": int(row["households"]),
            "valid_from": date.fromisoformat(row["valid_from"]),
            "sample": True,
        }
        for row in shipped_rows(_HAMLETS)
        if (row["parent"], row["name"]) not in there
    ]
    if missing:
        conn.execute(insert(Unit), missing)
    hamlets = select(Unit.id).where(Unit.sample, Unit.level == "hamlet").order_by(Unit.code, Unit.id)
    return list(conn.execute(hamlets).scalars())
