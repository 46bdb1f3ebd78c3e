"""The ballot on a kiosk's screen: one person after the other, none of whom may see anything of the one before.

A draft is sealed with the round's secret and lies in the kiosk's row until it is handed in, given up, or left.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, insert

from places.register.households import Known, find_by_code, with_register
from places.units import Place, Territory
from storage.tables import Ballot
from surveys.ballots.kiosks import Screen, end_for, keep_draft
from surveys.ballots.participation import cast_household, handed_in
from surveys.ballots.receipts import receipt_code
from surveys.forms.form import Answers
from surveys.interviews.interview import State
from surveys.rounds.units import round_units
from surveys.secrecy.cipher import Cipher, CipherError
from surveys.secrecy.vault import TAG, household_tag

LEFT = timedelta(minutes=4)  # a draft that nobody touched for so long belongs to somebody who has gone
PUT_ASIDE = timedelta(minutes=15)  # the same on a helper's phone, where somebody sits beside it
Refused = Literal["unknown", "mistyped", "void", "elsewhere", "taken"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the person before the screen has done so far."""

    language: str
    touched_at: str  # ISO 8601
    run: str = field(default_factory=lambda: secrets.token_hex(8))  # tells this person's forms from the one before
    agreed: bool = False
    cardless: bool = False  # said to have no card, where that is allowed
    household: int | None = None
    unit: int | None = None  # the hamlet they live in
    answers: Answers = field(default_factory=dict)
    cursor: str = ""

    @property
    def state(self) -> State:
        return State(self.answers, self.cursor)


def read_draft(screen: Screen, secret: bytes, now: datetime) -> Draft | None:
    """Who is at the screen; nobody when it was left for a while."""
    if screen.draft is None:
        return None
    try:
        draft = Draft(**Cipher(secret).decrypt(_tag(screen), screen.draft))
    except (CipherError, TypeError):
        return None
    left = PUT_ASIDE if screen.visit else LEFT
    return draft if now - datetime.fromisoformat(draft.touched_at) < left else None


def new_draft(screen: Screen, language: str) -> Draft:
    """Somebody comes to the screen; on one for a household it is known whose ballot it is."""
    return Draft(language, "", household=screen.household_id, unit=screen.unit_id if screen.visit else None)


def write_draft(connection: Connection, screen: Screen, secret: bytes, draft: Draft, now: datetime) -> None:
    touched = replace(draft, touched_at=now.isoformat())
    keep_draft(connection, screen.id, Cipher(secret).encrypt(_tag(screen), asdict(touched)))


def needs_card(screen: Screen) -> bool:
    """Whether one ballot for each household is counted here, told apart by their cards."""
    return screen.counts == "household"


def hamlets(connection: Connection, screen: Screen) -> list[Place]:
    """Where people say they live, who need no card: hamlets that the round asks and the kiosk serves.

    In a round that counts households those without a register.
    """
    territory = Territory.read(connection)
    asked = {unit.id for unit in round_units(connection, screen.round_id)}
    found = [each for each in territory.below(screen.unit_id) if each.level == "hamlet" and each.id in asked]
    if not found:
        found = [territory[screen.unit_id]]
    if needs_card(screen):
        kept = with_register(connection, [each.id for each in found])
        found = [each for each in found if each.id not in kept]
    return found


def find_household(connection: Connection, screen: Screen, key: bytes, text: str) -> Known | Refused:
    """The household whose card's code was typed, if it may hand in a ballot here."""
    outcome, household = find_by_code(connection, key, text)
    if outcome != "valid" or household is None:
        return "unknown" if outcome == "valid" else outcome
    served = {each.id for each in Territory.read(connection).below(screen.unit_id)} | {screen.unit_id}
    asked = {unit.id for unit in round_units(connection, screen.round_id)}
    if household.unit_id not in served & asked:
        return "elsewhere"
    return "taken" if handed_in(connection, screen.round_id, household.id) else household


def hand_in(
    connection: Connection, screen: Screen, secret: bytes, draft: Draft, answers: Answers, now: datetime
) -> str:
    """Count the ballot and clear the screen. Returns its receipt; nothing when the household handed one in meanwhile.

    For a locked screen.
    """
    new = True
    if draft.household is not None:
        tag = household_tag(secret, draft.household)
        new = cast_household(
            connection, screen.round_id, draft.household, secret=secret, mode=screen.mode, answers=answers, now=now
        ).new
    else:
        tag = secrets.token_bytes(TAG)
        row = {"round_id": screen.round_id, "tag": tag, "unit_id": draft.unit, "mode": screen.mode}
        connection.execute(insert(Ballot).values(**row, submitted=True, answers=Cipher(secret).encrypt(tag, answers)))
    if screen.household_id is not None:
        end_for(connection, screen.round_id, screen.household_id)
    else:
        keep_draft(connection, screen.id, None, handed_in=new)
    return receipt_code(secret, tag) if new else ""


def _tag(screen: Screen) -> bytes:
    return screen.session.encode()
