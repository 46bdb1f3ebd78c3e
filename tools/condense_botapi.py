"""Condense the machine-readable Telegram Bot API into the schema that the stand-in validates with.

    python tools/condense_botapi.py botapi.json > tests/standin/botapi.json

The input lists every method and type with the names, types and required flags of its fields, in the format of
https://github.com/PaulSonOfLars/telegram-bot-api-spec (MIT). Kept are all methods' parameters and every type
that can be reached from them or from an update, in a form a person can still read:

    "sendMessage": {"chat_id!": "Integer|String", "entities": "[MessageEntity]", …}

`!` marks a required field, `[X]` an array of X, `|` alternatives. A type with subtypes is a string of them.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARRAY = "Array of "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("specification", type=Path, help="the full specification, JSON")
    full = json.loads(parser.parse_args().specification.read_text(encoding="utf-8"))
    sys.stdout.write(laid_out(condense(full)))


def condense(full: dict[str, Any]) -> dict[str, Any]:
    """The methods' parameters and the types within their reach."""
    methods = {name: condensed(method) for name, method in full["methods"].items()}
    kept: dict[str, Any] = {}
    waiting = ["Update", *(name for method in methods.values() for name in mentioned(method))]
    while waiting:
        name = waiting.pop()
        if name in full["types"] and name not in kept:
            kept[name] = condensed(full["types"][name])
            waiting += mentioned(kept[name])
    return {
        "version": full["version"],
        "source": full["source"],
        "methods": methods,
        "types": dict(sorted(kept.items())),
    }


def condensed(entry: dict[str, Any]) -> dict[str, str] | str:
    """One method or type: its fields, or the alternatives it stands for."""
    if "subtypes" in entry:
        return alternatives(entry["subtypes"])
    return {field["name"] + "!" * field["required"]: alternatives(field["types"]) for field in entry.get("fields", [])}


def laid_out(schema: dict[str, Any]) -> str:
    """JSON with one method or type a line: small, and a new version of the API shows as a readable diff."""
    parts = [f'"{key}": {json.dumps(schema[key])}' for key in ("version", "source")]
    for key in ("methods", "types"):
        lines = ",\n".join(
            f"{json.dumps(name)}:{json.dumps(entry, separators=(',', ':'))}" for name, entry in schema[key].items()
        )
        parts.append(f'"{key}": {{\n{lines}\n}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def alternatives(types: list[str]) -> str:
    return "|".join(bracketed(name) for name in types)


def bracketed(name: str) -> str:
    return f"[{bracketed(name.removeprefix(ARRAY))}]" if name.startswith(ARRAY) else name


def mentioned(entry: dict[str, str] | str) -> Iterator[str]:
    """The names of the types that an entry refers to."""
    for types in [entry] if isinstance(entry, str) else entry.values():
        yield from re.findall(r"\w+", types)


if __name__ == "__main__":
    main()
