"""What editors and officials learn from questions: masked texts, and counts. Nothing says who asked."""

import secrets

from sqlalchemy import update

from faq.states import Counted, QuestionState
from handlers.visit import Visit
from storage.database import insert_into
from storage.tables import FaqCount, FaqQuestion
from surveys.local_time import VIETNAM
from vietnamese.masking import mask_everything


def keep(visit: Visit, text: str, state: QuestionState, topic: str = "") -> str:
    """Keep a question for the editor, personal data masked; returns what its buttons call it."""
    number = secrets.randbits(40)
    visit.rows.append(
        (
            FaqQuestion,
            {
                "id": number,
                "state": state,
                "topic": topic,
                "unit_id": visit.person.unit_id,
                "text": mask_everything(text),
                "asked_on": visit.now.astimezone(VIETNAM).date(),
            },
        )
    )
    return f"{number:x}"


def judge(visit: Visit, question: str, state: QuestionState) -> None:
    """The answer to a question was not what was wanted: the editor gets to see it."""
    if visit.connection is not None and question:
        visit.connection.execute(
            update(FaqQuestion)
            .where(FaqQuestion.id == int(question, 16), FaqQuestion.state == QuestionState.ANSWERED)
            .values(state=state)
        )


def count(visit: Visit, topic: str, what: Counted) -> None:
    """One more of this for the topic in the person's commune."""
    if visit.connection is None:
        return
    row = insert_into(visit.connection, FaqCount).values(
        topic=topic, unit_id=visit.person.unit_id or 0, what=what, number=1
    )
    visit.connection.execute(
        row.on_conflict_do_update(index_elements=["topic", "unit_id", "what"], set_={"number": FaqCount.number + 1})
    )
