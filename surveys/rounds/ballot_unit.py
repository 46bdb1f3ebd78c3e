"""What a round takes one ballot of: households where there is a register of them, persons where there is none."""

from collections.abc import Sequence

from sqlalchemy import Connection

from places.register.households import with_register
from places.units import Territory
from surveys.rounds.units import CountedUnit

NO_REGISTER = "Chưa có sổ hộ ở các đơn vị này nên đợt này đếm mỗi người một phiếu, ấp do bà con tự khai."
_NAMED = 5  # hamlets named in a warning


def countable(connection: Connection, units: Sequence[int], wanted: CountedUnit) -> tuple[CountedUnit, str]:
    """What a round in these units can count, and a warning where it is not all that was wanted.

    Households need a register. Where only some hamlets have one, the others are named: nobody there has a card.
    """
    if wanted == "person":
        return "person", ""
    territory = Territory.read(connection)
    below = {place.id: place for unit in units for place in territory.below(unit) if place.in_force()}
    hamlets = [place for place in below.values() if place.level == "hamlet"]
    known = with_register(connection, [place.id for place in hamlets])
    if not known:
        return "person", NO_REGISTER
    missing = [place.name for place in hamlets if place.id not in known]
    if not missing:
        return "household", ""
    more = f" và {len(missing) - _NAMED} ấp khác" if len(missing) > _NAMED else ""
    return "household", (
        f"Chưa có sổ hộ của {', '.join(missing[:_NAMED])}{more}: bà con ở đó chưa có thẻ để trả lời. "
        "Hãy nhập sổ hộ các ấp này, hoặc tạo đợt với --self-declared."
    )
