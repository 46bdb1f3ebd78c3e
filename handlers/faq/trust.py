"""What people ask before they dare to answer: who asks, who sees it, what happens to me; answered from their round.

What is said here is what the program does: SECURITY.md and docs/residents.md say the same.
"""

from faq.content.facets import asked
from faq.search.building import SURVEY
from handlers.current_question import go_back
from handlers.faq import topics
from handlers.messages import Choice, Message
from handlers.shared import OpenRound
from handlers.survey import conversation
from handlers.survey.messages import SECONDS_A_QUESTION
from handlers.visit import ANSWERS, Visit
from surveys.local_time import say_moment
from vietnamese.folding import number_in_words, yes_or_no

# How surely it is one: whatever stands on the screen; where the survey does; there, if an answer may be meant too;
# elsewhere though an answer surely is; for what follows up an answer.
_ANYWHERE, _HERE, _BESIDE, _SURE, _NEVER = 0.2, 0.1, 0.1, 0.6, 2.0
_FEWEST = 2  # words
_OURS = (*(f"{word}:" for word in ANSWERS), "consent:", "round:", "place:", "household:", "faq:trust:")
# What is likely to be asked next, as buttons; also the topics that there are.
NEXT = {
    "who": ("why", "scam"), "why": ("results", "sees"), "sees": ("harm", "stored"), "name": ("sees", "harm"),
    "harm": ("sees", "must"), "cost": ("long", "scam"), "stored": ("sees", "change"), "must": ("harm", "long"),
    "long": ("must", "results"), "scam": ("who", "stored"), "change": ("sees", "counted"),
    "results": ("sees", "why"), "counted": ("change", "results"), "once": ("who", "change"),
    "machine": ("who", "stored"), "age": ("once", "must"), "overview": ("who", "sees", "harm", "scam"),
}  # fmt: skip
_OF_A_ROUND = ("overview", "who", "long", "change", "results", "counted", "once")  # no answer without one


def try_text(visit: Visit, text: str) -> bool:
    """Whether a message asks about the survey itself; then it was answered, and what stood stands again."""
    if number_in_words(text) is not None or yes_or_no(text) is not None:
        return False
    topic, sure = visit.shared.library.trust(text)
    if topic not in NEXT or sure < _HERE or (sure < 1 and len(text.split()) < _FEWEST):
        return False
    if sure < _needed(visit, text):
        return False
    visit.say(message(visit, topic))
    go_back(visit)
    return True


def on_button(visit: Visit, topic: str) -> None:
    """A button that asks one of these questions."""
    if topic in NEXT:
        visit.say(message(visit, topic), beside=True)
        go_back(visit)


def message(visit: Visit, topic: str) -> Message:
    """The answer in its first line, from the round that asks this person."""
    entry = _round(visit)
    key = "none" if entry is None and topic in _OF_A_ROUND else _key(visit, topic, entry)
    first, _, rest = visit.text(f"trust.{key}", **_values(visit, entry)).partition("\n")
    return Message(
        title=first,
        text=rest,
        choices=(*_results_page(visit, topic), *(ask(visit, each) for each in NEXT[topic]), *topics.ways_on(visit)),
    )


def ask(visit: Visit, topic: str) -> Choice:
    """The button that asks it."""
    return visit.choice(f"faq:trust:{topic}", visit.text(f"trust.ask_{topic}"), aside=True)


def _needed(visit: Visit, text: str) -> float:
    """How sure to be: less where the survey is on the screen, more where one of the answers may be meant instead."""
    now = [token for token, _, *kind in visit.person.shown if "topic" not in kind]
    answered = any(token.startswith("faq:yes:") for token in now)
    if answered and asked(text) is not None:
        return _NEVER  # "tốn bao nhiêu?" is about what was just answered
    result = visit.shared.library.search(text)
    other = result is not None and result.answer not in (None, SURVEY)
    maybe = result is not None and result.outcome != "none" and result.suggestions[0].id != SURVEY
    ours = visit.person.consent is None or conversation.under_way(visit) or any(map(_is_ours, now))
    if not ours or answered:
        return _SURE if other else _ANYWHERE
    if conversation.wants(visit) in ("place", "card"):
        return _ANYWHERE if other else 0.0  # a place may be called anything
    return _ANYWHERE if other else _BESIDE if maybe else _HERE


def _is_ours(token: str) -> bool:
    return token.startswith(_OURS)


def _round(visit: Visit) -> OpenRound | None:
    """The round that a link named, the one where the person lives, or the only one there is."""
    rounds = visit.shared.rounds
    if entry := rounds.get(visit.person.round_id or 0):
        return entry
    near = visit.shared.rounds_at(visit.person.place_id)
    begun = [entry for entry in near if entry.id in visit.interviews]
    likely = begun or near or (list(rounds.values()) if len(rounds) == 1 else [])
    return likely[-1] if likely else None


def _key(visit: Visit, topic: str, entry: OpenRound | None) -> str:
    if topic == "once" and entry is not None:
        return f"once_{entry.counts}"
    if topic == "counted" and entry is not None:
        mine = visit.interviews.get(entry.id)
        return "counted_not" if mine is None else "counted" if mine.submitted else "counted_begun"
    return topic


def _values(visit: Visit, entry: OpenRound | None) -> dict[str, object]:
    shared, organisation = visit.shared, visit.shared.organisation
    questions = sum(question.asks for question in entry.form.questions) if entry else 0
    places = shared.communes_asked([entry]) if entry else []
    return {
        "organisation": organisation.name,
        "contact": organisation.contact or visit.text("trust.contact_none"),
        "retention": organisation.retention,
        "round": entry.name if entry else "",
        "place": places[0].name if len(places) == 1 else visit.text("trust.here"),
        "closes": say_moment(entry.closes_at) if entry else "",
        "questions": questions,
        "minutes": max(2, round(questions * SECONDS_A_QUESTION / 60)),
        "back": visit.text("survey.back").lstrip("◀ "),
        "review": visit.text("survey.review"),
        "skip": visit.text("survey.skip"),
        "helper": visit.text("want.ask"),
    }


def _results_page(visit: Visit, topic: str) -> list[Choice]:
    site = visit.shared.helping.site
    if topic not in ("results", "counted") or not site:
        return []
    return [Choice("", visit.text("trust.results_page"), url=f"{site}/results")]
