"""What papers and the scoreboard say: the officials' answers with the estimates that everybody reads.

Officials sign counts and read each hamlet; the paper hangs beside the public page. So counts and shares are the
officials', while estimates, intervals and verdicts of what everybody may read are the public ones: one interval for
one unit, wherever it is printed.
"""

from dataclasses import replace

from sqlalchemy import Connection

from surveys.results.estimates import Estimate
from surveys.results.results import score
from surveys.results.round_score import RoundScore
from surveys.results.scoring import UnitScore
from surveys.results.suppression import SMALL
from surveys.rules.rule_sets import COVERAGE


def posted_score(connection: Connection, key: str | int, *, small: int = SMALL) -> RoundScore:
    """The scores of a round as officials read them, with the estimates that are public. Raises `SurveyError`."""
    theirs = score(connection, key, small=small)
    everybodys = score(connection, key, small=small, public=True)
    whole = theirs.whole
    if whole and everybodys.whole:
        whole = _with_estimates(whole, everybodys.whole)
    units = tuple(map(_with_estimates, theirs.units, everybodys.units))
    return replace(theirs, view="posted", whole=whole, units=units)


def _with_estimates(unit: UnitScore, public: UnitScore) -> UnitScore:
    judged = any(mark.mark != COVERAGE for mark in public.marks)
    questions = zip(unit.questions, public.questions, strict=True)
    return replace(
        unit,
        questions=tuple(one if told.rate is None else told for one, told in questions),
        content_mean=_told(unit.content_mean, public.content_mean),
        overall=_told(unit.overall, public.overall),
        all_satisfied=_told(unit.all_satisfied, public.all_satisfied),
        marks=public.marks if judged else unit.marks,
        collapsed=public.collapsed,
    )


def _told(officials: Estimate | None, public: Estimate | None) -> Estimate | None:
    return officials if public is None or public.rate is None else public
