"""What a restore must not undo, and what it would give up."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.tables import Address, DataRequest, Person, Round
from surveys.privacy.erasure import erase_person, open_secrets
from surveys.privacy.requests import whose
from surveys.secrecy.vault import Vault


def losses(connection: Connection) -> dict[str, int]:
    """How many rounds and people a database holds."""
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in (("rounds", Round), ("people", Person))
    }


def since(connection: Connection, moment: datetime) -> list[dict[str, Any]]:
    """The deletions that were done after a copy was made, as they stand in the register."""
    columns = [column for column in DataRequest.__table__.columns if column.name != "id"]
    query = select(*columns).where(DataRequest.kind == "delete", DataRequest.erased_at > moment)
    return [dict(row) for row in connection.execute(query).mappings()]


def carry_over(connection: Connection, vault: Vault, deletions: list[dict[str, Any]]) -> int:
    """Do these deletions again in an older copy, and enter them into its register. Returns how many people it held."""
    if not deletions:
        return 0
    owners, key = {row["whose"] for row in deletions}, vault.program_key()
    people = {
        row.person_id
        for row in connection.execute(select(Address.channel, Address.address, Address.person_id))
        if whose(key, row.channel, row.address) in owners
    }
    keys = open_secrets(connection, vault)
    for person_id in people:
        erase_person(connection, person_id, keys)
    connection.execute(insert(DataRequest), deletions)
    return len(people)
