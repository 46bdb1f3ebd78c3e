"""Asking again: a random few of the households that were helped, by somebody of another body.

Of each helper's households 5 % are drawn, at least one, so that no helper is never looked at. The draw is the
system's own chance, made once and stored: whoever asks for the list again gets the same, and the ballots that came
since add to it. At the close the list is made up, and every other visit is forgotten.

59 households asked again without a contradiction show at 95 % that fewer than 5 % of the helped ballots were not the
household's own (the rule of three, 1 - 0.05^(1/59) = 4.95 %).
"""

import math
import secrets
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from places.register.households import natural
from storage.tables import Assisted, Ballot, Household, Participation, Unit
from surveys.ballots.assisted import HELPED, PART
from surveys.ballots.kiosks import end_for
from surveys.ballots.states import How, Result
from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.local_time import VIETNAM
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.states import Mode, RoundState
from surveys.secrecy.vault import Vault, household_tag

SHARE = 0.05


@dataclass(frozen=True, slots=True)
class BackCheck:
    """A household that is asked again."""

    hamlet: str
    household: str  # its number
    register_note: str
    helper: str
    day: datetime
    how: How
    result: Result | None  # None: not asked yet
    asked_by: str
    note: str

    def to_json(self) -> Json:
        return {**asdict(self), "day": f"{self.day.astimezone(VIETNAM):%Y-%m-%d}", "result": self.result or ""}


def draw_sample(connection: Connection, round_id: int, share: float = SHARE) -> dict[str, dict[str, int]]:
    """Make the list up to this share of each helper's households. Returns `{helper: {"assisted", "drawn"}}`."""
    helped: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for household_id, helper, drawn in connection.execute(
        select(Assisted.household_id, Assisted.helper, Assisted.drawn)
        .outerjoin(Participation, PART)
        .where(Assisted.round_id == round_id, or_(Assisted.drawn, HELPED))
        .order_by(Assisted.household_id)
    ):
        helped[helper].append((household_id, drawn))
    done = {}
    for helper, households in sorted(helped.items()):
        left = [household_id for household_id, drawn in households if not drawn]
        wanted = math.ceil(share * len(households) - 1e-9)  # a share is no exact number
        more = max(wanted, 1) - (len(households) - len(left))
        chosen = secrets.SystemRandom().sample(left, max(0, min(more, len(left))))
        if chosen:
            here = (Assisted.round_id == round_id, Assisted.household_id.in_(chosen))
            connection.execute(update(Assisted).where(*here).values(drawn=True))
        done[helper] = {"assisted": len(households), "drawn": len(households) - len(left) + len(chosen)}
    return done


def callbacks(connection: Connection, round_id: int) -> list[BackCheck]:
    """Who is to be asked again, and what came of it; by hamlet and number."""
    query = (
        select(Unit.name, Household.number, Household.note, Assisted.helper, Assisted.day, Assisted.how)
        .add_columns(Assisted.result, Assisted.asked_by, Assisted.note)
        .join(Household, Household.id == Assisted.household_id)
        .join(Unit, Unit.id == Household.unit_id)
        .where(Assisted.round_id == round_id, Assisted.drawn)
    )
    listed = [
        BackCheck(
            hamlet, number, register_note, helper, day, How(how), Result(result) if result else None, asked_by, note
        )
        for hamlet, number, register_note, helper, day, how, result, asked_by, note in connection.execute(query)
    ]
    return sorted(listed, key=lambda each: (each.hamlet, natural(each.household)))


def record_result(
    connection: Connection, vault: Vault, key: str | int, household_id: int, result: Result, *, by: str, note: str = ""
) -> bool:
    """Store what a household said when it was asked again: was it they who answered, as it was handed in?

    A household that denies it gets its ballot back while the round is open: it is taken out, and they may answer
    anew. After the close nobody can tell which it was. Returns whether a ballot was taken out. Raises `SurveyError`
    for a household that is not on the list.
    """
    row = find_round(connection, key)
    here = (Assisted.round_id == row.id, Assisted.household_id == household_id, Assisted.drawn)
    helper = connection.scalar(select(Assisted.helper).where(*here))
    if helper is None:
        raise SurveyError("hộ này không có trong danh sách hỏi lại; xem: langnghe ballots callbacks ĐỢT")
    if " ".join(by.split()).casefold() == helper.casefold():
        raise SurveyError(f"{helper} đã giúp hộ này nên không tự hỏi lại được; nhờ người khác")
    connection.execute(update(Assisted).where(*here).values(result=result, asked_by=by, note=note))
    return result == Result.DENIED and row.state == RoundState.OPEN and _take_out(connection, vault, row, household_id)


def _take_out(connection: Connection, vault: Vault, row: RoundRow, household_id: int) -> bool:
    mine = (Participation.round_id == row.id, Participation.household_id == household_id)
    gone = connection.execute(delete(Participation).where(*mine, Participation.mode == Mode.ASSISTED)).rowcount
    if gone:
        tag = household_tag(vault.round_secret(row.code), household_id)
        connection.execute(delete(Ballot).where(Ballot.round_id == row.id, Ballot.tag == tag))
        end_for(connection, row.id, household_id)
    return bool(gone)


def finish_at_close(connection: Connection, round_id: int) -> dict[str, dict[str, int]]:
    """At the close: make the list up, and forget all visits that are not on it. Returns what `draw_sample` does."""
    done = draw_sample(connection, round_id)
    connection.execute(delete(Assisted).where(Assisted.round_id == round_id, Assisted.drawn.is_(False)))
    return done
