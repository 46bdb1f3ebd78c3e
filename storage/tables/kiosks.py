"""Kiosks: screens at a one-stop desk for anybody's ballot of one round, and helpers' for one household's."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class Kiosk(Base):
    """One screen. Nothing here says who stood before it, or when a ballot came: only how many there were.

    A helper's screen is for one household, and its row is deleted when the ballot is handed in.
    """

    __tablename__ = "kiosk"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # where it stands: it serves those who live there
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    link_digest: Mapped[str] = mapped_column(Short, unique=True)  # of the one-time link
    session_digest: Mapped[str | None] = mapped_column(Short, unique=True)  # of the cookie of the screen that used it
    pin: Mapped[str]  # argon2; a helper's screen has none
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ballots: Mapped[int] = mapped_column(default=0)
    # What is on the screen now, sealed with the round's secret: a reload or a restart loses no answer.
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
