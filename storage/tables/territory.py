"""Territory: administrative units and what they were called before.

National codes are re-used (31582 was Phú Tân and is Thuận Hòa), so a code alone is no key: a unit is a code
from a date on. Hamlets (ấp) carry no national code; theirs is the commune's code and their name.
"""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class Unit(Base):
    """A province, commune or hamlet, in force from `valid_from` until `valid_to`."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("level", "code", "name", "valid_from"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[str] = mapped_column(Short)  # province, commune, hamlet
    code: Mapped[str] = mapped_column(Short)  # a hamlet has its commune's code
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    households: Mapped[int | None]  # number of households; None where it is not known
    sample: Mapped[bool] = mapped_column(default=False)  # made-up data of the demo, never official
    office: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    helpers: Mapped[str] = mapped_column(default="")


class FormerUnit(Base):
    """A unit as it was before a merger, and the unit that took it in."""

    __tablename__ = "former_unit"
    __table_args__ = (UniqueConstraint("unit_id", "code", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(Short)
    name: Mapped[str]
    district: Mapped[str]
    province: Mapped[str]
    whole: Mapped[bool]  # False: only a part of it went to this unit
    until: Mapped[date]
