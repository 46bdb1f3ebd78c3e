"""A round with many people to send it to, on a fresh database."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from bot.samples import FORM, RULE
from handlers.shared import SharedState
from places.sample import load_sample
from storage.database import Database
from storage.schema import upgrade
from storage.tables import Address, Delivery, Person
from surveys.forms.xlsform import read_form, shipped_forms
from surveys.organisation import Organisation
from surveys.rounds.rounds import create_round, open_round
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import Vault
from surveys.unit_names import find_units

COMMUNE = "31582"


@dataclass(frozen=True, slots=True)
class Opened:
    """A database with an open round."""

    address: str  # of the database
    shared: SharedState
    seconds: float  # that opening took: everybody owed an invitation, in one transaction


def open_for(address: str, secrets: Path, people: int) -> Opened:
    """People 1 to `people` agreed long ago; a round of their commune is opened now."""
    upgrade(address)
    database, vault, now = Database(address), Vault(secrets), datetime.now(UTC)
    try:
        with database.transaction() as connection:
            load_sample(connection)
            _settle(connection, people, now)
            number = create_round(
                connection,
                name="Đợt đo",
                form=read_form(shipped_forms()[FORM]),
                rule=read_rule(RULE),
                units=find_units(connection, [COMMUNE]),
                opens=now,
                closes=now + timedelta(days=30),
                counts="person",
                now=now,
            )
        begun = time.perf_counter()
        with database.transaction() as connection:
            open_round(connection, vault, number, now)
        return Opened(address, SharedState(vault, Organisation("bench")), time.perf_counter() - begun)
    finally:
        database.close()


def _settle(connection: Connection, people: int, now: datetime) -> None:
    home = find_units(connection, [COMMUNE])[0]
    agreed = {"language": "vi", "consent": True, "unit_id": home, "hamlet_asked": True, "stopped": False, "shown": []}
    seen = {"created_at": now, "seen_at": now}
    persons = [{"id": one, **agreed, **seen} for one in range(1, people + 1)]
    there = {"channel": "telegram", "reachable": True, "since": now}
    connection.execute(insert(Person), persons)
    connection.execute(
        insert(Address), [{"address": str(row["id"]), "person_id": row["id"], **there} for row in persons]
    )


def unsettled(connection: Connection, kind: str = "") -> int:
    """How many messages have no final state."""
    waiting = select(func.count()).where(Delivery.state.in_(("pending", "claimed", "held")))
    return connection.execute(waiting.where(Delivery.kind == kind) if kind else waiting).scalar_one()
