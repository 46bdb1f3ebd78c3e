"""The search that the program comes with."""

from indexes import shipped

__all__ = ["shipped"]
