"""“Yêu cầu”: whoever helps takes requests and answers them, in a chat that they made theirs with a code.

Everybody else gets what any unknown word gets. What is written here goes to who asked, under no name.
"""

from dataclasses import replace

from sqlalchemy import Connection, delete, select

from handlers.faq import guides
from handlers.messages import Choice, Message
from handlers.staff import assisted_ballots, chat_links
from handlers.tickets import notifications, store
from handlers.tickets.states import WAITING, TicketState
from handlers.tickets.store import TicketRow
from handlers.visit import Visit
from storage.audit import record
from storage.database import insert_into
from storage.tables import Duty, Person
from surveys.local_time import say_moment
from surveys.permissions import StaffMember
from surveys.roles import Deed

_LISTED = 10  # requests on one screen
_LABEL = 60  # characters of a button


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a typed text was the word for this desk, or an answer to the request on the screen."""
    ticket_id = _on_screen(visit)
    if command != "desk" and (ticket_id is None or command or visit.offered(text)):
        return False
    official = chat_links.official_here(visit)
    if official is None:
        return False
    ticket = _case(visit, official, ticket_id) if command != "desk" and ticket_id is not None else None
    if ticket is None:
        show(visit, official, "" if command == "desk" else visit.text("desk.gone"))
    else:
        _answer(visit, official, ticket, text)
    return True


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A button of the desk; in a chat that is nobody's any more the question that stands is asked again."""
    official = chat_links.official_here(visit)
    if official is None:
        return
    act, *rest = arguments
    ticket = _case(visit, official, int(rest[0])) if rest and rest[0].isdecimal() else None
    if act == "off":
        _off(visit)
    elif ticket is None:
        show(visit, official, visit.text("desk.gone") if rest else "")
    elif act == "take":
        _take(visit, official, ticket)
    elif act == "release":
        _move(visit, official, replace(ticket, staff_id=None, state=TicketState.OPEN, reminded=0), "release")
        show(visit, official)
    elif act == "close":
        _end(visit, official, ticket)
    elif act == "lessons":
        visit.say(_lessons(visit, ticket))
    elif act == "give" and rest[1:] and rest[1] in visit.shared.library.guides:
        _give(visit, official, ticket, rest[1])
    else:
        visit.say(_shown(visit, ticket))


def show(visit: Visit, official: StaffMember, preface: str = "") -> None:
    """The requests that wait. From now on this chat is told of new ones, where anything can be sent to it."""
    connection = visit.connection
    assert connection is not None
    told = visit.shared.able(visit.inbound.channel).can_push
    if told:
        _be_on_duty(visit, connection, official)
    waiting = store.open_to(connection, visit.shared, official)
    text = visit.text("desk.waiting" if waiting else "desk.none", count=len(waiting))
    visit.say(
        Message(
            title=visit.text("desk.title"),
            text=f"{preface}\n\n{text}".strip(),
            note=visit.text("desk.told_here") if told else "",
            choices=(
                *(visit.choice(f"desk:see:{ticket.id}", _label(visit, ticket)) for ticket in waiting[:_LISTED]),
                *([assisted_ballots.entry(visit)] if official.role_allows(Deed.HELP_AT_DOORSTEP) else []),
                visit.choice("desk:list", visit.text("desk.refresh"), aside=True),
                *([visit.choice("desk:off", visit.text("desk.off"), aside=True)] if told else []),
            ),
        )
    )


def entry(visit: Visit) -> Choice:
    """The button that opens the desk."""
    return visit.choice("desk:list", visit.text("desk.title"))


def _be_on_duty(visit: Visit, connection: Connection, official: StaffMember) -> None:
    here = {"channel": visit.inbound.channel, "address": visit.inbound.address}
    row = insert_into(connection, Duty).values(**here, staff_id=official.id, person_id=visit.person.id, since=visit.now)
    now = {"staff_id": official.id, "person_id": visit.person.id}
    visit.later.append(row.on_conflict_do_update(index_elements=list(here), set_=now))


def _off(visit: Visit) -> None:
    here = Duty.channel == visit.inbound.channel, Duty.address == visit.inbound.address
    visit.later.append(delete(Duty).where(*here))
    visit.say(Message(text=visit.text("desk.off_done")))


def _take(visit: Visit, official: StaffMember, ticket: TicketRow) -> None:
    if ticket.staff_id is None:
        ticket = replace(ticket, staff_id=official.id, state=TicketState.TAKEN, reminded=0)
        _move(visit, official, ticket, "take", "taken_told")
    visit.say(_shown(visit, ticket))


def _answer(visit: Visit, official: StaffMember, ticket: TicketRow, text: str) -> None:
    """Send what was written to who asked; who answers has taken the request."""
    words = store.staff_words(text)
    ticket = replace(ticket, staff_id=official.id, state=TicketState.ANSWERED, reminded=0)
    visit.later.append(store.said(ticket, words, visit.now, by_staff=True))
    _move(visit, official, ticket, "answer", "answer_told", words)
    visit.say(
        Message(
            text=visit.text("desk.sent", number=store.number(ticket.id)), choices=_acts(visit, ticket), accepts="text"
        )
    )


def _end(visit: Visit, official: StaffMember, ticket: TicketRow) -> None:
    _move(visit, official, replace(ticket, state=TicketState.CLOSED, closed_at=visit.now), "close", "closed_told")
    show(visit, official, visit.text("desk.closed", number=store.number(ticket.id)))


def _give(visit: Visit, official: StaffMember, ticket: TicketRow, name: str) -> None:
    """Assign a lesson: a line of the transcript, and a button for who asked."""
    guide = visit.shared.library.guides[name]
    words = visit.text("desk.lesson_line", title=guide.title)
    ticket = replace(ticket, staff_id=official.id, state=TicketState.ANSWERED, reminded=0)
    visit.later.append(store.said(ticket, words, visit.now, by_staff=True))
    _move(visit, official, ticket, "lesson", "lesson_told", guide.title, lesson=name)
    sent = visit.text("desk.sent", number=store.number(ticket.id))
    visit.say(Message(text=f"{words}\n\n{sent}", choices=_acts(visit, ticket), accepts="text"))


def _move(
    visit: Visit,
    official: StaffMember,
    ticket: TicketRow,
    action: str,
    told: str = "",
    text: str = "",
    *,
    lesson: str = "",
) -> None:
    """Store what became of a request, log who did it, tell who asked."""
    due = None if ticket.state == TicketState.CLOSED else visit.now + store.RESTS
    if ticket.state in WAITING:
        due = visit.now + store.patience(ticket)
    assert visit.connection is not None
    ticket = replace(ticket, due_at=due)
    store.change(visit.connection, ticket)
    if told and store.may_tell(visit.connection, visit.shared, ticket, visit.now):
        language = (
            visit.connection.execute(select(Person.language).where(Person.id == ticket.person_id)).scalar() or "vi"
        )
        notice = notifications.to_resident(visit.shared, ticket, language, told, visit.now, text, lesson=lesson)
        visit.later.append(notice)
    number = store.number(ticket.id)
    record(visit.connection, visit.shared.key, actor=official.name, action=f"ticket.{action}", subject=number)


def _shown(visit: Visit, ticket: TicketRow) -> Message:
    """A request with all that was written."""
    assert visit.connection is not None
    who = {True: visit.text("desk.us"), False: visit.text("desk.resident")}
    lines = [
        f"{who[line.by_staff]} ({say_moment(line.at)}): {line.text}"
        for line in store.transcript(visit.connection, ticket.id)
    ]
    return Message(
        title=_label(visit, ticket),
        text="\n\n".join(lines),
        note=visit.text("desk.write"),
        choices=_acts(visit, ticket),
        accepts="text",
    )


def _acts(visit: Visit, ticket: TicketRow) -> tuple[Choice, ...]:
    """What can be done with a request; its first button tells which one is on the screen."""
    first = ("release", "close") if ticket.staff_id is not None else ("take", "close")
    return (
        *(visit.choice(f"desk:{act}:{ticket.id}", visit.text(f"desk.{act}")) for act in (*first, "lessons")),
        visit.choice("desk:list", visit.text("desk.back"), aside=True),
    )


def _lessons(visit: Visit, ticket: TicketRow) -> Message:
    given = [
        visit.choice(f"desk:give:{ticket.id}:{guide.id}", guides.title(visit, guide))
        for guide in visit.shared.library.guides.values()
    ]
    back = visit.choice(f"desk:see:{ticket.id}", visit.text("survey.back"), aside=True)
    return Message(text=visit.text("desk.which_lesson"), choices=(*given, back))


def _label(visit: Visit, ticket: TicketRow) -> str:
    place = visit.shared.territory.get(ticket.unit_id)
    name = place.name if place else visit.text("desk.nowhere")
    urgent = f"{visit.text('desk.urgent')} · " if ticket.urgent else ""
    return f"{urgent}{store.number(ticket.id)} · {name} · {visit.text(f'desk.is_{ticket.state}')}"[:_LABEL]


def _case(visit: Visit, official: StaffMember, ticket_id: int) -> TicketRow | None:
    """A request that is theirs to see, unless it is closed."""
    assert visit.connection is not None
    ticket = store.find(visit.connection, ticket_id)
    if ticket is None or ticket.state == TicketState.CLOSED:
        return None
    return ticket if store.may_see(visit.shared.territory, official, ticket) else None


def _on_screen(visit: Visit) -> int | None:
    """The request that the last message was about."""
    last = visit.screen.last
    word, act, number = [*(last[0].token.partition(".")[0].split(":") if last else ()), "", "", ""][:3]
    return int(number) if word == "desk" and act in ("take", "release") and number.isdecimal() else None
