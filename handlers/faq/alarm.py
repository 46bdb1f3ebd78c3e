"""A message that speaks of danger to life is answered before anything else, whatever stood on the screen.

What to do first, whom to call, what to say; nothing is asked afterwards until the person goes on by themselves.
"""

from collections.abc import Sequence

from faq.content.sources import spoken_date
from faq.danger import Kind
from faq.emergency import Number, whom_to_call
from handlers.faq import topics
from handlers.messages import Choice, Message
from handlers.survey import conversation
from handlers.visit import Visit
from places.units import Place

_BY_CAR = frozenset({"birth", "bite", "electric", "life", "poison", "accident"})  # an ambulance may be long in coming


def try_text(visit: Visit, text: str) -> bool:
    """Whether a typed message speaks of danger; then it was answered, and no question of ours follows.

    Where it answers the question that stands it is that question's answer as well.
    """
    kind = visit.shared.library.danger(text)
    wanted = conversation.wants(visit)
    if kind is None or (wanted == "answer" and conversation.fits(visit, text)):
        return False
    if wanted == "text":
        conversation.said(visit, text, "")
        visit.replies.clear()  # the next question waits behind "go on"
    visit.say(message(visit, kind, text))
    return True


def message(visit: Visit, kind: Kind, text: str = "") -> Message:
    """What to do now, whom to call, and a person to turn to."""
    numbers = numbers_for(visit, kind)
    steps = [
        visit.text(f"danger.{kind}"),
        visit.text("danger.call_self" if kind == "self" else "danger.call", numbers=named(visit, numbers)),
        *([visit.text("danger.by_car")] if kind in _BY_CAR else []),
        *_office(visit),
        visit.text("danger.say"),
    ]
    return Message(
        title=visit.text("danger.title_scam" if kind == "scam" else "danger.title"),
        text="\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        note=f"{visit.text('danger.note')} {_basis(visit, numbers)}".strip(),
        choices=(
            *calls(visit, numbers),
            visit.choice(f"want:danger:{kind}", visit.text("danger.tell")),
            *_ways_on(visit, text),
        ),
        accepts="text",
    )


def numbers_for(visit: Visit, kind: Kind) -> tuple[Number, ...]:
    """Whom to call about it from where the person lives: the commune's own numbers first."""
    home = _home(visit)
    return whom_to_call(kind, visit.shared.own_numbers.at(home.code if home else ""))


def named(visit: Visit, numbers: Sequence[Number]) -> str:
    """The numbers in a sentence, each with who answers there."""
    return visit.text("danger.or").join(_named(visit, number) for number in numbers)


def go_on(visit: Visit) -> tuple[Choice, ...]:
    """Back to the question that stood, for who wants to go on."""
    if visit.person.consent is not True or not conversation.under_way(visit):
        return ()
    return (visit.choice("menu:survey", visit.text("danger.go_on"), aside=True),)


def _named(visit: Visit, number: Number) -> str:
    return visit.text(f"danger.number_{number.role}", number=number.digits)


def calls(visit: Visit, numbers: Sequence[Number]) -> list[Choice]:
    """One tap to call, where a channel can."""
    return [
        Choice("", visit.text("danger.dial", number=_named(visit, number)), url=f"tel:{_dialled(number.digits)}")
        for number in numbers
    ]


def _dialled(digits: str) -> str:
    return "".join(letter for letter in digits if letter in "+0123456789")


def _basis(visit: Visit, numbers: Sequence[Number]) -> str:
    """What the short numbers rest on and when that held, the same basis named once."""
    by_basis: dict[str, list[Number]] = {}
    for number in numbers:
        if number.basis:
            by_basis.setdefault(number.basis, []).append(number)
    told = [
        visit.text(
            "danger.basis",
            numbers=", ".join(number.digits for number in each),
            basis=basis,
            as_of=spoken_date(min(number.as_of for number in each)),
        )
        for basis, each in by_basis.items()
    ]
    return " ".join(told)


def _home(visit: Visit) -> Place | None:
    return visit.shared.territory.get(visit.person.unit_id or 0)


def _office(visit: Visit) -> list[str]:
    """How the commune's office is reached, where it has said so."""
    home = _home(visit)
    if home is None or not home.phone:
        return []
    return [visit.text("danger.commune", place=home.name, phone=home.phone)]


def _ways_on(visit: Visit, text: str) -> tuple[Choice, ...]:
    """The topic that the message asks about, where it surely asks about one; a word may only have sounded alarming."""
    result = visit.shared.library.search(text) if text else None
    topic = visit.shared.library.entries.get(result.answer) if result and result.answer else None
    asked = (visit.choice(f"faq:see:{topic.id}", topics.label(visit, topic)),) if topic else ()
    return (*asked, *go_on(visit), *topics.ways_on(visit))
