"""The sample's units, ready to copy."""

from village import filled_sqlite

__all__ = ["filled_sqlite"]
