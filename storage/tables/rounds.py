"""Rounds: frozen forms, survey rounds, and who takes part. Never what was answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import MODES, Base, BigId, Day, Short, one_of


class FormVersion(Base):
    """A questionnaire as it was when a round froze it."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("name", "digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(Short)
    digest: Mapped[str] = mapped_column(Short)  # SHA-256 of the canonical definition
    definition: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]


class Round(Base):
    """A survey round (đợt lấy ý kiến)."""

    __tablename__ = "round"
    __table_args__ = (
        one_of("state", "draft", "scheduled", "open", "closing", "closed", "published", "cancelled"),
        one_of("counts", "household", "person"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(Short, unique=True)  # public: in links and QR codes
    form_id: Mapped[int] = mapped_column(ForeignKey("form.id"))
    rule: Mapped[str] = mapped_column(Short)
    rule_definition: Mapped[dict[str, Any]]  # the rule set as it was when the round was made
    counts: Mapped[str] = mapped_column(Short)  # what it takes one ballot of
    self_declared: Mapped[bool] = mapped_column(default=False)  # counts households, and takes people without a card
    state: Mapped[str] = mapped_column(Short, index=True)
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]  # nothing is sent while it is set; answers are still taken
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[list[Any] | None]  # the two people
    wave_at: Mapped[datetime | None]  # a first wave is out and the rest is held
    continue_at: Mapped[datetime | None]  # when the rest follows by itself
    repeat: Mapped[str | None] = mapped_column(Short)  # yearly; moves on to the copy once there is one
    follows: Mapped[int | None]  # the round that this one repeats


class Reminder(Base):
    """A reminder that a round plans: whoever sets `done_at` first sends it."""

    __tablename__ = "reminder"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Muted(Base):
    """Somebody who wants no more reminders of a round; the next round invites them again."""

    __tablename__ = "muted"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class RoundUnit(Base):
    """A commune or hamlet that the round asks."""

    __tablename__ = "round_unit"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Interview(Base):
    """Somebody's part in a round: started or submitted, in which unit, and a place to go back to.

    Kept apart from the ballot on purpose: nothing here is an answer, and nothing in the ballot is a person.
    """

    __tablename__ = "interview"
    __table_args__ = (
        Index("ix_interview_round_unit", "round_id", "unit_id", "state"),
        one_of("state", "started", "submitted"),
        one_of("mode", *MODES),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the hamlet, or the commune where it is not known
    state: Mapped[str] = mapped_column(Short)
    mode: Mapped[str] = mapped_column(Short)
    cursor: Mapped[str] = mapped_column(default="")  # question being changed; empty: the first one not answered
    started_at: Mapped[datetime] = mapped_column(Day)
    submitted_at: Mapped[datetime | None] = mapped_column(Day)
