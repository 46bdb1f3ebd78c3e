"""New codes for households, and what makes codes and households void.

Who issues or voids leaves a record of it: see `bot/commands/households.py`.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from places.errors import PlaceError
from places.register.codes import Code, long_digest, new_code, short_digest
from places.register.households import Known
from storage.tables.households import Holder, Household, HouseholdCode
from storage.tables.identity import Person
from storage.tables.territory import Unit

Kind = Literal["card", "list"]  # what a code was made for; a new one of a kind voids the one before
BATCH = 5000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Issued:
    """A household with its new code: shown once, never again."""

    household: Known
    code: Code


def codes_in_force(connection: Connection, units: Collection[int], kind: Kind) -> set[int]:
    """The households of these hamlets that have a valid code of this kind."""
    query = (
        select(HouseholdCode.household_id)
        .join(Household, Household.id == HouseholdCode.household_id)
        .where(Household.unit_id.in_(units), HouseholdCode.kind == kind, HouseholdCode.voided_at.is_(None))
    )
    return set(connection.execute(query).scalars())


def issue(connection: Connection, key: bytes, households: Sequence[Known], kind: Kind, now: datetime) -> list[Issued]:
    """New codes for these households; earlier ones of the same kind are void from now on."""
    issued = [Issued(household, new_code()) for household in households]
    store(connection, key, issued, kind, now)
    return issued


def store(connection: Connection, key: bytes, issued: Sequence[Issued], kind: Kind, now: datetime) -> None:
    """Let codes that were made speak for their households; earlier ones of the same kind are void from now on."""
    ids = [each.household.id for each in issued]
    for at in range(0, len(ids), BATCH):
        connection.execute(
            update(HouseholdCode)
            .where(
                HouseholdCode.household_id.in_(ids[at : at + BATCH]),
                HouseholdCode.kind == kind,
                HouseholdCode.voided_at.is_(None),
            )
            .values(voided_at=now)
        )
    rows = [
        {
            "digest": long_digest(key, each.code.long),
            "short_digest": short_digest(key, each.code.letters),
            "household_id": each.household.id,
            "kind": kind,
            "issued_at": now,
        }
        for each in issued
    ]
    secrets.SystemRandom().shuffle(rows)  # rows in the order of printing would tell who follows whom
    if rows:
        connection.execute(insert(HouseholdCode), rows)


def void_codes(connection: Connection, household_id: int, now: datetime) -> int:
    """Void every code of a household and let go of every phone that showed one. Returns the number of codes."""
    connection.execute(delete(Holder).where(Holder.household_id == household_id))
    connection.execute(update(Person).where(Person.household_id == household_id).values(household_id=None))
    return connection.execute(
        update(HouseholdCode)
        .where(HouseholdCode.household_id == household_id, HouseholdCode.voided_at.is_(None))
        .values(voided_at=now)
    ).rowcount


def void_household(connection: Connection, household: Known, now: datetime) -> None:
    """Take a household out of the register (moved away, counted twice): no code, no vote, not counted.

    A ballot that it has sent stays. Raises `PlaceError` when it is void already.
    """
    changed = connection.execute(
        update(Household).where(Household.id == household.id, Household.voided_at.is_(None)).values(voided_at=now)
    ).rowcount
    if changed != 1:
        raise PlaceError(f"hộ số “{household.number}” đã bỏ khỏi sổ từ trước")
    void_codes(connection, household.id, now)
    count_register(connection, [household.unit_id])


def count_register(connection: Connection, units: Collection[int]) -> None:
    """Let the hamlets' numbers of households follow the register; one without any has no known number."""
    number = (
        select(func.nullif(func.count(), 0))
        .select_from(Household)
        .where(Household.unit_id == Unit.id, Household.voided_at.is_(None))
        .scalar_subquery()
    )
    connection.execute(update(Unit).where(Unit.id.in_(units)).values(households=number))
