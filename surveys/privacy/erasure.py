"""Withdrawing and deleting a person.

What a closed round counted stays: nothing links it to anybody. In a round that is open the person's own ballot is
found by the round's secret and goes too. So does the ballot of a household whose card nobody else has shown; one
that came on paper, from a kiosk or through a helper is not theirs to take along.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, delete, exists, or_, select, text, update

from storage.bulk import compact
from storage.database import Database
from storage.tables import Address, Ballot, DataRequest, Delivery, Holder, Interview, Participation, Person, Round
from surveys.errors import SurveyError
from surveys.local_time import VIETNAM
from surveys.rounds.delivery_states import WAITING, DeliveryKind, DeliveryState
from surveys.rounds.states import Mode, RoundState
from surveys.secrecy.vault import SecretGone, Vault, ballot_tag, household_tag

# Whatever holds something of a person's, and so may hold copies of what was deleted.
TABLES = (
    *("person", "address", "consent", "interview", "participation", "holder", "muted", "ballot", "delivery", "inbox"),
    *("short_code", "ticket", "ticket_line", "guide_progress", "duty"),
)
SMALL = 100_000_000  # bytes that are rewritten in about a second; more waits for the night
NIGHT = (time(1), time(4))  # in Vietnam


def open_secrets(connection: Connection, vault: Vault) -> dict[int, bytes]:
    """The secrets of the open rounds that are on this machine, by the rounds' numbers."""
    found = {}
    for row in connection.execute(select(Round.id, Round.code).where(Round.state == RoundState.OPEN)):
        try:
            found[row.id] = vault.round_secret(row.code)
        except SecretGone:
            continue  # then nobody here can tell whose a ballot is
    return found


def withdraw_ballots(connection: Connection, person_id: int, keys: Mapping[int, bytes]) -> None:
    """Take a person's parts and ballots out of the open rounds whose secrets `keys` holds, and what they are owed.

    On PostgreSQL these rounds can't begin to close meanwhile.
    """
    still = set(
        connection.execute(
            select(Round.id).where(Round.id.in_(list(keys)), Round.state == RoundState.OPEN).with_for_update(read=True)
        ).scalars()
    )
    mine = Interview.person_id == person_id
    for round_id in connection.execute(select(Interview.round_id).where(mine, Interview.round_id.in_(still))).scalars():
        _drop(connection, round_id, ballot_tag(keys[round_id], person_id))
    connection.execute(delete(Interview).where(mine, Interview.round_id.in_(still)))
    others = Holder.__table__.alias("others")
    alone = ~exists().where(others.c.household_id == Holder.household_id, others.c.person_id != person_id)
    for part in connection.execute(
        select(Participation.round_id, Participation.household_id)
        .join(Holder, Holder.household_id == Participation.household_id)
        .where(Holder.person_id == person_id, alone, Participation.mode == Mode.SELF, Participation.round_id.in_(still))
    ).all():
        _drop(connection, part.round_id, household_tag(keys[part.round_id], part.household_id))
        its = and_(Participation.round_id == part.round_id, Participation.household_id == part.household_id)
        connection.execute(delete(Participation).where(its))
    waiting = case((Delivery.state.in_(WAITING), DeliveryState.CANCELLED.value), else_=Delivery.state)
    connection.execute(
        update(Delivery)
        .where(Delivery.person_id == person_id, Delivery.kind != DeliveryKind.REPLY)
        .values(address="", payload=None, state=waiting)
    )


def erase_person(connection: Connection, person_id: int, keys: Mapping[int, bytes]) -> None:
    """Delete a person: addresses, consents, parts in rounds, the ballots of open rounds, what was still to be sent.

    The ledger goes on counting what was sent, to somebody whom no number names any more.
    """
    withdraw_ballots(connection, person_id, keys)
    waiting = case((Delivery.state.in_(WAITING), DeliveryState.CANCELLED.value), else_=Delivery.state)
    nobody = secrets.randbits(62) + 1
    connection.execute(
        update(Delivery)
        .where(Delivery.person_id == person_id)
        .values(person_id=nobody, address="", payload=None, state=waiting)
    )
    connection.execute(delete(Person).where(Person.id == person_id))


def scrub(database: Database, now: datetime) -> int:
    """Leave no copy of what was deleted in the storage's free space and log. Returns how many deletions are done now.

    A large database waits for the night: rewriting it holds everybody up.
    """
    if not database.read_now(_unscrubbed):
        return 0
    if not NIGHT[0] <= now.astimezone(VIETNAM).time() < NIGHT[1] and database.read_now(_bytes) > SMALL:
        return 0
    return scrub_now(database, now)


def scrub_now(database: Database, now: datetime) -> int:
    """As `scrub`, whatever the size. 0 also where others hold the log just now: the next call does it."""
    deletions = database.read_now(_unscrubbed)
    if not compact(database, *TABLES):
        return 0
    with database.transaction() as connection:
        connection.execute(update(DataRequest).where(DataRequest.id.in_(deletions)).values(done_at=now))
    return len(deletions)


def _unscrubbed(connection: Connection) -> list[int]:
    due = (DataRequest.erased_at.is_not(None), DataRequest.done_at.is_(None))
    return list(connection.execute(select(DataRequest.id).where(*due)).scalars())


def _drop(connection: Connection, round_id: int, tag: bytes) -> None:
    connection.execute(delete(Ballot).where(Ballot.round_id == round_id, Ballot.tag == tag))


def _bytes(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        size = f"SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(ARRAY{list(TABLES)}) name"
    return int(connection.execute(text(size)).scalar_one())


class FoundAddress(NamedTuple):
    channel: str
    address: str
    person_id: int


def find_person(connection: Connection, words: str) -> FoundAddress:
    """Somebody's address, by `telegram:123`, by an address of which there is only one, or by the person's number.

    Raises `SurveyError` with what to write instead.
    """
    channel, colon, address = words.strip().partition(":")
    columns = select(Address.channel, Address.address, Address.person_id).order_by(Address.since)
    if colon:
        chosen = columns.where(Address.channel == channel, Address.address == address)
    else:
        number = int(channel) if channel.isdecimal() and len(channel) < 19 else -1
        chosen = columns.where(or_(Address.address == channel, Address.person_id == number))
    rows = [FoundAddress(*row) for row in connection.execute(chosen)]
    people = {row.person_id for row in rows}
    if not people:
        raise SurveyError(f"không có ai ở địa chỉ “{words}”; viết như telegram:123456")
    if len(people) > 1:
        ways = ", ".join(f"{row.channel}:{row.address}" for row in rows)
        raise SurveyError(f"“{words}” là của nhiều người; hãy chọn một: {ways}")
    return rows[0]
