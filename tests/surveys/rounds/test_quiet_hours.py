"""Quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from surveys.rounds.quiet_hours import NEVER, QuietHours


@pytest.mark.parametrize(
    ("vietnamese", "quiet"), [("20:59", False), ("21:00", True), ("00:30", True), ("06:59", True), ("07:00", False)]
)
def test_the_night_is_quiet_in_vietnamese_time(vietnamese, quiet):
    moment = datetime.fromisoformat(f"2026-12-01T{vietnamese}+07:00").astimezone(UTC)
    assert QuietHours().at(moment) is quiet


def test_a_pause_at_noon_does_not_go_over_midnight():
    noon = QuietHours(time(11, 30), time(13, 30))
    assert noon.at(datetime.fromisoformat("2026-12-01T12:00+07:00"))
    assert not noon.at(datetime.fromisoformat("2026-12-01T22:00+07:00"))


def test_equal_hours_are_never_quiet():
    assert not NEVER.at(datetime.fromisoformat("2026-12-01T00:00+07:00"))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-12-01T09:00", 2, "2026-12-01T11:00"),
        ("2026-12-01T20:00", 1, "2026-12-01T21:00"),  # done on the stroke
        ("2026-12-01T20:00", 2, "2026-12-02T08:00"),
        ("2026-12-01T23:00", 2, "2026-12-02T09:00"),
        ("2026-12-01T05:00", 2, "2026-12-01T09:00"),
        ("2026-12-01T07:00", 15, "2026-12-02T08:00"),
        ("2026-12-01T07:00", 29, "2026-12-03T08:00"),
    ],
)
def test_work_rests_at_night(start, hours, end):
    begun = datetime.fromisoformat(f"{start}+07:00")
    assert QuietHours().after(begun, timedelta(hours=hours)) == datetime.fromisoformat(f"{end}+07:00")


def test_work_never_rests_where_it_is_never_quiet():
    begun = datetime.fromisoformat("2026-12-01T20:00+07:00")
    assert NEVER.after(begun, timedelta(hours=50)) == begun + timedelta(hours=50)
    assert (str(QuietHours()), str(NEVER)) == ("21:00–07:00", "")
