"""A resident asks for a person: the request, what is added to it, what was answered."""

import secrets
from dataclasses import replace

from sqlalchemy import select

from faq.danger import KINDS, Kind
from handlers.current_question import go_back
from handlers.faq import alarm
from handlers.messages import Choice, Message, prefaced, quoted, refused
from handlers.survey import place
from handlers.tickets import notifications, store
from handlers.tickets.states import TicketState
from handlers.tickets.store import TicketRow
from handlers.visit import Visit
from places.find import find
from storage.tables import FaqQuestion
from surveys.local_time import say_moment
from vietnamese.folding import number_in_words, yes_or_no

_WRITING = ("want:none", "want:open", "want:done", "want:place")  # the first button of messages that wait for words
_LINES = 6  # messages of a request that are shown again


def offer(visit: Visit, question: str = "") -> Choice:
    """The button that asks for a person; `question` is what was asked before, as it was kept."""
    return visit.choice(f"want:ask:{question}" if question else "want:ask", visit.text("want.ask"))


def on_button(visit: Visit, arguments: list[str]) -> None:
    match arguments:
        case ["at", unit, *question] if unit.isdecimal():
            found = visit.shared.territory.get(int(unit))
            if found is not None:
                place.settle(visit, found)
            _begin(visit, "".join(question))
        case ["danger", kind] if kind in KINDS:
            _add(visit, visit.text(f"danger.is_{kind}"), danger=kind)
        case ["done"]:
            _close(visit)
        case [_, *question]:
            _begin(visit, "".join(question))


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a typed text was meant for the person who helps; a button's number or label is not."""
    last = [shown.token for shown in visit.screen.last]
    if not last or not last[0].startswith(_WRITING) or command or visit.offered(text):
        return False
    if last[0].startswith("want:none") and (yes_or_no(text) is not None or number_in_words(text) is not None):
        return False  # nothing to pass on: it was said to something else
    if last[0].startswith("want:place"):
        _place_typed(visit, text, last[0].partition(".")[0].removeprefix("want:place:"))
        return True
    kind = visit.shared.library.danger(text)
    if kind is not None:
        visit.say(alarm.message(visit, kind))
    _add(visit, text, danger=kind)
    return True


def news(visit: Visit) -> Message | None:
    """What was answered meanwhile and could not be sent, for who comes back; nothing that they read anyway."""
    always = visit.shared.able(visit.inbound.channel).window is None
    if visit.connection is None or not visit.known or always:
        return None
    lines = store.unread(visit.connection, visit.shared, visit.person.id)
    if not lines or any(lines[-1].text in reply.text for reply in visit.replies):
        return None
    return Message(
        title=visit.text("want.answer_told", number=store.number(lines[-1].id)),
        text="\n\n".join(line.text for line in lines),
        choices=(visit.choice("want:open", visit.text("want.reply")),),
    )


def with_news(visit: Visit, standing: Message) -> Message:
    """What stands, and above it what was answered meanwhile."""
    told = news(visit)
    if told is None:
        return standing
    aside = (replace(choice, aside=True) for choice in told.choices)
    return replace(prefaced(standing, f"{told.title}\n{told.text}"), choices=(*standing.choices, *aside))


def _begin(visit: Visit, question: str) -> None:
    """The request under way; or a new one, about the question before or about what is typed next."""
    ticket = store.current(visit.connection, visit.person.id) if visit.connection is not None else None
    if ticket is not None:
        visit.say(_shown(visit, ticket))
    elif visit.person.unit_id is None:
        visit.say(_ask_place(visit, question))
    elif asked := _question(visit, question):
        _add(visit, asked)
    else:
        visit.say(
            Message(
                title=visit.text("want.title"),
                text=visit.text("want.write"),
                note=visit.text("want.hidden"),
                choices=(visit.choice("want:none", visit.text("want.none"), aside=True), _to_menu(visit)),
                accepts="text",
            )
        )


def _add(visit: Visit, text: str, *, danger: Kind | None = None) -> None:
    """Add what was said to the request under way, or open one with it; tell those who may take it.

    After a danger no question of ours follows.
    """
    urgent, connection = danger is not None, visit.connection
    if connection is None:
        return
    before = store.current(connection, visit.person.id)
    ticket = before or TicketRow(
        secrets.randbits(40) + 1,
        visit.person.id,
        visit.person.place_id,
        TicketState.OPEN,
        urgent,
        None,
        "",
        "",
        visit.now,
        None,
    )
    ticket = replace(
        ticket,
        state=TicketState.OPEN if ticket.staff_id is None else TicketState.TAKEN,
        urgent=ticket.urgent or urgent,
        channel=visit.inbound.channel,
        address=visit.inbound.address,
        reminded=0,
    )
    ticket = replace(ticket, due_at=visit.now + store.patience(ticket))
    words = store.resident_words(text)
    receivers = store.receivers_for(connection, visit.shared, ticket)
    key = "new" if before is None else "more"
    told = [notifications.to_staff(visit.shared, receiver, ticket, key, visit.now, words) for receiver in receivers]
    if before is None:  # who asks may not be stored yet
        visit.later.append(store.opened(ticket))
    else:
        store.change(connection, ticket)
    visit.later += [store.said(ticket, words, visit.now), *told]
    visit.say(_kept(visit, ticket, told=bool(told), danger=danger))
    if not urgent:
        go_back(visit)


def _kept(visit: Visit, ticket: TicketRow, *, told: bool, danger: Kind | None) -> Message:
    """What becomes of it; in danger, that nobody may be reading, and whom to call."""
    numbers = alarm.numbers_for(visit, danger) if danger else ()
    if danger:
        lines = [visit.text("danger.told" if told else "danger.nobody", numbers=alarm.named(visit, numbers))]
    else:
        lines = [visit.text("want.kept" if told else "want.kept_alone")]
    home = visit.shared.territory.get(visit.person.unit_id)
    if home is not None and (home.office or home.phone):
        lines.append(visit.text("want.office", place=home.name, office=home.office, hours=home.hours, phone=home.phone))
    if not visit.shared.able(visit.inbound.channel).can_push:
        lines.append(visit.text("want.come_back"))
    return Message(
        title=visit.text("want.kept_title", number=store.number(ticket.id)),
        text="\n\n".join(lines),
        note=visit.text("want.hidden"),
        choices=(
            *alarm.calls(visit, numbers),
            visit.choice("want:open", visit.text("want.reply")),
            *(alarm.go_on(visit) if danger else ()),
            *_ways_on(visit),
        ),
        accepts="text",
    )


def _shown(visit: Visit, ticket: TicketRow) -> Message:
    assert visit.connection is not None
    lines = [
        f"{visit.text('want.helper' if line.by_staff else 'want.you')} ({say_moment(line.at)}): {line.text}"
        for line in store.transcript(visit.connection, ticket.id)[-_LINES:]
    ]
    return Message(
        title=visit.text("want.kept_title", number=store.number(ticket.id)),
        text="\n\n".join([visit.text(f"want.{ticket.state}"), *lines]),
        note=visit.text("want.more"),
        choices=_ways_on(visit),
        accepts="text",
    )


def _close(visit: Visit) -> None:
    ticket = store.current(visit.connection, visit.person.id) if visit.connection is not None else None
    if ticket is not None and visit.connection is not None:
        ticket = replace(ticket, state=TicketState.CLOSED, due_at=None, closed_at=visit.now)
        store.change(visit.connection, ticket)
        if ticket.staff_id is not None:
            receivers = store.receivers_for(visit.connection, visit.shared, ticket)
            visit.later += [
                notifications.to_staff(visit.shared, receiver, ticket, "over", visit.now) for receiver in receivers
            ]
    visit.say(Message(text=visit.text("want.over"), choices=(_to_menu(visit),)))


def _ask_place(visit: Visit, question: str, units: list[tuple[int, str]] | None = None) -> Message:
    """Whoever helps is near: where does the person live?"""
    shared = visit.shared
    if units is None:
        units = [(each.id, each.name) for each in shared.communes_asked(list(shared.rounds.values()))[:8]]
    at = [visit.choice(f"want:at:{unit}:{question}", name) for unit, name in units]
    return Message(
        title=visit.text("place.title"),
        text=f"{visit.text('want.place')} {visit.text('place.text')}",
        choices=(visit.choice(f"want:place:{question}", visit.text("place.again"), aside=True), *at, _to_menu(visit)),
        accepts="place",
    )


def _place_typed(visit: Visit, text: str, question: str) -> None:
    matches = [match.place for match in find(visit.shared.territory, text) if match.place.level == "commune"]
    if len(matches) == 1:
        place.settle(visit, matches[0])
        _begin(visit, question)
    elif matches:
        visit.say(_ask_place(visit, question, [(each.id, each.name) for each in matches]))
    else:
        unknown = visit.text("place.unknown", text=quoted(text))
        visit.say(refused(_ask_place(visit, question), unknown))


def _question(visit: Visit, question: str) -> str:
    """What was asked before, its personal data hidden; "" where it is no longer kept."""
    if visit.connection is None or not question:
        return ""
    kept = select(FaqQuestion.text).where(FaqQuestion.id == int(question, 16))
    return visit.connection.execute(kept).scalar() or ""


def _ways_on(visit: Visit) -> tuple[Choice, ...]:
    return (visit.choice("want:done", visit.text("want.done")), _to_menu(visit))


def _to_menu(visit: Visit) -> Choice:
    return visit.choice("menu:menu", visit.text("menu.menu"), aside=True)
