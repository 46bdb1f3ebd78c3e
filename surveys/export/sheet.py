"""What every format is given to write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from surveys.export.columns import PLACE, Column
from surveys.export.rows import Place, Places, Row, longest_text, read_texts
from surveys.forms.form import Form
from surveys.results.results import score
from surveys.results.round_score import RoundScore
from surveys.rounds.round_row import RoundRow


@dataclass(frozen=True)
class Sheet:
    """A closed round, its columns, and its ballots in chunks, to be read once."""

    connection: Connection
    round: RoundRow
    form: Form
    places: Places
    columns: Sequence[Column]  # that are written beside the place
    texts: Sequence[Column]  # free texts that are written apart, or nowhere
    rows: int
    chunks: Iterable[list[Row]]
    small: int  # fewer ballots of one hamlet than this are not told as the hamlet's
    score: RoundScore  # as officials read it

    @property
    def names(self) -> tuple[str, ...]:
        return (*PLACE, *(column.name for column in self.columns))

    @cached_property
    def public(self) -> RoundScore:
        """The scores as everybody reads them."""
        return score(self.connection, self.round.id, small=self.small, public=True)

    def texts_apart(self) -> Iterator[tuple[Place, Column, str]]:
        return read_texts(self.connection, self.round.id, self.places, self.texts)

    def longest(self, column: Column) -> int:
        return longest_text(self.connection, self.round.id, column)
