"""“Dữ liệu của tôi”: see what is kept, correct it, withdraw consent, delete everything.

Each is done at once, and entered into the register of requests with the law's deadlines.
"""

from sqlalchemy import select, union

from handlers.messages import Message
from handlers.survey import consent
from handlers.survey.household import named
from handlers.visit import Visit
from places.register.households import held_by
from storage.tables import Address, Consent, Holder, Interview, Participation, Round
from surveys.local_time import say_date
from surveys.privacy.requests import legal_deadlines, register, whose


def show(visit: Visit) -> None:
    """What is kept about this person. The answers are not shown here: they lie apart."""
    none = visit.text("data.none")
    buttons = [("menu:survey", "menu.survey"), ("data:delete", "data.delete"), ("menu:menu", "menu.menu")]
    if visit.person.consent:
        buttons[1:1] = [("data:correct", "data.correct"), ("data:withdraw", "data.withdraw")]
    if visit.known:
        visit.asked.append("see")
    visit.say(
        Message(
            title=visit.text("data.title"),
            text=visit.text(
                "data.text",
                channels=", ".join(_channels(visit)) or none,
                language=visit.text("language.name"),
                place=_place(visit) or none,
                consent=_consent(visit) or none,
                rounds="; ".join(_rounds(visit)) or none,
                requests="; ".join(_requests(visit)) or none,
                answer=legal_deadlines().answer,
            ),
            choices=tuple(visit.choice(body, visit.text(key)) for body, key in buttons),
        )
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    if arguments == ["correct"]:
        visit.asked.append("correct")
        buttons = [("menu:survey", "data.answers"), ("menu:place", "menu.place"), ("menu:language", "menu.language")]
        visit.say(
            Message(
                text=visit.text("data.correct_text"),
                choices=tuple(visit.choice(body, visit.text(key)) for body, key in buttons),
            )
        )
    elif arguments == ["withdraw"] and visit.interviews:
        visit.say(
            Message(
                text=visit.text("data.withdraw_sure"),
                choices=(
                    visit.choice("data:retract", visit.text("data.withdraw_yes")),
                    visit.choice("menu:survey", visit.text("data.withdraw_no")),
                ),
            )
        )
    elif arguments in (["withdraw"], ["retract"]):
        visit.withdraws = visit.known
        visit.interviews = {}
        visit.asked.append("withdraw")
        visit.agree(False, consent.last_asked(visit))  # of the text taken back: they may not have seen today's
    elif arguments == ["delete"]:
        visit.say(
            Message(
                text=visit.text("data.delete_sure"),
                choices=(
                    visit.choice("data:erase", visit.text("data.delete_yes")),
                    visit.choice("menu:survey", visit.text("data.delete_no")),
                ),
            )
        )
    elif arguments == ["erase"]:
        visit.forget = True
        if visit.known:
            visit.asked.append("delete")
        visit.say(Message(text=visit.text("data.deleted")))


def _channels(visit: Visit) -> list[str]:
    if visit.connection is None:
        return [visit.inbound.channel]
    return list(
        visit.connection.execute(
            select(Address.channel).where(Address.person_id == visit.person.id).order_by(Address.since)
        ).scalars()
    )


def _place(visit: Visit) -> str:
    """Where they live, and the households whose card they have shown."""
    place = visit.shared.territory.get(visit.person.place_id)
    held = held_by(visit.connection, visit.person.id) if visit.connection is not None else []
    name = place.name if place else ""
    if not held:
        return name
    return visit.text("household.held", place=name, households="; ".join(named(visit, each) for each in held))


def _consent(visit: Visit) -> str:
    if visit.connection is None:
        return ""
    last = visit.connection.execute(
        select(Consent.given, Consent.at)
        .where(Consent.person_id == visit.person.id)
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return ""
    return visit.text("data.consent_yes" if last.given else "data.consent_no", date=say_date(last.at))


def _rounds(visit: Visit) -> list[str]:
    if visit.connection is None:
        return []
    own = (
        select(Round.id, Round.name, Interview.state)
        .join(Round, Round.id == Interview.round_id)
        .where(Interview.person_id == visit.person.id)
    )
    households = (
        select(Round.id, Round.name, Participation.state)
        .join(Round, Round.id == Participation.round_id)
        .join(Holder, Holder.household_id == Participation.household_id)
        .where(Holder.person_id == visit.person.id)
    )
    rows = visit.connection.execute(union(own, households)).all()
    return [f"{row.name}: {visit.text(f'data.{row.state}')}" for row in sorted(rows, key=lambda row: row.id)]


def _requests(visit: Visit) -> list[str]:
    """What they have asked of the office and still wait for."""
    if visit.connection is None:
        return []
    owner = whose(visit.shared.key, visit.inbound.channel, visit.inbound.address)
    return [
        visit.text("data.request", kind=visit.text(f"data.kind.{row.kind}"), date=f"{row.done_by:%d/%m/%Y}")
        for row in register(visit.connection, owner=owner)
    ]
