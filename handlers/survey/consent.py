"""Consent before anything is asked: who asks, what for, how long, which rights; two equal buttons."""

from handlers import language
from handlers.catalogue import LANGUAGES
from handlers.messages import Message, quoted, refused
from handlers.visit import Visit
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
            visit.choice("consent:yes", visit.text("consent.yes")),
            visit.choice("consent:no", visit.text("consent.no")),
            *(language.button(visit, code) for code in others),
        ),
        scene="consent",
    )


def declined(visit: Visit) -> Message:
    """No is respected, and can be changed."""
    return Message(
        text=visit.text("consent.declined"),
        choices=(
            visit.choice("consent:yes", visit.text("consent.change")),
            visit.choice("menu:data", visit.text("menu.data")),
        ),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    given = arguments == ["yes"]
    if visit.person.consent is not given:
        visit.agree(given)


def typed(visit: Visit, text: str) -> None:
    """Something typed under the consent question: a plain yes or no counts, nothing else does."""
    answer = yes_or_no(text)
    if answer is None:
        visit.say(refused(question(visit), visit.text("invalid.not_an_option", text=quoted(text))))
    else:
        visit.agree(answer)
