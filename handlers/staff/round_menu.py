"""“Quản lý”: officials start, pause and watch their rounds in a chat that they made theirs with a code.

Everybody else gets what any unknown word gets, and never learns that this exists. Coverage and delivery only,
never an answer.
"""

import re

from sqlalchemy import Connection, select

from handlers.messages import Message
from handlers.staff import chat_links
from handlers.staff.round_commands import ACTS, Desk, note, refusals
from handlers.tickets import helper
from handlers.visit import Visit
from storage.tables import Round
from surveys.permissions import StaffMember, require_permission, rounds_in_charge, targets
from surveys.roles import Deed
from surveys.rounds.round_row import round_with_id
from surveys.rounds.states import OVER

LISTED = 8  # rounds on one screen
_NUMBERED = re.compile(r"(.+?)\s+(\d{1,9})")
# The words that only officials have, and what each does.
WORDS = {
    "rounds": "list",
    "status": "round",
    "reach": "reach",
    "rehearse": "try",
    "open": "open",
    "pause": "pause",
    "resume": "resume",
    "rest": "rest",
    "remind": "remind",
}


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a typed message was for this desk: a code that makes the chat theirs, or an order.

    An order may name a round by its number, as in "tạm dừng 3".
    """
    if chat_links.looks_like(text):
        return _linked(visit, text)
    number = ""
    if command not in WORDS and (match := _NUMBERED.fullmatch(text)):
        command, number = visit.shared.catalogue.command(match[1]), match[2]
    if command not in WORDS:
        return False
    official, connection = chat_links.official_here(visit), visit.connection
    if official is None or connection is None:
        return False
    own = rounds_in_charge(connection, official, Deed.WATCH_SENDING)
    if number:
        meant = [key for key in own if key == int(number)]
    else:
        under_way = Round.id.in_(own), Round.state.not_in(OVER)
        meant = list(connection.scalars(select(Round.id).where(*under_way)))
    _perform(visit, connection, official, WORDS[command], meant[0] if len(meant) == 1 else 0)
    return True


def started(visit: Visit, payload: str) -> bool:
    """Whether a link carried a code of the staff that still works."""
    return chat_links.looks_like(payload) and _linked(visit, payload)


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A button of the desk; in a chat that is nobody's any more the question that stands is asked again."""
    official = chat_links.official_here(visit)
    connection = visit.connection
    if official is None or connection is None:
        return
    act, *rest = arguments
    if act == "leave":
        chat_links.leave(visit)
        note(visit, official, "staff.leave")
        visit.say(Message(text=visit.text("officials.left")))
        return
    _perform(visit, connection, official, act, int(rest[0]) if rest else 0)


def _perform(visit: Visit, connection: Connection, official: StaffMember, act: str, key: int) -> None:
    """Do something with a round; without one, show which there are."""
    row = round_with_id(connection, key)
    if act not in ACTS or row is None:
        _list(visit, official)
        return
    desk, (deed, perform) = Desk(visit, connection, official, row), ACTS[act]
    with refusals(desk):
        require_permission(connection, official, deed, targets(connection, row.id))
        perform(desk)


def _linked(visit: Visit, text: str) -> bool:
    official = chat_links.link(visit, text)
    if official is None:
        return False
    note(visit, official, "staff.link")
    if official.role_allows(Deed.WATCH_SENDING):
        _list(visit, official, preface=visit.text("officials.welcome", name=official.name))
    else:
        helper.show(visit, official, preface=visit.text("desk.welcome", name=official.name))
    return True


def _list(visit: Visit, official: StaffMember, preface: str = "") -> None:
    assert visit.connection is not None
    own = rounds_in_charge(visit.connection, official, Deed.WATCH_SENDING)
    rows = visit.connection.execute(
        select(Round.id, Round.name, Round.state)
        .where(Round.id.in_(own))
        .order_by(Round.state.in_(OVER), Round.id.desc())
        .limit(LISTED)
    ).all()
    text = visit.text("officials.choose" if rows else "officials.none")
    choices = [
        visit.choice(f"staff:round:{row.id}", f"{row.name} ({visit.text(f'state.round.{row.state}')})") for row in rows
    ]
    leave = visit.choice("staff:leave", visit.text("officials.leave"), aside=True)
    visit.say(
        Message(
            title=visit.text("officials.title"),
            text=f"{preface}\n\n{text}".strip(),
            choices=(*choices, helper.entry(visit), leave),
        )
    )
