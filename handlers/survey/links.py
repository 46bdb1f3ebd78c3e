"""What a link or QR code carries: a round, a commune, or a household's card."""

from sqlalchemy import exists, select

from handlers.messages import Message
from handlers.survey import household, place
from handlers.visit import Visit
from places.register.households import find_by_code
from storage.tables import Round


def follow(visit: Visit, payload: str) -> bool:
    """What a QR code or link carried: `r_<round code>`, `u_<commune code>`, `h_<household's code>`; False when none."""
    kind, _, code = payload.partition("_")
    if not code:
        kind, code = "r", payload
    if kind == "h":
        return household.bind(visit, payload) in ("bound", "elsewhere")
    if kind == "u":
        found = visit.shared.territory.by_code(code)
        if found is not None and found.level == "commune" and found.id != visit.person.unit_id:
            place.settle(visit, found)
        return found is not None
    open_round = next((open_round for open_round in visit.shared.rounds.values() if open_round.code == code), None)
    if kind != "r" or open_round is None:
        return False
    visit.person.round_id = open_round.id
    communes = visit.shared.communes_asked([open_round])
    if visit.person.unit_id is None and len(communes) == 1:
        place.settle(visit, communes[0])
    return True


def dead_end(visit: Visit, payload: str) -> Message | None:
    """What to say of a link that leads nowhere any more; None for one that never led anywhere."""
    if visit.connection is None:
        return None
    if payload.startswith("h_"):
        void = find_by_code(visit.connection, visit.shared.key, payload)[0] == "void"
        return Message(text=visit.text("household.void")) if void else None
    known = visit.connection.execute(select(exists().where(Round.code == payload.removeprefix("r_")))).scalar()
    return Message(text=visit.text("survey.closed")) if known else None
