"""Consent before anything is asked: who asks, what for, how long, which rights; two equal buttons."""

from sqlalchemy import select

from handlers import language
from handlers.catalogue import LANGUAGES
from handlers.messages import Choice, Message, prefaced, quoted
from handlers.visit import Visit
from storage.tables import Consent
from vietnamese.folding import yes_or_no


def question(visit: Visit) -> Message:
    """The consent question, with the other languages beside it."""
    shared = visit.shared
    contact = shared.organisation.contact
    open_round = shared.rounds.get(visit.person.round_id or 0)
    about = visit.text("consent.about", round=open_round.name) + "\n\n" if open_round else ""
    where = "page" if visit.on_page else "app"
    text = visit.text(
        "consent.text",
        organisation=shared.organisation.name,
        account=visit.text(f"consent.account_{where}"),
        rights=visit.text(f"consent.rights_{where}"),
        carrier="" if visit.on_page else "\n" + visit.text("consent.carrier"),
        retention=shared.organisation.retention,
        contact=visit.text("consent.contact", contact=contact) if contact else "",
    )
    others = [code for code in LANGUAGES if code != visit.person.language]
    return Message(
        title=visit.text("consent.title"),
        text=about + text,
        choices=(
            *_yes_and_no(visit),
            *(language.button(visit, code) for code in others),
        ),
        scene="consent",
        asks=visit.asking(_asked(visit)),
    )


def again(visit: Visit, preface: str = "") -> Message:
    """The question in short, for who has the whole text on the screen already; else the whole."""
    if not on_screen(visit):
        return prefaced(question(visit), preface) if preface else question(visit)
    short = Message(
        text=visit.text("consent.short"),
        choices=(*_yes_and_no(visit), visit.choice("consent:read", visit.text("consent.read"), aside=True)),
        asks=visit.asking(_asked(visit)),
    )
    return prefaced(short, preface)


def on_screen(visit: Visit) -> bool:
    """Whether this address was last shown the question, in the words that it has today."""
    return visit.screen.asks == _asked(visit)


def _asked(visit: Visit) -> str:
    return f"agree:{visit.shared.catalogue.consent_version}"


def _yes_and_no(visit: Visit) -> tuple[Choice, Choice]:
    """The yes names the text that it is said to."""
    version = visit.shared.catalogue.consent_version
    return (
        visit.choice(f"consent:yes:{version}", visit.text("consent.yes")),
        visit.choice("consent:no", visit.text("consent.no")),
    )


def declined(visit: Visit) -> Message:
    """No is respected, and can be changed."""
    return Message(
        text=visit.text("consent.declined"),
        choices=(
            visit.choice("consent:change", visit.text("consent.change")),
            visit.choice("menu:data", visit.text("menu.data")),
        ),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A no always counts; a yes only to the text of today, which was shown."""
    match arguments:
        case ["no"]:
            given: bool | None = False
        case ["yes", version] if version == visit.shared.catalogue.consent_version:
            given = True
        case ["change"] if last_asked(visit) == visit.shared.catalogue.consent_version:
            given = True
        case _:
            given = None
    if given is None:
        if visit.person.consent is not True:
            visit.say(question(visit))
    elif visit.person.consent is not given:
        visit.agree(given)


def typed(visit: Visit, text: str) -> None:
    """Something typed by who has not said yes or no. A plain yes or no to the question on the screen counts.

    Said to anything else it shows the question: nobody agrees to a text that they were not shown.
    """
    answer = yes_or_no(text)
    if answer is not None and on_screen(visit) and not visit.screen.crowded:
        visit.agree(answer)
    elif answer is not None or visit.aside:
        visit.say(question(visit))
    else:
        visit.say(again(visit, visit.text("invalid.not_an_option", text=quoted(text))))


def last_asked(visit: Visit) -> str:
    """The version of the text that the person said their last yes or no to."""
    if visit.connection is None:
        return ""
    said = select(Consent.version).where(Consent.person_id == visit.person.id).order_by(Consent.id.desc()).limit(1)
    return str(visit.connection.execute(said).scalar() or "")
