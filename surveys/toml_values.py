"""Dated data in TOML: a file read, and typed values taken out of it, each refusal naming the file and the key."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast

from surveys.errors import SurveyError

Status = Literal["confirmed", "unconfirmed"]  # by an authority's text


def read_toml(path: Path, error: type[SurveyError]) -> dict[str, Any]:
    """The values of a file. Raises `error`, in a sentence, for one that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise error(f"{path.name}: không đọc được tệp ({problem})") from problem


class Keys:
    """Takes typed values out of a TOML or JSON table; what is left at `finish` is an unknown key."""

    def __init__(self, where: str, values: Mapping[str, Any], error: type[SurveyError]) -> None:
        self.where = where
        self._error = error
        self.values = dict(values)

    def error(self, key: str, problem: str) -> SurveyError:
        return self._error(f"{self.where}: khóa “{key}” {problem}")

    def has(self, key: str) -> bool:
        """Whether the key holds something; an empty text, as JSON keeps "no end", is dropped."""
        if self.values.get(key) == "":
            del self.values[key]
        return key in self.values

    def take(self, key: str) -> Any:
        if key not in self.values:
            raise self.error(key, "còn thiếu")
        return self.values.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "phải là chữ và không được để trống")
        return value

    def texts(self, key: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts, perhaps of these only; empty where the key is left out."""
        values = self.values.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "phải là danh sách chữ")
        if allowed and not set(values) <= set(allowed):
            raise self.error(key, f"chỉ nhận: {', '.join(allowed)}")
        return tuple(values)

    def one_of(self, key: str, *allowed: str) -> str:
        value = self.take(key)
        if value not in allowed:
            raise self.error(key, f"phải là một trong: {', '.join(allowed)}")
        return str(value)

    def status(self) -> Status:
        """Whether an authority's text confirms what the file says."""
        return cast(Status, self.one_of("status", "confirmed", "unconfirmed"))

    def period(self) -> tuple[date, date | None]:
        """From when until when it rules; no end where none is known."""
        begins = self.day("valid_from")
        ends = self.day("valid_to") if self.has("valid_to") else None
        if ends and ends < begins:
            raise self.error("valid_to", "không được sớm hơn “valid_from”")
        return begins, ends

    def tables(self, key: str, problem: str) -> list[Mapping[str, Any]]:
        """A list of tables, perhaps an empty one; `problem` says what each is."""
        values = self.take(key)
        if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
            raise self.error(key, f"phải là danh sách {problem}")
        return values

    def table(self, key: str) -> "Keys":
        """A table within this one."""
        values = self.take(key)
        if not isinstance(values, Mapping):
            raise self.error(key, "phải là một mục")
        return Keys(f"{self.where}, {key}", values, self._error)

    def days(self, key: str) -> int:
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.error(key, "phải là số ngày, từ 1")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "phải là true hoặc false")
        return value

    def day(self, key: str) -> date:
        value = self.take(key)
        try:
            return value if type(value) is date else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.error(key, "phải là ngày, dạng năm-tháng-ngày như 2024-10-01") from None

    def share(self, key: str) -> Fraction:
        value = self.take(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:
            raise self.error(key, "phải là tỷ lệ từ 0 đến 1, như 0.95 cho 95 %")
        return Fraction(str(value))  # a float by its shortest decimal: 0.95 is exactly 95/100

    def finish(self) -> None:
        for key in self.values:
            raise self.error(key, "không dùng ở đây")
