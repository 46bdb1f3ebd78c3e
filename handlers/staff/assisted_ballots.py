"""“Giúp phiếu”: a helper of the digital group brings a household the ballot, on the helper's own phone.

The card, then whether somebody is there and agrees, then a link to a screen for this one ballot. No answer ever
comes into this chat. Everybody else gets what any unknown word gets.
"""

from collections.abc import Sequence
from typing import get_args

from sqlalchemy import Connection

from handlers.messages import Choice, Message
from handlers.shared import OpenRound
from handlers.staff import chat_links
from handlers.survey.household import look_up, looks_like_code, named
from handlers.visit import Visit
from places.register.households import Known, lock_households
from storage.audit import record
from surveys.ballots.assisted import Refused, Visited, begin_visit, refusal, visited_today
from surveys.ballots.states import How
from surveys.permissions import StaffMember, is_around
from surveys.roles import Deed

WORD = "assist"


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a typed text was the word for this, or the code of a card that was asked for."""
    if command != WORD and not (_asks_card(visit) and looks_like_code(text)):
        return False
    helper, connection = chat_links.official_here(visit), visit.connection
    if helper is None or connection is None:
        return False
    if command == WORD:
        _begin(visit, helper)
    else:
        _card(visit, connection, helper, text)
    return True


def scanned(visit: Visit, payload: str) -> bool:
    """Whether a card's link was opened because this desk asked for the card: then the card is not the helper's own."""
    return looks_like_code(payload) and try_text(visit, payload, "")


def on_button(visit: Visit, arguments: list[str]) -> None:
    """A button of this desk; in a chat that is nobody's any more the question that stands is asked again."""
    helper, connection = chat_links.official_here(visit), visit.connection
    if helper is None or connection is None:
        return
    act, *rest = arguments
    if act == "card":
        _begin(visit, helper)
    elif act == "today":
        _today(visit, connection, helper)
    elif act == "end":
        visit.say(Message(text=visit.text("assist.ended")))
    elif act == "no":
        _say(visit, helper, visit.text("assist.dropped"))
    elif len(rest) == 2:
        open_round, households = visit.shared.rounds.get(int(rest[0])), lock_households(connection, [int(rest[1])])
        if open_round is None or not households:
            _refused(visit, helper, "closed" if open_round is None else "void")
        else:
            _step(visit, connection, helper, act, open_round, households[int(rest[1])])


def entry(visit: Visit) -> Choice:
    """The button that begins it."""
    return visit.choice("assist:card", visit.text("assist.title"))


def _begin(visit: Visit, helper: StaffMember) -> None:
    if not helper.role_allows(Deed.HELP_AT_DOORSTEP):
        visit.say(Message(text=visit.text("assist.not_helper")))
    elif not visit.shared.helping.site:
        visit.say(Message(text=visit.text("assist.no_page")))
    elif not any(each.counts == "household" and _near(visit, helper, each) for each in visit.shared.rounds.values()):
        visit.say(Message(text=visit.text("assist.none_open")))
    else:
        title, text = visit.text("assist.title"), visit.text("assist.show_card")
        choices = (_to_today(visit, helper), _end(visit))
        visit.say(Message(title=title, text=text, choices=choices, accepts="text"))


def _card(visit: Visit, connection: Connection, helper: StaffMember, text: str) -> None:
    """Whose card it is, and for which round."""
    outcome, household = look_up(visit, text)
    if outcome != "valid" or household is None:
        _say(visit, helper, visit.text(f"household.{outcome}"))
        return
    counted = [each for each in visit.shared.rounds.values() if each.counts == "household"]
    refused = {each.id: refusal(connection, helper, each.id, household) for each in counted}
    able = [each for each in counted if refused[each.id] is None]
    if not able:
        asked = [each for each in counted if visit.shared.asks(each, household.unit_id)]
        _refused(visit, helper, (refused[asked[0].id] if asked else None) or "elsewhere", household)
    elif len(able) == 1:
        _step(visit, connection, helper, "near", able[0], household)
    else:
        rounds = [visit.choice(_body("near", each, household), each.name) for each in able]
        text = visit.text("assist.which_round", household=named(visit, household))
        visit.say(Message(text=text, choices=(*rounds, _end(visit))))


def _step(
    visit: Visit, connection: Connection, helper: StaffMember, act: str, open_round: OpenRound, household: Known
) -> None:
    """Is somebody there? Do they agree, and how? Then the link; afterwards whether the ballot was sent."""
    who = named(visit, household)
    no = visit.choice("assist:no", visit.text("assist.no" if act == "agrees" else "assist.near_no"))
    if act == "near":
        yes = visit.choice(_body("agrees", open_round, household), visit.text("assist.near_yes"))
        visit.say(Message(title=open_round.name, text=visit.text("assist.near", household=who), choices=(yes, no)))
    elif act == "agrees":
        ways = [visit.choice(_body(how, open_round, household), visit.text(f"assist.{how}")) for how in How]
        visit.say(Message(title=who[:1].upper() + who[1:], text=visit.text("assist.agrees"), choices=(*ways, no)))
    elif act in set(How):
        _open(visit, connection, helper, How(act), open_round, household)
    elif act == "look":
        mine = [each for each in visited_today(connection, helper, visit.now) if each.household_id == household.id]
        if any(each.sent and each.round_id == open_round.id for each in mine):
            _say(visit, helper, visit.text("assist.sent", household=who))
        else:
            again = visit.choice(_body("near", open_round, household), visit.text("assist.again"))
            _say(visit, helper, visit.text("assist.not_sent", household=who), again)


def _open(
    visit: Visit, connection: Connection, helper: StaffMember, how: How, open_round: OpenRound, household: Known
) -> None:
    helping, who = visit.shared.helping, named(visit, household)
    begun = begin_visit(connection, helper, open_round.id, household.id, how, helping.per_day, visit.now)
    if begun in get_args(Refused):
        _refused(visit, helper, begun, household)
        return
    link = f"{helping.site}/kiosk/start/{begun}"
    look = visit.choice(_body("look", open_round, household), visit.text("assist.look"))
    _say(visit, helper, visit.text("assist.ready", household=who, link=link), look)
    detail = {"unit": household.unit_id, "how": how}
    record(
        connection,
        visit.shared.key,
        actor=helper.name,
        action="ballots.help",
        subject=str(open_round.id),
        detail=detail,
    )


def _today(visit: Visit, connection: Connection, helper: StaffMember) -> None:
    visited = visited_today(connection, helper, visit.now)
    lines = [
        f"• {named(visit, Known(each.household_id, each.unit_id, each.number))}:"
        f" {visit.text('assist.is_sent' if each.sent else 'assist.is_not_sent')}"
        for each in visited
    ]
    key = "assist.today_text" if lines else "assist.today_none"
    _say(visit, helper, visit.text(key, households="\n".join(lines), **_counted(visit, visited)))


def _refused(visit: Visit, helper: StaffMember, why: str, household: Known | None = None) -> None:
    who = named(visit, household) if household else ""
    _say(visit, helper, visit.text(f"assist.{why}", household=who, most=visit.shared.helping.per_day))


def _say(visit: Visit, helper: StaffMember, text: str, *choices: Choice) -> None:
    """A sentence, and where to go from it."""
    another = visit.choice("assist:card", visit.text("assist.another"))
    visit.say(Message(text=text, choices=(*choices, another, _to_today(visit, helper))))


def _to_today(visit: Visit, helper: StaffMember) -> Choice:
    """The button that lists the day, with how far it has gone."""
    assert visit.connection is not None
    counted = _counted(visit, visited_today(visit.connection, helper, visit.now))
    return visit.choice("assist:today", visit.text("assist.today", **counted), aside=True)


def _counted(visit: Visit, visited: Sequence[Visited]) -> dict[str, int]:
    return {"count": len({each.household_id for each in visited}), "most": visit.shared.helping.per_day}


def _near(visit: Visit, helper: StaffMember, open_round: OpenRound) -> bool:
    """Whether a round asks where this helper is in charge."""
    return any(is_around(visit.shared.territory, helper.unit_id, unit) for unit in open_round.units)


def _end(visit: Visit) -> Choice:
    return visit.choice("assist:end", visit.text("assist.end"), aside=True)


def _asks_card(visit: Visit) -> bool:
    """Whether the last message asked for a card: the only one with this way out and a list of the day."""
    bodies = {shown.token.partition(".")[0] for shown in visit.screen.last}
    return {"assist:end", "assist:today"} <= bodies


def _body(act: str, open_round: OpenRound, household: Known) -> str:
    return f"assist:{act}:{open_round.id}:{household.id}"
