"""A household's card: shown by link or typed code, it says who answers and where, and nothing else has to be asked."""

from dataclasses import replace
from typing import Literal

from handlers.ballot_rows import load_interviews
from handlers.messages import Choice, Message
from handlers.shared import OpenRound
from handlers.survey import place, receipt
from handlers.visit import Visit
from places.register.households import Found, Known, find_by_code, held_by, lock_households, looks_like_code
from storage.tables import Holder

Outcome = Literal["bound", "void", "unknown", "mistyped", "too_many", "elsewhere"]
_LIST = 8  # households offered on one phone

__all__ = ["bind", "look_up", "looks_like_code", "named", "on_button", "others", "question", "show", "taken"]


def look_up(visit: Visit, text: str) -> tuple[Found | Literal["too_many"], Known | None]:
    """Whose card has this code. Ten wrong codes cost an hour; one with a slip in it is no guess."""
    if visit.connection is None:
        return "unknown", None
    if not visit.shared.may_guess(visit.inbound, visit.now):
        return "too_many", None
    found, household = find_by_code(visit.connection, visit.shared.key, text)
    if found == "unknown":
        visit.shared.guessed_wrong(visit.inbound, visit.now)
    return found, household


def show(visit: Visit, text: str) -> str:
    """Somebody showed a code: answer for its household from now on. Returns the sentence that says what came of it."""
    asked = visit.shared.rounds.get(visit.person.round_id or 0)
    found, household = look_up(visit, text)
    outcome: Outcome = "void" if found == "valid" else found
    if found == "valid" and household is not None:
        outcome = _answer_for(visit, household)
    if outcome not in ("bound", "elsewhere") or visit.household is None:
        return visit.text(f"household.{outcome}")
    who = named(visit, visit.household)
    if outcome == "elsewhere" and asked is not None:
        return visit.text("household.elsewhere", household=who, round=asked.name)
    return visit.text("household.bound", household=who)


def bind(visit: Visit, text: str) -> Outcome:
    """Answer for the household of this code, if it is valid; `elsewhere` when the round at hand does not ask there."""
    connection = visit.connection
    if connection is None:
        return "unknown"
    outcome, household = find_by_code(connection, visit.shared.key, text)
    if outcome != "valid" or household is None:
        return "void" if outcome == "valid" else outcome
    return _answer_for(visit, household)


def on_button(visit: Visit, arguments: list[str]) -> None:
    """`other`: for which household else; a number: for that one, whose card was shown before."""
    if visit.connection is None or not arguments:
        return
    if arguments == ["other"]:
        visit.say(others(visit))
        return
    wanted = next((each for each in held_by(visit.connection, visit.person.id) if str(each.id) == arguments[0]), None)
    if wanted is not None:
        _answer_for(visit, wanted)


def question(visit: Visit, open_round: OpenRound) -> Message:
    """One ballot for each household: a card is needed, and where there is one."""
    text = visit.text("household.needed", round=open_round.name)
    return Message(
        title=visit.text("household.needed_title"),
        text=text,
        choices=(
            *_held(visit),
            visit.choice("place:other", visit.text("menu.place"), aside=True),
            visit.choice("menu:menu", visit.text("menu.menu"), aside=True),
        ),
        accepts="card",
        asks=visit.asking("card"),
    )


def taken(visit: Visit, open_round: OpenRound) -> Message:
    """The household's ballot came on paper, from a kiosk or through a helper: not shown, not changed here."""
    assert visit.household is not None
    mode = visit.interviews[open_round.id].mode
    return Message(
        text=visit.text(
            "household.taken",
            household=named(visit, visit.household),
            round=open_round.name,
            how=visit.text(f"household.by.{mode}"),
        ),
        note=receipt.line(visit, open_round),
        choices=(other_button(visit), visit.choice("menu:menu", visit.text("menu.menu"), aside=True)),
    )


def others(visit: Visit) -> Message:
    """Whom else this phone may answer for."""
    return Message(
        title=visit.text("household.other_title"),
        text=visit.text("household.other_text"),
        choices=(*_held(visit), visit.choice("menu:survey", visit.text("menu.survey"), aside=True)),
        accepts="card",
    )


def other_button(visit: Visit) -> Choice:
    return visit.choice("household:other", visit.text("household.other"), aside=True)


def named(visit: Visit, household: Known) -> str:
    """The household as its people call it: number, hamlet, commune."""
    territory = visit.shared.territory
    hamlet = territory.get(household.unit_id)
    commune = territory.get(hamlet.parent_id) if hamlet else None
    return visit.text(
        "household.name",
        number=household.number,
        hamlet=hamlet.name if hamlet else "",
        commune=commune.name if commune else "",
    )


def _held(visit: Visit) -> list[Choice]:
    if visit.connection is None or not visit.known:
        return []
    return [
        visit.choice(f"household:{each.id}", named(visit, each))
        for each in held_by(visit.connection, visit.person.id)[:_LIST]
    ]


def _answer_for(visit: Visit, household: Known) -> Outcome:
    """Take up the household, its place, and what it has begun.

    1. the household is locked, so that another phone of the house waits
    2. the place is the household's; nothing is left of another household
    3. what it has begun, from whatever phone, is gone on with
    4. what this person began by themselves in a round that counts households becomes the household's ballot, or
       gives way to it
    """
    connection, shared = visit.connection, visit.shared
    assert connection is not None
    if household.id not in lock_households(connection, [household.id]):
        return "void"
    hamlet = shared.territory.get(household.unit_id)
    if hamlet is None:
        return "unknown"
    visit.let_go()
    place.settle(visit, hamlet)
    visit.household, visit.person.household_id = household, household.id
    begun = {
        round_id: interview
        for round_id, interview in load_interviews(connection, shared, [visit.person])[visit.person.id].items()
        if interview.household_id == household.id
    }
    for round_id, own in list(visit.interviews.items()):
        open_round = shared.rounds[round_id]
        if open_round.counts == "household" and shared.asks(open_round, household.unit_id):
            visit.drop(own)
            visit.interviews[round_id] = replace(own, household_id=household.id, unit_id=household.unit_id)
    visit.take_up(begun)
    if not any(known.id == household.id for known in held_by(connection, visit.person.id)):
        since = {"person_id": visit.person.id, "household_id": household.id, "since": visit.now}
        visit.rows.append((Holder, since))
    return _choose_round(visit)


def _choose_round(visit: Visit) -> Outcome:
    """The round that the card is for: the one at hand if it asks here, else one that waits for this household."""
    rounds = visit.shared.rounds_at(visit.person.place_id)
    asked = visit.person.round_id
    if asked in visit.shared.rounds and all(open_round.id != asked for open_round in rounds):
        visit.person.round_id = None
        outcome: Outcome = "elsewhere"
    else:
        outcome = "bound"
    counted = [open_round for open_round in rounds if open_round.counts == "household"]
    if counted and all(open_round.id != visit.person.round_id for open_round in counted):
        waiting = [open_round for open_round in counted if not _handed_in(visit, open_round)]
        visit.person.round_id = (waiting or counted)[0].id
    return outcome


def _handed_in(visit: Visit, open_round: OpenRound) -> bool:
    interview = visit.interviews.get(open_round.id)
    return interview is not None and interview.submitted
