"""Help: questions without who asked them, guides begun, and requests that people answer."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short, one_of


class FaqQuestion(Base):
    """A question as somebody typed it, personal data masked: kept for the editor. Nothing says who asked it.

    `id` is a random number, so that order of arrival shows nowhere.
    """

    __tablename__ = "faq_question"
    __table_args__ = (
        Index("ix_faq_question_state", "state", "asked_on"),
        one_of("state", "answered", "disliked", "unanswered", "learnt"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Short)
    topic: Mapped[str] = mapped_column(Short)  # what was answered, or the nearest topic
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # the commune
    text: Mapped[str]
    asked_on: Mapped[date]


class FaqCount(Base):
    """How often something happened to a topic in a commune."""

    __tablename__ = "faq_count"
    __table_args__ = (one_of("what", "answered", "suggested", "unanswered", "useful", "not_useful"),)

    topic: Mapped[str] = mapped_column(Short, primary_key=True)  # "": no topic was found
    unit_id: Mapped[int] = mapped_column(primary_key=True)  # the commune; 0: not known
    what: Mapped[str] = mapped_column(Short, primary_key=True)
    number: Mapped[int]


class FaqExample(Base):
    """What an editor taught this site: a question, and the topic that answers it ("": none does)."""

    __tablename__ = "faq_example"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(Short)
    text: Mapped[str]
    added_at: Mapped[datetime]


class GuideProgress(Base):
    """How far somebody is in a guide."""

    __tablename__ = "guide_progress"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    guide: Mapped[str] = mapped_column(Short, primary_key=True)
    step: Mapped[int]  # the last one shown, from 1
    done: Mapped[bool] = mapped_column(default=False)  # the question at the end was answered rightly
    seen_at: Mapped[datetime]


class Ticket(Base):
    """A request for a person's help. Neither side is told the other's address."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_state", "state", "due_at"),
        one_of("state", "open", "taken", "answered", "closed"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # hamlet or commune, where it is known
    state: Mapped[str] = mapped_column(Short)
    urgent: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str] = mapped_column(Short)  # where the resident wrote last; answers go there
    address: Mapped[str] = mapped_column(Short)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # of the next reminder; None: nobody waits
    reminded: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]


class TicketLine(Base):
    """One message of a request's transcript."""

    __tablename__ = "ticket_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    by_staff: Mapped[bool]
    text: Mapped[str]
    at: Mapped[datetime]


class Duty(Base):
    """A chat in which a helper or member of staff is told of requests."""

    __tablename__ = "duty"

    channel: Mapped[str] = mapped_column(Short, primary_key=True)
    address: Mapped[str] = mapped_column(Short, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
