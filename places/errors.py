"""What a person must mend before places can go on.

PlaceError          one clear Vietnamese sentence
└── RowErrors       a file with wrong rows; `problems` has one sentence for each
"""

from collections.abc import Sequence

_SHOWN = 5  # problems in the message itself; the rest are counted


class PlaceError(Exception):
    """Something a person must mend; the message says what, in Vietnamese."""


class RowErrors(PlaceError):
    """Rows of a file that must be mended; nothing of the file was used."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - _SHOWN
        tail = f"; và {more} chỗ khác" if more > 0 else ""
        super().__init__(f"{file}: " + "; ".join(self.problems[:_SHOWN]) + tail)
