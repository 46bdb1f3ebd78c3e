"""A closed round's ballots as a file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy import Connection

from surveys.atomic_files import digest, replacing
from surveys.export.columns import question_columns, split_texts
from surveys.export.csv_file import write_csv, write_texts
from surveys.export.json_file import write_json
from surveys.export.parquet_file import write_parquet
from surveys.export.rows import Places, Row, count_ballots, read_rows
from surveys.export.sav_file import write_sav
from surveys.export.sheet import Sheet
from surveys.export.xlsx_file import write_xlsx
from surveys.results.results import require_open_answers, score
from surveys.results.round_score import RoundScore
from surveys.results.suppression import SMALL
from surveys.rounds.round_form import round_form
from surveys.rounds.rounds import find_round

Format = Literal["csv", "xlsx", "sav", "parquet", "json"]
Texts = Literal["together", "apart", "none"]
FORMATS: tuple[Format, ...] = get_args(Format)
TEXTS: tuple[Texts, ...] = get_args(Texts)
_WRITERS: dict[Format, Callable[[Sheet, Path], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "sav": write_sav,
    "parquet": write_parquet,
    "json": write_json,
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What is about to take its place."""

    round: int
    format: Format
    texts: Texts
    rows: int
    sha256: str  # of the file, in hex
    merged: int  # hamlets told as their commune only
    texts_file: Path | None


def _nothing(_told: object) -> None:
    pass


def export(
    connection: Connection,
    key: str | int,
    format: Format,
    out: Path,
    *,
    texts: Texts | None = None,
    small: int = SMALL,
    before: Callable[[Exported], None] = _nothing,
    progress: Callable[[int], None] = _nothing,
) -> Exported:
    """Write the round's ballots, a row each, in the order of their tags, which after the close is random.

    Free texts are masked, and told at most with their commune: `together` in the ballot's row, which then has no
    hamlet; `apart` in an order of their own, on a sheet of the workbook or in a file beside (`FILE-texts.csv`);
    or not at all. Without a word of it: apart in a workbook, together elsewhere. A hamlet with fewer than `small`
    rows is told as its commune. `before` is called when all is written and nothing has taken its place yet,
    `progress` with the number of rows written since. A failure leaves the file at `out` as it was. Raises
    `SurveyError` before the close, and where the file cannot be written.
    """
    row = find_round(connection, key)
    require_open_answers(connection, row.id)
    form = round_form(connection, row.form_id)
    texts = texts or ("apart" if format == "xlsx" else "together")
    columns, written = split_texts(question_columns(form))
    inline = written if texts == "together" else ()
    told = score(connection, row.id, small=small)
    places = Places.read(connection, row.id, inline, small=small, withheld=_withheld(told))
    sheet = Sheet(
        connection=connection,
        round=row,
        form=form,
        places=places,
        columns=tuple(one for one in question_columns(form) if one in columns or one in inline),
        texts=written if texts == "apart" else (),
        rows=count_ballots(connection, row.id),
        chunks=_counted(read_rows(connection, row.id, places, inline), progress),
        small=small,
        score=told,
    )
    with ExitStack() as stack:
        beside = stack.enter_context(replacing(out))
        _WRITERS[format](sheet, beside)
        texts_file = None
        if sheet.texts and format != "xlsx":
            texts_file = out.with_name(f"{out.stem}-texts.csv")
            write_texts(sheet, stack.enter_context(replacing(texts_file)))
        exported = Exported(row.id, format, texts, sheet.rows, digest(beside), places.merged, texts_file)
        before(exported)
    return exported


def _withheld(told: RoundScore) -> set[int]:
    """The units that officials do not read in some table, with others of the same parent.

    A single one, or one beside ballots of no place, is known by those rows anyway.
    """
    ids = {unit.key: unit.id for unit in told.units}
    groups = [one.units for unit in told.heads for one in unit.together if len(one.units) > 1]
    return {ids[key] for group in groups for key in group}


def _counted(chunks: Iterable[list[Row]], progress: Callable[[int], None]) -> Iterator[list[Row]]:
    for chunk in chunks:
        yield chunk
        progress(len(chunk))
