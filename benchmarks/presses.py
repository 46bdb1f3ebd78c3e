"""The events of the bench: people who press the answers of the `ntm-hai-long` form, as Telegram tells it."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.forms.form import Form, Question
from surveys.forms.xlsform import read_form, shipped_forms

FORM = "ntm-hai-long"
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Lắng Nghe", "username": "langnghe_bench_bot"}
OLD_MESSAGE = 1  # number of the message in every chat whose buttons are pressed


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses an option of a question."""

    person: int
    index: int  # of the question in the form
    option: int


def questions(form: Form) -> list[tuple[int, Question]]:
    """The questions answered by one press that everybody gets, with their place in the form."""
    return [
        (index, question)
        for index, question in enumerate(form.questions)
        if question.type == "select_one" and question.required and not question.relevant
    ]


def presses(people: int, events: int) -> list[Press]:
    """Everybody answers the first question, then everybody the second, and so on; mostly content."""
    chance = random.Random(84)
    asked = questions(read_form(shipped_forms()[FORM]))[: max(1, events // people)]
    return [Press(person, index, int(chance.random() < 0.1)) for index, _ in asked for person in range(1, people + 1)]


def updates(form: Form, pressed: Sequence[Press], token: Callable[[Press], str]) -> Iterator[dict[str, Any]]:
    """Raw updates of the size that Telegram sends; `token` is the pressed button's data."""
    now = int(time.time())
    for number, press in enumerate(pressed, 1):
        person = {"id": press.person, "first_name": "Nguyễn Thị Mai", "username": f"mai{press.person}"}
        question = form.questions[press.index]
        data = token(press)
        yield {
            "update_id": 500_000_000 + number,
            "callback_query": {
                "id": str(4_000_000_000_000_000_000 + number),
                "from": {**person, "is_bot": False, "language_code": "vi"},
                "message": {
                    "message_id": OLD_MESSAGE,
                    "from": BOT,
                    "chat": {**person, "type": "private"},
                    "date": now,
                    "text": f"{question.label['vi']}\n\nCâu {press.index}/12",
                    "entities": [{"type": "bold", "offset": 0, "length": len(question.label["vi"])}],
                    "reply_markup": {
                        "inline_keyboard": [
                            [{"text": option.label["vi"], "callback_data": data} for option in question.options],
                            [{"text": "↩️ Quay lại", "callback_data": data}],
                        ]
                    },
                },
                "chat_instance": str(-3_000_000_000_000_000_000 - press.person),
                "data": data,
            },
        }
