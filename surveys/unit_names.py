"""Units as commands name them: a code, or a commune's code and a hamlet's name."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, exists, or_, select

from places.units import Territory
from storage.tables import Person, Unit
from surveys.errors import SurveyError
from vietnamese.folding import fold


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


def refuse_empty(connection: Connection, units: Sequence[int], on: date) -> None:
    """Raises `SurveyError` naming the first unit in which nobody can be asked: dissolved, or known by
    name only."""
    below = Unit.__table__.alias("below")
    lives = exists().where(or_(Person.unit_id == Unit.id, Person.hamlet_id == Unit.id))
    peopled = or_(Unit.level == "hamlet", Unit.households > 0, exists().where(below.c.parent_id == Unit.id), lives)
    in_force = or_(Unit.valid_to.is_(None), Unit.valid_to > on)
    rows = connection.execute(
        select(Unit.name, Unit.households, peopled.label("peopled"), in_force.label("in_force"))
        .where(Unit.id.in_(units))
        .order_by(Unit.id)
    )
    for row in rows:
        if not row.in_force:
            raise SurveyError(f"{row.name} không còn là đơn vị hành chính vào ngày mở đợt; chọn đơn vị hiện nay")
        if not row.peopled or row.households == 0:
            raise SurveyError(f"{row.name} chưa có ấp, chưa có số hộ nên không hỏi ai được; hãy nhập: places import")
