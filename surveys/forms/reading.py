"""What has been read of a form so far, and what is wrong with it."""

from dataclasses import dataclass, field

from surveys.forms.form import Option, Question
from surveys.forms.problems import Problem

NAME_LIMIT = 64  # characters; names become columns of exports and parts of database keys


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in the sheet, with what it may read."""

    expression: str
    row: int
    column: str
    before: int  # number of questions above it
    own: str = ""  # a constraint may also read its own question
    filters: tuple[Option, ...] = ()  # the options that a choice filter judges


@dataclass(slots=True)
class Reading:
    """What has been read so far."""

    questions: list[Question] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)  # row of each question
    written: list[Written] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, row: int, column: str, message: str, sheet: str = "survey") -> None:
        self.problems.append(Problem(sheet, row, column, message))
