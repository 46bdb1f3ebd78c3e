"""Ballots: what was answered, and nothing about whom.

No person, no time, no serial number and no foreign key to either. `tag` is an HMAC with the round's secret,
which lives outside the database; after the close it is random and nothing can link it.
"""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import MODES, Base, Short, one_of


class Ballot(Base):
    """One ballot. Rows lie in the order of their tags, never of their arrival (SQLite WITHOUT ROWID)."""

    __tablename__ = "ballot"
    __table_args__ = (
        Index("ix_ballot_round_unit", "round_id", "unit_id"),
        one_of("mode", *MODES),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[bytes] = mapped_column(primary_key=True)  # 16 bytes
    unit_id: Mapped[int]
    mode: Mapped[str] = mapped_column(Short)
    submitted: Mapped[bool]
    answers: Mapped[dict[str, Any]]  # question name -> value; only relevant questions once submitted
