"""The words for the values of a closed set: all of them, or the program does not start.

`labels.toml` holds what is said in Vietnamese only, by commands and on papers; the catalogues of conversations and
pages are checked by the same function.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

FILE = Path(__file__).with_name("labels.toml")

Value = TypeVar("Value", bound=str)


class CatalogueError(Exception):
    """A text is missing, or has other placeholders; the message is one sentence that names the file and the key."""


def labels(prefix: str, values: Iterable[Value], file: Path = FILE) -> dict[Value, str]:
    """What each value is called, in the order of the values. Raises `CatalogueError` where one has no words."""
    known = list(values)
    texts = _read(file)
    require_labels(texts, f"{file.parent.name}/{file.name}", prefix, known)
    return {value: texts[f"{prefix}.{value}"] for value in known}


def require_labels(texts: Mapping[str, str], where: str, prefix: str, values: Iterable[str]) -> None:
    """Raises `CatalogueError` naming the first of the values that has no words under this prefix."""
    for value in values:
        if not texts.get(f"{prefix}.{value}"):
            raise CatalogueError(f"{where}: {prefix}.{value} is missing; every value of {prefix} needs its words")


def flattened(sections: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a catalogue by dotted key: those of `[state.round]` are `state.round.draft` and so on."""
    for key, value in sections.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


@cache
def _read(file: Path) -> dict[str, str]:
    try:
        return dict(flattened(tomllib.loads(file.read_text(encoding="utf-8"))))
    except ValueError as error:
        raise CatalogueError(f"{file.parent.name}/{file.name}: {error}") from None
