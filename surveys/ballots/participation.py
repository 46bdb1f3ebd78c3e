"""One ballot for each household and round, whichever mode it comes in.

The seam for every way in other than a conversation (paper, kiosk, a helper's list):

- `claim_household` begins a household's part in a round, or says who began it and how far they are
- `cast_household` hands in a whole ballot at once, or says that the household has handed one in

Conversations use the same rows and the same tag (`handlers/ballot_rows.py`). Two things make it one ballot: the
primary keys of `participation` (round, household) and `ballot` (round, tag), and the household's row, which
whoever writes either of them locks first. Both take a `Connection` inside a transaction of the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Subquery, delete, insert, select, union_all, update

from places.register.households import lock_households
from storage.database import insert_into
from storage.tables import Ballot, Interview, Participation
from surveys.errors import SurveyError
from surveys.rounds.states import Forgotten, Mode, PartState, read_mode
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import household_tag


def parts(round_id: int) -> Subquery:
    """Everybody's part in a round, without who: `unit_id`, `state`, `mode`; persons' and households' together."""
    each = [
        select(table.unit_id, table.state, table.mode).where(table.round_id == round_id)
        for table in (Interview, Participation)
    ]
    return union_all(*each).subquery("parts")


@dataclass(frozen=True, slots=True)
class Claim:
    """A household's part in a round."""

    unit_id: int
    mode: Mode | Forgotten  # of whoever began it or handed it in
    submitted: bool
    new: bool  # begun, or handed in, by this very call


def handed_in(connection: Connection, round_id: int, household_id: int) -> bool:
    """Whether a household's ballot is in, whichever way it came."""
    mine = (Participation.round_id == round_id, Participation.household_id == household_id)
    return connection.scalar(select(Participation.state).where(*mine)) == PartState.SUBMITTED


def claim_household(connection: Connection, round_id: int, household_id: int, mode: Mode, now: datetime) -> Claim:
    """Begin a household's part in a round; where somebody did so before, say how it stands.

    Raises `SurveyError` for a household that is not in the register or void.
    """
    household = lock_households(connection, [household_id]).get(household_id)
    if household is None:
        raise SurveyError("hộ này không có trong sổ hộ hoặc đã bỏ")
    begun = connection.execute(
        insert_into(connection, Participation)
        .values(
            round_id=round_id,
            household_id=household_id,
            unit_id=household.unit_id,
            state=PartState.STARTED,
            mode=mode,
            cursor="",
            started_at=now,
        )
        .on_conflict_do_nothing(index_elements=["round_id", "household_id"])
        .returning(Participation.household_id)
    ).first()
    row = connection.execute(
        select(Participation.unit_id, Participation.mode, Participation.state).where(
            Participation.round_id == round_id, Participation.household_id == household_id
        )
    ).one()
    return Claim(row.unit_id, read_mode(row.mode), row.state == PartState.SUBMITTED, new=begun is not None)


def cast_household(
    connection: Connection,
    round_id: int,
    household_id: int,
    *,
    secret: bytes,
    mode: Mode,
    answers: Mapping[str, object],
    now: datetime,
) -> Claim:
    """Hand in a household's whole ballot; `new` is False when it has handed one in already, and nothing changes.

    A ballot that was begun elsewhere and not handed in gives way. `secret` is the open round's
    (`Vault.round_secret`). Raises `SurveyError` as `claim_household`.
    """
    claim = claim_household(connection, round_id, household_id, mode, now)
    handed_in = connection.execute(
        update(Participation)
        .where(
            Participation.round_id == round_id,
            Participation.household_id == household_id,
            Participation.state == PartState.STARTED,
        )
        .values(state=PartState.SUBMITTED, mode=mode, cursor="", submitted_at=now)
    ).rowcount
    if handed_in != 1:
        return Claim(claim.unit_id, claim.mode, submitted=True, new=False)
    tag = household_tag(secret, household_id)
    connection.execute(delete(Ballot).where(Ballot.round_id == round_id, Ballot.tag == tag))
    connection.execute(
        insert(Ballot).values(
            round_id=round_id,
            tag=tag,
            unit_id=claim.unit_id,
            mode=mode,
            submitted=True,
            answers=Cipher(secret).encrypt(tag, answers),
        )
    )
    return Claim(claim.unit_id, mode, submitted=True, new=True)
