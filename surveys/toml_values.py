"""Typed values taken out of a table of TOML or JSON, each refusal naming the file and the key."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from surveys.errors import SurveyError


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
