"""Vietnamese time on the command line and in messages."""

from datetime import UTC, datetime

import pytest

from surveys.errors import SurveyError
from surveys.local_time import parse_moment, say_date, say_moment

NOW = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        ("2026-12-01T08:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("2026-12-01 08:00:30", datetime(2026, 12, 1, 1, 0, 30, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 17, 0, tzinfo=UTC)),
        ("2026-12-01T08:00Z", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("2026-12-01T08:00+02:00", datetime(2026, 12, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_vietnamese_time(text: str, moment: datetime) -> None:
    found = parse_moment(text, NOW)
    assert found == moment and found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "hôm nay", "01/12/2026", "2026-13-01", "2026-12-01T25:00", "0001-01-01", "9999-12-31T23:59-14:00"],
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SurveyError, match="không đúng; viết như 2026-12-01T08:00 hoặc now"):
        parse_moment(text, NOW)


def test_moments_are_said_as_vietnam_reads_them() -> None:
    late = datetime(2026, 11, 30, 18, 5, tzinfo=UTC)
    assert say_moment(late) == "01:05, 01/12/2026"
    assert say_date(late) == "01/12/2026"
