"""What stands in the way of a questionnaire, place by place.

SurveyError
└── FormError   `problems` names every row to mend
"""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.errors import SurveyError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `row` counts as in a spreadsheet, the headings being row 1; 0 is the whole sheet."""

    sheet: str
    row: int
    column: str
    message: str  # Vietnamese

    def __str__(self) -> str:
        place = [f"trang {self.sheet}"] if self.sheet else []
        place += [f"dòng {self.row}"] if self.row else []
        place += [f"cột {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class FormError(SurveyError):
    """A questionnaire that cannot be used; `problems` names every place to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def whole_file(message: str) -> FormError:
    """What to raise when no row can be named."""
    return FormError([Problem("", 0, "", message)])
