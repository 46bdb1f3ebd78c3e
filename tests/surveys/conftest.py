"""A village on both databases."""

from village import filled_postgres, filled_sqlite, filled_url, village

__all__ = ["filled_postgres", "filled_sqlite", "filled_url", "village"]
