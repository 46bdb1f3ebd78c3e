"""“Quản lý”: officials start, pause and watch their rounds in a chat that they made theirs with a code.

Everybody else gets what any unknown word gets, and never learns that this exists. Coverage and delivery only,
never an answer.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from handlers import desk, rehearsal, staff_chats
from handlers.messages import Choice, Message
from handlers.rounds_told import reach_told, status_told
from handlers.visit import Visit
from storage.audit import record
from storage.models import Round
from surveys import lifecycle
from surveys.charge import Official, rounds_in_charge, targets
from surveys.errors import SurveyError
from surveys.reach import reach
from surveys.rounds import open_round

LISTED = 8  # rounds on one screen
_OVER = ("closed", "published", "cancelled")


@dataclass(frozen=True, slots=True)
class Desk:
    """An official's visit: who they are, which round they look at."""

    visit: Visit
    connection: Connection
    official: Official
    row: Any

    def button(self, act: str, key: str, *, aside: bool = False, **values: object) -> Choice:
        label = self.visit.text(f"officials.{key}", **values)
        return self.visit.choice(f"staff:{act}:{self.row.id}", label, aside=aside)

    def say(self, title: str, text: str, *choices: Choice) -> None:
        back = self.visit.choice("staff:list", self.visit.text("officials.back"), aside=True)
        self.visit.say(Message(title=title, text=text, choices=(*choices, back)))


def heard(visit: Visit, text: str, command: str) -> bool:
    """Whether a typed message was for this desk: a code that makes the chat theirs, or the word for it."""
    if staff_chats.looks_like(text):
        return _linked(visit, text)
    if command != "rounds":
        return False
    official = staff_chats.official_here(visit)
    if official is None:
        return False
    _list(visit, official)
    return True


def started(visit: Visit, payload: str) -> bool:
    """Whether a link carried a code of the staff that still works."""
    return staff_chats.looks_like(payload) and _linked(visit, payload)


def press(visit: Visit, arguments: list[str]) -> None:
    """A button of the desk; in a chat that is nobody's any more the question that stands is asked again."""
    official = staff_chats.official_here(visit)
    connection = visit.connection
    if official is None or connection is None:
        return
    act, *rest = arguments
    if act == "leave":
        staff_chats.leave(visit)
        _note(visit, official, "staff.leave")
        visit.say(Message(text=visit.text("officials.left")))
        return
    row = rest and connection.execute(select(Round.__table__).where(Round.id == int(rest[0]))).first()
    if act not in _ACTS or not row:
        _list(visit, official)
        return
    desk = Desk(visit, connection, official, row)
    with _refusals(desk):
        official.must_watch(connection, targets(connection, row.id))
        _ACTS[act](desk)


def _linked(visit: Visit, text: str) -> bool:
    official = staff_chats.link(visit, text)
    if official is None:
        return False
    _note(visit, official, "staff.link")
    if official.watches:
        _list(visit, official, preface=visit.text("officials.welcome", name=official.name))
    else:
        desk.show(visit, official, preface=visit.text("desk.welcome", name=official.name))
    return True


def _list(visit: Visit, official: Official, preface: str = "") -> None:
    assert visit.connection is not None
    own = rounds_in_charge(visit.connection, official) if official.watches else []
    rows = visit.connection.execute(
        select(Round.id, Round.name, Round.state)
        .where(Round.id.in_(own))
        .order_by(Round.state.in_(_OVER), Round.id.desc())
        .limit(LISTED)
    ).all()
    text = visit.text("officials.choose" if rows else "officials.none")
    choices = [
        visit.choice(f"staff:round:{row.id}", f"{row.name} ({visit.text(f'officials.{row.state}')})") for row in rows
    ]
    leave = visit.choice("staff:leave", visit.text("officials.leave"), aside=True)
    visit.say(
        Message(
            title=visit.text("officials.title"),
            text=f"{preface}\n\n{text}".strip(),
            choices=(*choices, desk.entry(visit), leave),
        )
    )


@contextlib.contextmanager
def _refusals(desk: Desk) -> Iterator[None]:
    """What is refused is undone, and its reason said."""
    try:
        with desk.connection.begin_nested():
            yield
    except SurveyError as error:
        desk.say(desk.row.name, str(error), desk.button("round", "look"))


def _look(desk: Desk) -> None:
    """How a round stands, and what may be done with it now."""
    row = desk.row
    choices = [desk.button("reach", "reach"), desk.button("try", "rehearse")]
    if desk.official.runs:
        choices += _orders(desk)
    choices.append(desk.button("round", "refresh", aside=True))
    desk.say(row.name, status_told(desk.visit, desk.connection, row.id), *choices)


def _orders(desk: Desk) -> list[Choice]:
    row = desk.row
    if row.state in ("draft", "scheduled"):
        return [desk.button("open", "start")]
    if row.state != "open":
        return []
    orders = [desk.button("resume", "resume") if row.paused_at else desk.button("pause", "pause")]
    if row.wave_at:
        orders.append(desk.button("rest", "rest"))
    elif not row.paused_at:
        orders.append(desk.button("remind", "remind"))
    return orders


def _reach(desk: Desk) -> None:
    desk.say(desk.row.name, reach_told(desk.visit, _reached(desk)), desk.button("round", "look"))


def _reached(desk: Desk) -> dict[str, Any]:
    return reach(desk.connection, desk.row.id, desk.visit.now, desk.visit.world.sending)


def _rehearse(desk: Desk) -> None:
    rehearsal.begin(desk.visit, desk.connection, desk.row.id)


def _ask_to_open(desk: Desk) -> None:
    people = _reached(desk)["people"]["reachable"]
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
    world = desk.visit.world
    invited = open_round(
        desk.connection,
        world.vault,
        desk.row.id,
        desk.visit.now,
        first_wave=world.sending.first_wave,
        continue_after=world.sending.continue_after,
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
    _done(desk, "round.remind", "reminded", count=lifecycle.remind(desk.connection, desk.row.id, desk.visit.now))


def _done(desk: Desk, action: str, key: str, **values: object) -> None:
    desk.say(desk.row.name, desk.visit.text(f"officials.{key}", **values), desk.button("round", "look"))
    _note(desk.visit, desk.official, action, desk.row.id, **values)


def _note(visit: Visit, official: Official, action: str, subject: object = "", **detail: object) -> None:
    """An entry in the audit log, in the transaction of what was done."""
    assert visit.connection is not None
    about = {"channel": visit.inbound.channel, **detail}
    key = visit.world.key
    record(
        visit.connection, key, actor=official.name, action=action, subject=str(subject or official.name), detail=about
    )


def _running(act: Callable[[Desk], None]) -> Callable[[Desk], None]:
    """An order: only for those who may run this round."""

    def order(desk: Desk) -> None:
        desk.official.must_run(desk.connection, targets(desk.connection, desk.row.id))
        act(desk)

    return order


_ACTS: dict[str, Callable[[Desk], None]] = {
    "round": _look,
    "reach": _reach,
    "try": _rehearse,
    "open": _running(_ask_to_open),
    "opened": _running(_open),
    "pause": _running(_pause),
    "resume": _running(_resume),
    "rest": _running(_rest),
    "remind": _running(_ask_to_remind),
    "reminded": _running(_remind),
}
