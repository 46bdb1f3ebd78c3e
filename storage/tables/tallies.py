"""What a close leaves behind: counts of the ballots, hashes of the receipts, and how far it has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import MODES, Base, Short, one_of


class UnitTally(Base):
    """The ballots of one unit and mode, counted in the pass that shuffles them. Never changed afterwards."""

    __tablename__ = "tally"
    __table_args__ = (one_of("mode", *MODES),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(Short, primary_key=True)
    ballots: Mapped[int]
    choices: Mapped[dict[str, Any]]  # question -> choice -> ballots
    content: Mapped[dict[str, Any]]  # on how many content questions satisfied -> ballots


class Receipt(Base):
    """The hash of a receipt code: somebody's ballot was counted. In order of hashes, beside no ballot."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(primary_key=True)  # 16 bytes


class Closing(Base):
    """A close under way or done: after a crash the step says where to go on."""

    __tablename__ = "closing"
    __table_args__ = (one_of("step", "shuffle", "destroy", "compact", "done"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    step: Mapped[str] = mapped_column(Short)  # what is done next
    ballots: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)  # their seal was broken, so nobody can tell what they said
    begun_at: Mapped[datetime]
