"""What an official may do with a round from a chat. Each order is checked again when it is given, and audited."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.messages import Choice, Message
from handlers.staff import rehearsal
from handlers.staff.round_summary import reach_told, status_text
from handlers.visit import Visit
from storage.audit import record
from surveys.errors import SurveyError
from surveys.organisation import require_said
from surveys.permissions import StaffMember
from surveys.roles import Deed
from surveys.rounds import lifecycle
from surveys.rounds.audience import Audience, reach
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import open_round
from surveys.rounds.states import NOT_OPENED, RoundState


@dataclass(frozen=True, slots=True)
class Desk:
    """An official's visit: who they are, which round they look at."""

    visit: Visit
    connection: Connection
    official: StaffMember
    row: RoundRow

    def button(self, act: str, key: str, *, aside: bool = False, **values: object) -> Choice:
        label = self.visit.text(f"officials.{key}", **values)
        return self.visit.choice(f"staff:{act}:{self.row.id}", label, aside=aside)

    def say(self, title: str, text: str, *choices: Choice) -> None:
        back = self.visit.choice("staff:list", self.visit.text("officials.back"), aside=True)
        self.visit.say(Message(title=title, text=text, choices=(*choices, back)))


@contextlib.contextmanager
def refusals(desk: Desk) -> Iterator[None]:
    """What is refused is undone, and its reason said."""
    try:
        with desk.connection.begin_nested():
            yield
    except SurveyError as error:
        desk.say(desk.row.name, str(error), desk.button("round", "look"))


def _look(desk: Desk) -> None:
    """How a round stands, and what may be done with it now."""
    row = desk.row
    offered = {"reach": "reach", "try": "rehearse"} | _orders(row)
    choices = [desk.button(act, key) for act, key in offered.items() if desk.official.role_allows(ACTS[act][0])]
    choices.append(desk.button("round", "refresh", aside=True))
    desk.say(row.name, status_text(desk.visit, desk.connection, row.id), *choices)


def _orders(row: RoundRow) -> dict[str, str]:
    """What may be ordered now, and how its button is called."""
    if row.state in NOT_OPENED:
        return {"open": "start"}
    if row.state != RoundState.OPEN:
        return {}
    orders = {"resume": "resume"} if row.paused_at else {"pause": "pause"}
    if row.wave_at:
        orders["rest"] = "rest"
    elif not row.paused_at:
        orders["remind"] = "remind"
    return orders


def _reach(desk: Desk) -> None:
    desk.say(desk.row.name, reach_told(desk.visit, _reached(desk)), desk.button("round", "look"))


def _reached(desk: Desk) -> Audience:
    return reach(desk.connection, desk.row.id, desk.visit.now, desk.visit.shared.sending)


def _rehearse(desk: Desk) -> None:
    rehearsal.begin(desk.visit, desk.connection, desk.row.id)


def _ask_to_open(desk: Desk) -> None:
    people = _reached(desk).people.reachable
    text = f"{reach_told(desk.visit, _reached(desk))}\n\n{desk.visit.text('officials.start_sure')}"
    yes = desk.button("opened", "start_yes", count=people)
    desk.say(desk.row.name, text, yes, desk.button("round", "no"))


def _ask_to_remind(desk: Desk) -> None:
    desk.say(
        desk.row.name,
        desk.visit.text("officials.remind_sure"),
        desk.button("reminded", "remind_yes"),
        desk.button("round", "no"),
    )


def _open(desk: Desk) -> None:
    shared = desk.visit.shared
    require_said(shared.organisation, desk.row.name, sample=desk.row.sample)
    invited = open_round(
        desk.connection,
        shared.vault,
        desk.row.id,
        desk.visit.now,
        first_wave=shared.sending.first_wave,
        continue_after=shared.sending.continue_after,
        windows=shared.sending.windows,
    )
    _done(desk, "round.open", "opened", count=invited)


def _pause(desk: Desk) -> None:
    lifecycle.pause(desk.connection, desk.row.id, desk.visit.now)
    _done(desk, "round.pause", "paused")


def _resume(desk: Desk) -> None:
    lifecycle.resume(desk.connection, desk.row.id)
    _done(desk, "round.resume", "resumed")


def _rest(desk: Desk) -> None:
    _done(desk, "round.continue", "continued", count=lifecycle.continue_(desk.connection, desk.row.id))


def _remind(desk: Desk) -> None:
    visit = desk.visit
    count = lifecycle.remind(desk.connection, desk.row.id, visit.now, visit.shared.sending.windows)
    _done(desk, "round.remind", "reminded", count=count)


def _done(desk: Desk, action: str, key: str, **values: object) -> None:
    desk.say(desk.row.name, desk.visit.text(f"officials.{key}", **values), desk.button("round", "look"))
    note(desk.visit, desk.official, action, desk.row.id, **values)


def note(visit: Visit, official: StaffMember, action: str, subject: object = "", **detail: object) -> None:
    """An entry in the audit log, in the transaction of what was done."""
    assert visit.connection is not None
    about = {"channel": visit.inbound.channel, **detail}
    key = visit.shared.key
    record(
        visit.connection, key, actor=official.name, action=action, subject=str(subject or official.name), detail=about
    )


# What each word of a button does, and what somebody must be allowed for it in all that the round asks.
ACTS: dict[str, tuple[Deed, Callable[[Desk], None]]] = {
    "round": (Deed.WATCH_SENDING, _look),
    "reach": (Deed.WATCH_SENDING, _reach),
    "try": (Deed.REHEARSE, _rehearse),
    "open": (Deed.OPEN_ROUND, _ask_to_open),
    "opened": (Deed.OPEN_ROUND, _open),
    "pause": (Deed.PAUSE_ROUND, _pause),
    "resume": (Deed.PAUSE_ROUND, _resume),
    "rest": (Deed.PAUSE_ROUND, _rest),
    "remind": (Deed.REMIND, _ask_to_remind),
    "reminded": (Deed.REMIND, _remind),
}
