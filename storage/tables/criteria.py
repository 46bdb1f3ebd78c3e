"""What staff noted about an indicator: a document, a figure, and who entered it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class CriterionNote(Base):
    """One note on one indicator in one unit. Never changed: the newest about the same thing holds."""

    __tablename__ = "criterion_note"
    __table_args__ = (Index("ix_criterion_note_unit", "unit_id", "criteria", "code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    criteria: Mapped[str] = mapped_column(Short)  # id of the set
    code: Mapped[str] = mapped_column(Short)
    about: Mapped[str]  # a product, a wifi place, a tourism spot; empty: the whole unit
    says: Mapped[str] = mapped_column(Short)  # has, has_not, unknown
    value: Mapped[float | None]  # the share, where the indicator asks for one
    document: Mapped[str]  # a name or a link
    dated: Mapped[date]  # of the document
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
