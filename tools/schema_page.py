"""Write docs/schema.md, every table with its columns, from storage/tables: `make pages`.

What a column is for is the comment at the end of its declaration; a test keeps the page fresh.
"""

import inspect
import io
import re
import sys
import textwrap
import tokenize
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

from storage.tables import Base

PAGE = Path(__file__).parent.parent / "docs" / "schema.md"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_DECLARED = re.compile(r"\s*(\w+): Mapped\[")
_GOES = {"CASCADE": ", goes with it", "SET NULL": ", emptied when it goes"}
_INTRODUCTION = """\
# The schema

<!-- Made by tools/schema_page.py (make pages) from storage/tables/; edit those. -->

Types are PostgreSQL's; SQLite has its own for the same. Moments are aware and in UTC. What may be empty is marked;
everything else is always there. History: `alembic/versions/`. Why ballots and people have no key in common:
[ADR 9](adr/0009-ballots-apart-from-people.md).
"""


def page() -> str:
    """The whole page: a part for each file of storage/tables, a table for each table."""
    classes = sorted((mapper.class_ for mapper in Base.registry.mappers), key=_place)
    parts = [_INTRODUCTION]
    for name, group in groupby(classes, key=lambda each: each.__module__):
        subject = name.rpartition(".")[2]
        parts.append(f"## {subject}\n\n{_told(sys.modules[name], subject)}\n")
        parts += [_table(each) for each in group]
    return "\n".join(parts)


def _place(each: type) -> tuple[str, int]:
    """Files by name, tables as they stand in them."""
    return each.__module__, inspect.getsourcelines(each)[1]


def _told(described: type | ModuleType, subject: str = "") -> str:
    """The first paragraph of a docstring; without the subject, where that is a heading already."""
    paragraph = " ".join(inspect.cleandoc(described.__doc__ or "").partition("\n\n")[0].split())
    told = re.sub(rf"^{subject}: ", "", paragraph, flags=re.IGNORECASE)
    return told[:1].upper() + told[1:]


def _table(each: type) -> str:
    table: Table = each.__table__  # type: ignore[attr-defined]
    comments = _comments(each)
    lines = [f"### {table.name}\n", f"{_told(each, table.name)}\n"]
    lines += ["| column | type | empty | key | is |", "|---|---|---|---|---|"]
    lines += [_row(column, comments.get(column.key, "")) for column in table.columns]
    more = sorted(_more(table))
    return "\n".join([*lines, *([""] if more else []), *more, ""])


def _row(column: Column[Any], comment: str) -> str:
    kind = column.type.compile(dialect=_DIALECT).lower()
    kind = kind.replace("timestamp with time zone", "timestamptz")
    return f"| `{column.name}` | {kind} | {'yes' if column.nullable else ''} | {_key(column)} | {comment} |"


def _key(column: Column[Any]) -> str:
    keys = ["primary"] if column.primary_key else []
    keys += [f"→ `{key.target_fullname}`{_GOES.get(key.ondelete or '', '')}" for key in column.foreign_keys]
    keys += ["unique"] if column.unique else ["index"] if column.index else []
    return "; ".join(keys)


def _more(table: Table) -> Iterator[str]:
    """Constraints and indexes over several columns, or over some rows only."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1:
            yield f"- unique: {_names(constraint)}"
        elif isinstance(constraint, CheckConstraint):
            yield f"- check: `{constraint.sqltext}`"
    for index in table.indexes:
        rows = index.dialect_options["postgresql"]["where"]
        if len(index.columns) > 1 or rows is not None:
            where = f" where `{rows}`" if rows is not None else ""
            yield f"- {'unique' if index.unique else 'index'}: {_names(index)}{where}"


def _names(over: UniqueConstraint | Index) -> str:
    return ", ".join(f"`{column.name}`" for column in over.columns)


def _comments(each: type) -> dict[str, str]:
    """What stands behind `#` at the end of each column's declaration."""
    found: dict[str, str] = {}
    column = ""
    source = textwrap.dedent(inspect.getsource(each))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if declared := _DECLARED.match(token.line):
            column = declared[1]
        if token.type == tokenize.COMMENT and column and token.line.strip() != token.string:
            found[column] = token.string.removeprefix("#").strip().replace("|", "\\|")
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
