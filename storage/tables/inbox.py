"""Inbox: every event as it came, committed before the platform is told that it arrived."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short, one_of

_NEW = text("state = 'new'")


class Event(Base):
    """One raw event. Payload and address are emptied in the transaction that handles it: it may hold an answer."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_key"),
        Index("ix_inbox_new", "channel", "address", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        one_of("state", "new", "done", "quarantined"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(Short)
    event_key: Mapped[str] = mapped_column(Short)
    address: Mapped[str] = mapped_column(Short)  # of the sender; orders one person's waiting events; may be empty
    payload: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(Short)
    reason: Mapped[str] = mapped_column(default="")  # why quarantined: a class of error, never content
    received_at: Mapped[datetime]
