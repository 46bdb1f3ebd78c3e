"""Whom to call in danger: the short numbers with what they rest on, and a place's own before them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from faq.danger import KINDS, Kind

Role = Literal["duty", "police", "fire", "medical", "rescue", "child"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call. `basis` and `as_of` are empty for a place's own: there the operator answers for it."""

    digits: str
    role: Role
    basis: str = ""
    as_of: str = ""  # "2025-09", "2025"


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What a site, or one of its communes, has set: numbers that somebody answers day and night, by role."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by the commune's code

    def at(self, commune: str) -> Mapping[str, str]:
        """Those of a commune; where it has none for a role, the site's."""
        own = {**self.everywhere, **{role: digits for role, digits in self.communes.get(commune, {}).items() if digits}}
        return {role: digits for role, digits in own.items() if digits}


NO_OWN_NUMBERS = OwnNumbers()


@dataclass(frozen=True, slots=True)
class _Shipped:
    numbers: Mapping[str, Number]
    kinds: Mapping[Kind, Sequence[str]]
    review_by: date


def whom_to_call(kind: Kind, own: Mapping[str, str]) -> tuple[Number, ...]:
    """The numbers for a danger, in the order to try them: who is on duty, the place's own of its kind, the short."""
    shipped = _shipped()
    short = [shipped.numbers[digits] for digits in shipped.kinds[kind]]
    roles: list[Role] = ["duty", *(number.role for number in short)]
    local = [Number(own[role], role) for role in roles if role in own and not (kind == "self" and role == "police")]
    return (*local, *short)


def review_by() -> date:
    """When the basis of the short numbers has to be looked at again."""
    return _shipped().review_by


@cache
def _shipped() -> _Shipped:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    numbers = {
        digits: Number(digits, about["role"], about["basis"], about["as_of"])
        for digits, about in read["numbers"].items()
    }
    return _Shipped(numbers, {kind: tuple(read["kinds"][kind]) for kind in KINDS}, read["review_by"])
