"""Ballots that were handed in with a helper's help, without the walk through chat and screen."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from village import Village

from places.register.issuing import Issued
from storage.tables import Assisted
from surveys.ballots.participation import cast_household


def helped(village: Village, entry: Any, cards: list[Issued], name: str) -> None:
    """Ballots that were handed in with a helper's help."""
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        secret = village.vault.round_secret(entry.code)
        for card in cards:
            row = {"round_id": entry.id, "household_id": card.household.id, "helper": name, "day": now, "how": "alone"}
            connection.execute(insert(Assisted).values(row))
            given = {"duong": "co", "chung": "co"}
            values: dict[str, Any] = {"secret": secret, "mode": "assisted", "answers": given, "now": now}
            cast_household(connection, entry.id, card.household.id, **values)
