"""Quiet hours, as the delivery knows them."""

from surveys.rounds.quiet_hours import NEVER, QuietHours

__all__ = ["NEVER", "QuietHours"]
