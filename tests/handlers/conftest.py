"""A village on both databases."""

from village import few_topics, village

__all__ = ["few_topics", "village"]
