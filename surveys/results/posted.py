"""What papers and the scoreboard say: the officials' answers with the estimates that everybody reads.

Officials sign counts and read each hamlet; the paper hangs beside the public page. So counts and shares are the
officials', while estimates, intervals and verdicts of what everybody may read are the public ones: one interval for
one unit, wherever it is printed.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from surveys.results.results import score
from surveys.results.suppression import SMALL
from surveys.rules.rule_sets import COVERAGE

SHARES = ("content_mean", "overall", "all_satisfied")


def posted_score(connection: Connection, key: str | int, *, small: int = SMALL) -> dict[str, Any]:
    """The scores of a round in the shape of `score`, with the estimates that are public. Raises `SurveyError`."""
    theirs = score(connection, key, small=small)
    everybodys = score(connection, key, small=small, public=True)
    public = {unit["id"]: unit for unit in everybodys["units"]}
    units = [_with_estimates(unit, public[unit["id"]]) for unit in theirs["units"]]
    whole = theirs["whole"] and _with_estimates(theirs["whole"], everybodys["whole"])
    return theirs | {"view": "posted", "whole": whole, "units": units}


def _with_estimates(unit: Mapping[str, Any], public: Mapping[str, Any]) -> dict[str, Any]:
    told = {one["name"]: one for one in public["questions"]}
    posted = dict(unit)
    posted["questions"] = [
        told[one["name"]] if told[one["name"]]["rate"] is not None else one for one in unit["questions"]
    ]
    posted |= {share: public[share] for share in SHARES if (public[share] or {}).get("rate") is not None}
    if any(mark["mark"] != COVERAGE for mark in public["marks"]):
        posted["marks"] = public["marks"]
    return posted | {"collapsed": public["collapsed"]}
