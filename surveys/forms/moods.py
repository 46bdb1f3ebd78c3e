"""Faces beside words, for people who read little: how glad an answer looks."""

from surveys.forms.form import Option, Question

_LEVELS = ("1", "2", "3", "4", "5")


def mood(question: Question, option: Option) -> int | None:
    """From -2, a frown, to 2, a smile; None where a face would say more than the words do.

    Only answers about satisfaction have one: those that the form marks so, and five levels named 1 to 5.
    """
    if tuple(each.name for each in question.options) == _LEVELS:
        return int(option.name) - 3
    if question.role in ("content", "overall") and option.satisfied is not None:
        return 2 if option.satisfied else -2
    return None
