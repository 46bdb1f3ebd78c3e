"""Units as commands name them: a code, or a commune's code and a hamlet's name."""

from collections.abc import Sequence

from sqlalchemy import Connection

from places.folding import fold
from places.units import Territory
from surveys.errors import SurveyError


def find_units(connection: Connection, names: Sequence[str]) -> list[int]:
    """The ids of `CODE` or `CODE/HAMLET`. Raises `SurveyError` naming the first that is unknown."""
    territory = Territory.read(connection)
    found = []
    for name in names:
        code, _, hamlet = name.partition("/")
        unit = territory.by_code(code.strip())
        if unit is not None and hamlet:
            unit = next((each for each in territory.hamlets(unit.id) if fold(each.name) == fold(hamlet)), None)
        if unit is None:
            raise SurveyError(f"không có đơn vị “{name}”; tìm mã bằng: langnghe places find TÊN_XÃ")
        found.append(unit.id)
    return found
