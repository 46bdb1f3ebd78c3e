"""Papers that tell results, as they were issued: what was printed, and the hash of the file."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Short


class IssuedPaper(Base):
    """One paper. Its code is in its QR, and leads everybody who holds it to what stands here."""

    __tablename__ = "issued_paper"

    code: Mapped[str] = mapped_column(Short, primary_key=True)  # random: nobody finds a paper by counting
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(Short)  # minutes, report, notice-results
    format: Mapped[str] = mapped_column(Short)  # pdf, docx
    sha256: Mapped[str] = mapped_column(Short)  # of the file, in hex
    printed: Mapped[dict[str, Any]]  # {"fields": {name: text}, "tables": {name: [row]}}
    issued_at: Mapped[datetime]
