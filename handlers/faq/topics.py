"""The list of topics: groups, then the topics of a group, a page at a time."""

from faq.content.entries import Entry
from handlers.catalogue import LANGUAGES
from handlers.messages import Choice, Message
from handlers.visit import Visit

_PAGE = 8  # lines of a list that a small phone shows at once
_LABEL = 60  # characters of a button


def question(visit: Visit, page: int = 0) -> Message:
    """The groups of topics, and an invitation to type."""
    groups = list(visit.shared.library.groups)
    shown = groups[page * _PAGE : (page + 1) * _PAGE]
    choices = [visit.choice(f"faq:group:{name}:0", visit.text(f"faq_groups.{name}")) for name in shown]
    return Message(
        title=visit.text("faq.ask_title"),
        text=visit.text("faq.ask_text"),
        choices=(*choices, *_turn(visit, "faq:groups", page, len(groups)), *ways_on(visit)),
        accepts="question",
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    match arguments:
        case ["group", name, page] if name in visit.shared.library.groups and page.isdecimal():
            visit.say(_group(visit, name, int(page)))
        case ["groups", page] if page.isdecimal():
            visit.say(question(visit, int(page)))


def title(visit: Visit, entry: Entry) -> str:
    """The entry's title in the person's language."""
    return {"en": entry.title_en, "km": entry.title_km}.get(visit.person.language, entry.title)


def foreign(visit: Visit, *parts: str) -> tuple[str, ...]:
    """Of an answer's or a lesson's parts, those that the person reads in a language that is not theirs."""
    return () if visit.person.language == LANGUAGES[0] else parts


def label(visit: Visit, entry: Entry) -> str:
    """The title, short enough for a button."""
    text = title(visit, entry)
    return text if len(text) <= _LABEL else f"{text[:_LABEL].rpartition(' ')[0].rstrip(',:')}…"


def ways_on(visit: Visit) -> tuple[Choice, ...]:
    """What is offered beside any answer."""
    return (visit.choice("menu:menu", visit.text("menu.menu"), aside=True),)


def on_screen(visit: Visit) -> bool:
    """Whether a list of topics was opened, so that what is typed is a question of theirs."""
    return any(shown.token.startswith(("faq:group:", "faq:groups:")) for shown in visit.screen.last)


def _group(visit: Visit, name: str, page: int) -> Message:
    entries = visit.shared.library.groups[name]
    shown = entries[page * _PAGE : (page + 1) * _PAGE]
    choices = [visit.choice(f"faq:see:{entry.id}", label(visit, entry)) for entry in shown]
    return Message(
        title=visit.text(f"faq_groups.{name}"),
        text="",
        choices=(
            *choices,
            *_turn(visit, f"faq:group:{name}", page, len(entries)),
            visit.choice("faq:groups:0", visit.text("faq.topics"), aside=True),
            *ways_on(visit),
        ),
        accepts="question",
    )


def _turn(visit: Visit, body: str, page: int, of: int) -> list[Choice]:
    """Forth, and back, where there is more than a page."""
    turns = []
    if page > 0:
        turns.append(visit.choice(f"{body}:{page - 1}", visit.text("faq.before"), aside=True))
    if (page + 1) * _PAGE < of:
        turns.append(visit.choice(f"{body}:{page + 1}", visit.text("faq.more"), aside=True))
    return turns
