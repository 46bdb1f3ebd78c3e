"""What time does to requests: who may take one is reminded, an answered one closes itself, an old one is deleted."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from faq.states import QuestionState
from handlers.shared import SharedState
from handlers.tickets import notifications, store
from handlers.tickets.states import TicketState
from storage.tables import FaqQuestion
from surveys.local_time import VIETNAM


def wake(connection: Connection, shared: SharedState, now: datetime) -> int:
    """Do what is due. Returns the number of requests that were looked at."""
    due = store.overdue(connection, now)
    if due:
        shared.refresh(connection, now)
    for ticket in due:
        if ticket.state == TicketState.ANSWERED:
            ticket = replace(ticket, state=TicketState.CLOSED, due_at=None, closed_at=now)
            store.change(connection, ticket)
            continue
        left = ticket.staff_id is None or not store.receivers_for(connection, shared, ticket)
        if ticket.state == TicketState.TAKEN and (left or ticket.reminded):  # who took it has left, or stays silent
            ticket = replace(ticket, state=TicketState.OPEN, staff_id=None, reminded=0)
        if ticket.reminded >= store.REMINDERS:
            ticket = replace(ticket, due_at=None)  # it stays on everybody's list
        else:
            for receiver in store.receivers_for(connection, shared, ticket, everybody=True):
                connection.execute(notifications.to_staff(shared, receiver, ticket, "waits", now))
            ticket = replace(ticket, reminded=ticket.reminded + 1)
            ticket = replace(ticket, due_at=now + store.patience(ticket))
        store.change(connection, ticket)
    return len(due)


def tidy(connection: Connection, now: datetime) -> None:
    """Delete requests closed long ago, and questions that were answered: those are only counted."""
    store.forget_old(connection, now)
    yesterday = (now - timedelta(days=1)).astimezone(VIETNAM).date()
    connection.execute(
        delete(FaqQuestion).where(FaqQuestion.state == QuestionState.ANSWERED, FaqQuestion.asked_on < yesterday)
    )
