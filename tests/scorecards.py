"""Made-up units, counts and a rule set for tests of scores."""

from datetime import date
from fractions import Fraction

from surveys.results.counts import Scored, Tally
from surveys.rounds.units import Turnout
from surveys.rules.rule_sets import Mark, Rule

QUESTIONS = (
    Scored("duong", "Đường giao thông", "content"),
    Scored("truong", "Trường học", "content"),
    Scored("chung", "Hài lòng chung", "overall"),
)
MARKS = (
    Mark("Bình quân", "content_mean", Fraction(95, 100)),
    Mark("Chung", "overall", Fraction(98, 100)),
    Mark("Từng câu", "each_content", Fraction(90, 100)),
)
RULE = Rule(
    id="thu",
    title="Thử",
    basis="Văn bản thử",
    source="https://example.org",
    status="unconfirmed",
    valid_from=date(2024, 10, 1),
    valid_to=None,
    level="commune",
    quota=Fraction(70, 100),
    quota_strict=False,
    marks=MARKS,
)


def commune(ballots: int, households: int | None) -> Turnout:
    return Turnout(1, "commune", "31582", "Thuận Hòa", households, ballots)


def hamlet(number: int, ballots: int, households: int | None) -> Turnout:
    return Turnout(1 + number, "hamlet", "31582", f"Ấp {number}", households, ballots, parent=1)


def overall_only(ballots: int, satisfied: int) -> Tally:
    return Tally(ballots, {"chung": satisfied}, {"chung": ballots - satisfied}, {0: ballots})
