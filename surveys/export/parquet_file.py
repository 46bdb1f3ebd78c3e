"""Parquet, for R, Python and DuckDB: typed columns, questions as their descriptions."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveys.export.columns import PLACE, PLACE_LABELS, Column, Kind
from surveys.export.rows import Row
from surveys.export.sheet import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 50_000  # rows of a row group, and in memory at once


def write_parquet(sheet: Sheet, path: Path) -> None:
    """A row for each ballot, in row groups; labels as dictionaries, several choices as lists."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [pa.field(name, _type("choice"), metadata={"label": PLACE_LABELS[name]}) for name in PLACE]
    fields += [pa.field(column.name, _type(column.kind), metadata=_described(column)) for column in sheet.columns]
    about = {"round": sheet.round.name, "form": sheet.form.name, "digest": sheet.form.digest}
    schema = pa.schema(fields, metadata=about)
    waiting: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in sheet.chunks:
            cells: list[list[Any]] = [[place[at] for place, _, _ in chunk] for at in range(3)]
            cells.append([mode for _, mode, _ in chunk])
            cells += [_values(column, chunk) for column in sheet.columns]
            arrays = [_array(values, field.type) for values, field in zip(cells, schema, strict=True)]
            waiting.append(pa.record_batch(arrays, schema=schema))
            if sum(batch.num_rows for batch in waiting) >= GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema).unify_dictionaries())
                waiting.clear()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, schema).unify_dictionaries())


def _type(kind: Kind) -> "pa.DataType":
    import pyarrow as pa

    kinds: dict[Kind, pa.DataType] = {
        "text": pa.string(),
        "choice": pa.dictionary(pa.int32(), pa.string()),
        "choices": pa.list_(pa.string()),
        "integer": pa.int64(),
        "decimal": pa.float64(),
        "date": pa.date32(),
    }
    return kinds[kind]


def _array(values: list[Any], type: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    if pa.types.is_dictionary(type):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, type)


def _described(column: Column) -> dict[str, str]:
    options = {"options": json.dumps(dict(column.options), ensure_ascii=False)} if column.options else {}
    return {"label": column.label, **options}


def _values(column: Column, chunk: Iterable[Row]) -> list[Any]:
    plain = column.plain
    values = [plain(answers) for _, _, answers in chunk]
    if column.kind == "date":
        return [value and date.fromisoformat(str(value)) for value in values]
    if column.kind == "decimal":
        return [float(value) if isinstance(value, int | float) else None for value in values]
    return values
