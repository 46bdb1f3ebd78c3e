"""Quiet hours."""

from datetime import UTC, datetime, time

import pytest

from bot.quiet import NEVER, QuietHours


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
