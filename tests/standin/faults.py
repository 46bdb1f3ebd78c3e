"""Things that go wrong between a bot and Telegram, on order and repeatable."""

import random
from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a request. `accepted` requests took effect although the answer is wrong or missing.

    telegram.fail("sendMessage", Fault.cut_after, times=3)
    telegram.fail("*", Fault.latency(0.05), times=None)
    """

    kind: Literal["cut", "status", "garbage", "latency"]
    accepted: bool = False
    code: int = 0
    retry_after: int | None = None
    seconds: float = 0.0  # of a round trip
    jitter: float = 0.0  # seconds, more or less

    cut_before: ClassVar["Fault"]  # the connection breaks; nothing happened
    cut_after: ClassVar["Fault"]  # the connection breaks; the request took effect
    garbage: ClassVar["Fault"]  # 200 with a page of a proxy that never asked Telegram
    garbage_after: ClassVar["Fault"]  # 200 with a page of a proxy, after Telegram took the request

    @staticmethod
    def status(code: int, *, retry_after: int | None = None, accepted: bool = False) -> "Fault":
        """An error answer such as 500 or 502, or 429 with `retry_after` seconds."""
        return Fault("status", accepted, code=code, retry_after=retry_after)

    @staticmethod
    def latency(seconds: float, jitter: float = 0.0) -> "Fault":
        """A slow network: half of the time passes before the request takes effect."""
        return Fault("latency", True, seconds=seconds, jitter=jitter)


Fault.cut_before = Fault("cut")
Fault.cut_after = Fault("cut", accepted=True)
Fault.garbage = Fault("garbage")
Fault.garbage_after = Fault("garbage", accepted=True)


@dataclass(slots=True)
class Rule:
    """A fault on order; `hits` counts how often it struck."""

    method: str  # or "*"
    fault: Fault
    times: int | None  # None: until healed
    probability: float
    hits: int = field(default=0)


class Faults:
    """The faults on order. Latencies add up; of the others the first that strikes is the one."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> Rule:
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        self._rules.clear()

    def next(self, method: str) -> tuple[Fault | None, float]:
        """The fault that strikes this request, if any, and the seconds that its round trip takes."""
        struck, seconds = None, 0.0
        for rule in self._rules:
            if rule.method not in ("*", method) or rule.hits == rule.times:
                continue
            if (rule.fault.kind != "latency" and struck) or self._chance.random() >= rule.probability:
                continue
            rule.hits += 1
            if rule.fault.kind == "latency":
                spread = self._chance.uniform(-rule.fault.jitter, rule.fault.jitter)
                seconds += max(rule.fault.seconds + spread, 0.0)
            else:
                struck = rule.fault
        return struck, seconds
