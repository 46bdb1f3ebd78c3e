"""Answers as a person reads them."""

from datetime import date

from surveys.forms.form import Form, Question, Value
from surveys.interviews.form_state import ACKNOWLEDGED

DAY_FIRST = ("vi", "km")  # languages that write 20/11/2026 and 1,5


def shown_answer(form: Form, question: Question, value: Value, language: str) -> str:
    """Labels instead of names, dates and numbers as the language writes them; skipped is empty."""
    if value is None:
        return ""
    if question.type in ("select_one", "select_multiple", "acknowledge"):
        options = (*question.options, ACKNOWLEDGED)
        labels = {option.name: form.text(option.label, language) for option in options}
        names = value if isinstance(value, list) else [str(value)]
        return ", ".join(labels.get(name, name) for name in names)
    if question.type == "date" and language in DAY_FIRST:
        try:
            return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
        except ValueError:
            return str(value)
    if isinstance(value, float) and language in DAY_FIRST:
        return f"{value:.15g}".replace(".", ",")
    return str(value)
