"""“Dữ liệu của tôi”: see what is kept, withdraw consent, delete everything."""

from sqlalchemy import select

from handlers.messages import Message
from handlers.visit import Visit
from storage.models import Address, Consent, Interview, Round
from surveys.moments import say_date


def show(visit: Visit) -> None:
    """What is kept about this person. The answers are not shown here: they lie apart."""
    none = visit.text("data.none")
    territory = visit.world.territory
    place = territory.get(visit.person.place_id or 0)
    buttons = [("menu:survey", "menu.survey"), ("data:delete", "data.delete"), ("menu:menu", "menu.menu")]
    if visit.person.consent:
        buttons.insert(1, ("data:withdraw", "data.withdraw"))
    visit.say(
        Message(
            title=visit.text("data.title"),
            text=visit.text(
                "data.text",
                channels=", ".join(_channels(visit)) or none,
                language=visit.text("language.name"),
                place=place.name if place else none,
                consent=_consent(visit) or none,
                rounds="; ".join(_rounds(visit)) or none,
            ),
            choices=tuple(visit.choice(body, visit.text(key)) for body, key in buttons),
        )
    )


def press(visit: Visit, arguments: list[str]) -> None:
    if arguments == ["withdraw"]:
        visit.agree(False)
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
        visit.say(Message(text=visit.text("data.deleted")))


def _channels(visit: Visit) -> list[str]:
    if visit.connection is None:
        return [visit.inbound.channel]
    return list(
        visit.connection.execute(
            select(Address.channel).where(Address.person_id == visit.person.id).order_by(Address.since)
        ).scalars()
    )


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
    return [
        f"{row.name}: {visit.text(f'data.{row.state}')}"
        for row in visit.connection.execute(
            select(Round.name, Interview.state)
            .join(Round, Round.id == Interview.round_id)
            .where(Interview.person_id == visit.person.id)
            .order_by(Round.id)
        )
    ]
