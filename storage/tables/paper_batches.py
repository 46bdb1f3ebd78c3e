"""Batches of paper ballots: which files were typed in, so that none is counted twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class PaperBatch(Base):
    """One imported file. The ballots themselves don't know which batch they came in."""

    __tablename__ = "paper_batch"
    __table_args__ = (UniqueConstraint("round_id", "digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    digest: Mapped[str] = mapped_column(Short)  # HMAC of the file's bytes with the program's key
    accepted: Mapped[int]
    refused: Mapped[int]
    typed_again: Mapped[int]  # rows that a second person typed again, and that agreed
    at: Mapped[datetime]
