"""Households: the register, the codes on their cards, who holds a card, and which households took part.

Nothing here says what a household answered. Participation and ballot have no key in common: the ballot's tag is
an HMAC of the household's number with the round's secret, which lies outside the database.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import MODES, Base, BigId, Day, Short, one_of

_VALID = text("voided_at IS NULL")


class RegisterImport(Base):
    """One import of the register, with what is needed to take it back."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    file: Mapped[str]
    at: Mapped[datetime]
    added: Mapped[int]
    before: Mapped[dict[str, Any]]  # {"notes": {household id: note}, "households": {unit id: number or null}}


class Household(Base):
    """A household of a hamlet, by the register's own number; no names of people. `id` is a random number."""

    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("unit_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # a hamlet
    number: Mapped[str] = mapped_column(Short)
    note: Mapped[str] = mapped_column(default="")
    sample: Mapped[bool] = mapped_column(default=False)  # made-up data of the demo, never official
    import_id: Mapped[int | None] = mapped_column(ForeignKey("register_import.id"), index=True)
    voided_at: Mapped[datetime | None]  # no longer a household of its own: it votes no more and is not counted


class HouseholdCode(Base):
    """A code that speaks for a household in every round, until it is void. Only HMACs of it are kept."""

    __tablename__ = "household_code"
    __table_args__ = (
        Index(
            "uq_household_code_valid",
            "household_id",
            "kind",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )

    digest: Mapped[str] = mapped_column(Short, primary_key=True)  # of the code in the QR
    short_digest: Mapped[str] = mapped_column(Short, unique=True)  # of the short code for typing
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(Short)  # card, list: a new card voids the card before, not the list
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class Holder(Base):
    """Somebody who showed a household's code: they may answer for it. A phone may hold many, a house many phones."""

    __tablename__ = "holder"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("household.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class Participation(Base):
    """A household's part in a round that counts households: one row, whoever answers, wherever, in which mode.

    What `interview` is for a person. No person stands here, so that a second phone of the house goes on with it.
    """

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_round_unit", "round_id", "unit_id", "state"),
        one_of("state", "started", "submitted"),
        one_of("mode", "", *MODES),
    )

    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(BigId, ForeignKey("household.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the hamlet, as it was then
    state: Mapped[str] = mapped_column(Short)
    mode: Mapped[str] = mapped_column(Short)  # forgotten at the close
    cursor: Mapped[str] = mapped_column(default="")  # question being changed; empty: the first one not answered
    started_at: Mapped[datetime] = mapped_column(Day)
    submitted_at: Mapped[datetime | None] = mapped_column(Day)
