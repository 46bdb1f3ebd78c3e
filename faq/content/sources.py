"""Where an answer comes from and when that held, as a person is told: the two best sources, never an invented one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?!\d))?")  # "2025-11", "about 2025-11", "2022-2023"
_LOCAL = "bài viết của địa phương"  # sources without an address
_OLD, _TOLD = "2021", 2  # the first year that is not old; how many sources are told
# Newspapers of the State, the Party and large publishers, and law portals; the State's own pages end in .gov.vn.
_KNOWN = frozenset(
    """
    chinhphu.vn vietnamplus.vn vtv.vn vov.vn nhandan.vn qdnd.vn cand.com.vn daibieunhandan.vn vietnam.vn
    baoquocte.vn tuoitre.vn thanhnien.vn vnexpress.net laodong.vn plo.vn dantri.com.vn vietnamnet.vn
    tienphong.vn nld.com.vn sggp.org.vn danviet.vn congly.vn cafef.vn suckhoedoisong.vn laodongthudo.vn
    baotravinh.vn baolamdong.vn baohaiduong.vn huengaynay.vn baobariavungtau.com.vn thuvienphapluat.vn
    luatvietnam.vn lawnet.vn vnpost.vn mobifone.vn
    """.split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: an address or the name of a text, and when it held ("2025-11", "2024", "")."""

    name: str
    as_of: str


def source_line(sources: Sequence[Source]) -> str:
    """Where an answer comes from and when that held: the two best; or that nobody wrote it down.

    The State's own pages come before newspapers, the newer before the older. Old or unknown ones are told only where
    there is nothing better: to somebody who distrusts us they are worse than none.
    """
    newest: dict[str, str] = {}
    for source in sources:
        name = _short(source.name)
        newest[name] = max(newest.get(name, ""), *dates_of(source.as_of), "")
    if not newest:
        return "Nguồn: chưa có văn bản, bà con hỏi lại xã cho chắc"
    best = sorted(newest, key=lambda name: (newest[name] >= _OLD, _authority(name), newest[name]), reverse=True)
    good = [name for name in best if newest[name] >= _OLD and _authority(name)] or best
    until = "tính đến "  # said once; the dates after it explain themselves
    told = []
    for name in good[:_TOLD]:
        told.append(f"{name} ({until if newest[name] else ''}{spoken_date(newest[name])})")
        until = "" if newest[name] else until
    return f"Nguồn: {', '.join(told)}"


def spoken_date(as_of: str) -> str:
    """A source's date as people say it: "11/2025"."""
    year, _, month = as_of.partition("-")
    return f"{month}/{year}" if month else year or "không ghi ngày"


def dates_of(as_of: str) -> list[str]:
    """The dates in a note such as "about 2025-11" or "2022-2023"."""
    return ["-".join(filter(None, found)) for found in _DATE.findall(as_of)]


def _authority(name: str) -> int:
    """2: the State; 1: a newspaper or law portal that people know, or the commune's own text; 0: anybody."""
    if name.endswith(".gov.vn"):
        return 2
    return int(name == _LOCAL or any(name == each or name.endswith(f".{each}") for each in _KNOWN))


def _short(name: str) -> str:
    """The host of an address."""
    return name.split("/")[2].removeprefix("www.") if name.startswith(("http://", "https://")) else _LOCAL
