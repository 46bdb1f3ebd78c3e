"""Delivery: one row for every message we owe somebody, with its final state and reason."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short, one_of

LEASE = timedelta(seconds=60)  # of a claim: a message waits up to 5 s for its slot, and a send takes at most 35 s
_WAITING = text("state = 'pending'")
_CLAIMED = text("state = 'claimed'")
_ONE_EACH = text("round_id IS NOT NULL")


class Delivery(Base):
    """A message to one address. `payload` is emptied once its fate is known: a reply may repeat an answer."""

    __tablename__ = "delivery"
    __table_args__ = (
        # One invitation, one reminder of each number, per person and round.
        Index(
            "uq_delivery_round_kind_person",
            "round_id",
            "kind",
            "person_id",
            unique=True,
            sqlite_where=_ONE_EACH,
            postgresql_where=_ONE_EACH,
        ),
        Index(
            "ix_delivery_waiting",
            "channel",
            "urgency",
            "due_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_delivery_claimed", "lease_until", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        Index("ix_delivery_address", "channel", "address", "state"),
        one_of("kind", "reply", "rehearsal", "invite", "reminder-1", "reminder-2"),
        one_of(
            "state",
            *("pending", "held", "claimed", "sent", "unreachable", "rejected", "uncertain", "cancelled", "expired"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(Short)
    person_id: Mapped[int]
    channel: Mapped[str] = mapped_column(Short)
    address: Mapped[str] = mapped_column(Short)
    urgency: Mapped[int]  # 0 reply, 1 notice, 2 broadcast: smaller goes first
    payload: Mapped[dict[str, Any] | None]  # the Message; None: written from round and kind when it is sent
    state: Mapped[str] = mapped_column(Short)
    reason: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(Short, default="")
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Pace(Base):
    """The pace of one bot, shared by all processes that send for it. Microseconds since 1970, database clock."""

    __tablename__ = "pace"

    channel: Mapped[str] = mapped_column(Short, primary_key=True)
    next_slot: Mapped[int]  # the first moment that nobody has reserved
    paused_until: Mapped[int] = mapped_column(default=0)  # the platform asked for it


class Sender(Base):
    """A process that sends, and when it was last heard of: what a silent one had claimed is taken over."""

    __tablename__ = "sender"

    owner: Mapped[str] = mapped_column(Short, primary_key=True)
    channel: Mapped[str] = mapped_column(Short)
    seen_at: Mapped[datetime]
