"""The Bot API's own types, compiled into checks: is this request, or this update, exactly as documented?

A check takes a value and returns "" or where and what is wrong, such as
`reply_markup.inline_keyboard[0][0]: unknown field txt`. They are compiled once, so that a bench can send
thousands of validated messages a second.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

Check = Callable[[Any], str]

UPLOADED = object()  # stands for a file that came as a part of a multipart request


class Schema:
    """Every method's parameters and every type, from `botapi.json`."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.version: str = source["version"]
        self._checks: dict[str, Check] = dict(PRIMITIVES)
        for name, entry in source["types"].items():
            if name not in PRIMITIVES:
                self._checks[name] = self._any_of(entry) if isinstance(entry, str) else self._object(entry)
        self._methods = {
            name: (self._object(fields), {key.rstrip("!"): _reader(types) for key, types in fields.items()})
            for name, fields in source["methods"].items()
        }
        self._names = {name.lower(): name for name in source["methods"]}

    def method(self, name: str) -> str | None:
        """The method's proper name; the server does not mind upper and lower case."""
        return self._names.get(name.lower())

    def request_problem(self, method: str, parameters: dict[str, Any]) -> str:
        """What is wrong with the parameters of a call, or ""."""
        return self._methods[method][0](parameters).lstrip(".: ")

    def type_problem(self, name: str, value: Any) -> str:
        """What is wrong with a value of a type such as `Update`, or ""."""
        return self._checks[name](value).lstrip(".: ")

    def from_form(self, method: str, fields: dict[str, str]) -> dict[str, Any]:
        """The parameters of a form post, where everything but a string is JSON. Raises ValueError."""
        readers = self._methods[method][1]
        return {name: readers[name](text) if name in readers else text for name, text in fields.items()}

    def _object(self, entry: dict[str, str]) -> Check:
        fields = {key.rstrip("!"): self._any_of(types) for key, types in entry.items()}
        required = {key.rstrip("!") for key in entry if key.endswith("!")}

        def check(value: Any) -> str:
            if type(value) is not dict:
                return ": must be an object"
            for name, member in value.items():
                field = fields.get(name)
                if field is None:
                    return f": unknown field {name}"
                if problem := field(member):
                    return f".{name}{problem}"
            if missing := required - value.keys():
                return f": missing field {', '.join(sorted(missing))}"
            return ""

        return check

    def _any_of(self, types: str) -> Check:
        checks = [self._one(name) for name in types.split("|")]
        if len(checks) == 1:
            return checks[0]

        def check(value: Any) -> str:
            problems = []
            for candidate in checks:
                problem = candidate(value)
                if not problem:
                    return ""
                problems.append(problem)
            # The alternative that was understood furthest is the one that was meant.
            return max(problems, key=lambda problem: len(problem.partition(":")[0]))

        return check

    def _one(self, name: str) -> Check:
        if name.startswith("["):
            return _array(self._any_of(name[1:-1]))
        return lambda value: self._checks[name](value)  # looked up late: types refer to each other


def _array(item: Check) -> Check:
    def check(value: Any) -> str:
        if type(value) is not list:
            return ": must be an array"
        for index, member in enumerate(value):
            if problem := item(member):
                return f"[{index}]{problem}"
        return ""

    return check


def _exactly(name: str, *accepted: type) -> Check:
    def check(value: Any) -> str:
        return "" if type(value) in accepted else f": must be {name}"

    return check


def _file(value: Any) -> str:
    return "" if value is UPLOADED else ": must be an uploaded file"


PRIMITIVES: dict[str, Check] = {
    "Integer": _exactly("Integer", int),
    "Float": _exactly("Float", float, int),
    "String": _exactly("String", str),
    "Boolean": _exactly("Boolean", bool),
    "InputFile": _file,
}


def _reader(types: str) -> Callable[[str], Any]:
    """How a form field of these types is read."""
    if types in ("String", "InputFile|String"):
        return str
    if types == "Integer|String":  # a chat id or an @username
        return lambda text: int(text) if text.lstrip("-").isdecimal() else text
    return json.loads


@cache
def bot_api() -> Schema:
    """The schema of the Bot API version that the stand-in speaks."""
    return Schema(json.loads((Path(__file__).parent / "botapi.json").read_text(encoding="utf-8")))
