"""Households that a helper visited, so that some of them can be asked again. Never what they answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Day, Short, one_of


class Assisted(Base):
    """One visit: a row means that the helper marked that somebody was there, and agreed.

    At the round's close only the households that were drawn to be asked again are left.
    """

    __tablename__ = "assisted"
    __table_args__ = (
        Index("ix_assisted_helper_day", "helper", "day"),
        one_of("how", "alone", "aloud"),
        one_of("result", "", "confirmed", "denied", "unreachable"),
    )

    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("household.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    helper: Mapped[str]  # the name of their account, which may be removed later
    day: Mapped[datetime] = mapped_column(Day)
    how: Mapped[str] = mapped_column(Short)
    drawn: Mapped[bool] = mapped_column(default=False)  # on the list of those who are asked again
    result: Mapped[str] = mapped_column(Short, default="")  # empty until they are asked
    asked_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
