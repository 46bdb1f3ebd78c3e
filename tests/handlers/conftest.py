"""A village on both databases."""

from village import few_topics, filled_postgres, filled_sqlite, filled_url, village

__all__ = ["few_topics", "filled_postgres", "filled_sqlite", "filled_url", "village"]
