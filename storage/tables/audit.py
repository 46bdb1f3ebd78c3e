"""The audit log: a table that only grows; `storage.audit` chains its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Short


class AuditEntry(Base):
    """One privileged action. Never an answer, a code, a token or a chat id."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3, … without a gap
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(Short)  # such as round.close
    subject: Mapped[str]  # what it was done to, such as a round's number
    detail: Mapped[dict[str, Any]]
    head: Mapped[bytes]  # 32 bytes
