"""Identity: who talks to us. Nothing here says what anybody answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class Person(Base):
    """A respondent. `id` is a random number, so that order of arrival shows nowhere."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(Short)
    consent: Mapped[bool | None]  # None: not asked yet
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)  # a commune
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    hamlet_asked: Mapped[bool] = mapped_column(default=False)  # "I don't know" is an answer too
    household_id: Mapped[int | None] = mapped_column(  # whom they answer for in rounds that count households
        ForeignKey("household.id", ondelete="SET NULL"), index=True
    )
    round_id: Mapped[int | None]  # the round a link or a choice led to
    stopped: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[list[Any]]  # what was last on the screen: `handlers/screen.py`
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Address(Base):
    """Where a person can be written to: a chat, or a browser with our cookie."""

    __tablename__ = "address"

    channel: Mapped[str] = mapped_column(Short, primary_key=True)
    address: Mapped[str] = mapped_column(Short, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reachable: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime]
    # The hour of their last word here, and only where the channel lets us write for a time after it.
    heard_at: Mapped[datetime | None]


class Consent(Base):
    """Proof of each yes and no: which text, when, on which channel."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(Short)
    language: Mapped[str] = mapped_column(Short)
    given: Mapped[bool]
    channel: Mapped[str] = mapped_column(Short)
    at: Mapped[datetime]


class ShortCode(Base):
    """A code to carry on elsewhere: typed on another channel within the hour, it joins that address."""

    __tablename__ = "short_code"
    __table_args__ = (Index("ix_short_code_person", "person_id"),)

    digest: Mapped[str] = mapped_column(Short, primary_key=True)  # HMAC of the code
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class Staff(Base):
    """An official, a member of staff or a helper, in charge of a unit and everything below it."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('official', 'staff', 'helper')", name="role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(Short, unique=True)
    role: Mapped[str] = mapped_column(Short)  # what each may do: surveys/roles.py
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    password: Mapped[str]  # argon2id
    created_at: Mapped[datetime]


class StaffCode(Base):
    """A code with which somebody of the staff makes a chat theirs, once; only its HMAC is kept."""

    __tablename__ = "staff_code"

    digest: Mapped[str] = mapped_column(Short, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class StaffChat(Base):
    """A chat in which somebody of the staff may give orders, as an HMAC of its channel and address."""

    __tablename__ = "staff_chat"

    digest: Mapped[str] = mapped_column(Short, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]


class StaffSession(Base):
    """A signed-in browser."""

    __tablename__ = "staff_session"

    digest: Mapped[str] = mapped_column(Short, primary_key=True)  # SHA-256 of the cookie's 256 random bits
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
