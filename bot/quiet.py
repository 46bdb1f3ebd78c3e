"""Quiet hours, as the delivery knows them."""

from surveys.quiet import NEVER, QuietHours

__all__ = ["NEVER", "QuietHours"]
