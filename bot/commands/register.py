"""What the commands on households read of the register."""

from typing import TYPE_CHECKING

from bot.commands.permissions import require_permission

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from places.register.households import Known
    from places.units import Territory
    from surveys.roles import Deed


def read_register(connection: "Connection", unit: str, *, empty: bool = False) -> "tuple[Territory, list[Known]]":
    """The households of a unit, void ones included, in the order in which people walk by. Raises `PlaceError` where
    there are none, unless it may be `empty`."""
    from places.errors import PlaceError
    from places.register.households import list_households

    territory, hamlets = _hamlets(connection, unit)
    found = sorted(list_households(connection, hamlets), key=lambda each: _order(territory, each))
    if not found and not empty:
        raise PlaceError(f"chưa có sổ hộ của {unit}; nhập bằng: langnghe households import TỆP")
    return territory, found


def find_listed(connection: "Connection", unit: str, number: str) -> "Known":
    """The household with this number in a unit. Raises `PlaceError`."""
    from places.register.households import find_by_number

    _, hamlets = _hamlets(connection, unit)
    return find_by_number(connection, hamlets, number)


def find_household(connection: "Connection", deed: "Deed", unit: str, number: str) -> "Known":
    """The same, for a deed. Raises `SurveyError` too, for somebody who may not do it there."""
    household = find_listed(connection, unit, number)
    require_permission(connection, deed, [household.unit_id])
    return household


def _hamlets(connection: "Connection", unit: str) -> "tuple[Territory, list[int]]":
    from places.units import Territory
    from surveys.unit_names import find_units

    territory = Territory.read(connection)
    [found] = find_units(connection, [unit])
    return territory, [place.id for place in territory.below(found) if place.level == "hamlet"]


def _order(territory: "Territory", household: "Known") -> tuple[object, ...]:
    """By commune and hamlet as the territory lists them, then by number."""
    from places.register.households import natural

    hamlet = territory[household.unit_id]
    return (hamlet.code, natural(hamlet.name), hamlet.id, natural(household.number))
