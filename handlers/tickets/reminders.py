"""What time does to requests: who may take one is reminded, an answered one closes itself, an old one is deleted."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from handlers.shared import World
from handlers.tickets import notifications, store
from storage.tables import FaqQuestion
from surveys.local_time import VIETNAM


def wake(connection: Connection, world: World, now: datetime) -> int:
    """Do what is due. Returns the number of requests that were looked at."""
    due = store.overdue(connection, now)
    if due:
        world.refresh(connection, now)
    for case in due:
        if case.state == "answered":
            case = replace(case, state="closed", due_at=None, closed_at=now)
            store.change(connection, case)
            continue
        left = case.staff_id is None or not store.posts_for(connection, world, case)
        if case.state == "taken" and (left or case.reminded):  # who took it has left, or stays silent
            case = replace(case, state="open", staff_id=None, reminded=0)
        if case.reminded >= store.REMINDERS:
            case = replace(case, due_at=None)  # it stays on everybody's list
        else:
            for post in store.posts_for(connection, world, case, everybody=True):
                connection.execute(notifications.to_staff(world, post, case, "waits", now))
            case = replace(case, reminded=case.reminded + 1)
            case = replace(case, due_at=now + store.patience(case))
        store.change(connection, case)
    return len(due)


def tidy(connection: Connection, now: datetime) -> None:
    """Delete requests closed long ago, and questions that were answered: those are only counted."""
    store.forget_old(connection, now)
    yesterday = (now - timedelta(days=1)).astimezone(VIETNAM).date()
    connection.execute(delete(FaqQuestion).where(FaqQuestion.state == "answered", FaqQuestion.asked_on < yesterday))
