"""Follow-up questions: "tốn bao nhiêu?", "ở đâu?", "mấy ngày?" after an answer, answered from that answer.

Pure. The words are looked for without accents, in the spelling that the search reads.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from faq.entries import Entry
from faq.normal import bounded, words

Facet = Literal["cost", "place", "time", "papers", "steps", "source"]
LONGEST = 8  # words of a follow-up; a longer message brings its own topic

# What asks for it. Whole words; the first that fits counts, so the plainest come first.
_ASKED: Mapping[Facet, Sequence[str]] = {
    "time": (
        "may ngay",
        "bao lau",
        "bao nhieu ngay",
        "bao nhieu thang",
        "khi nao",
        "chung nao",
        "may gio",
        "bao gio",
        "may thang",
        "lau khong",
        "han",
        "how long",
        "when",
    ),
    "cost": (
        "bao nhieu tien",
        "ton bao nhieu",
        "ton tien",
        "ton phi",
        "mat tien",
        "mat phi",
        "het bao nhieu",
        "phi bao nhieu",
        "le phi",
        "chi phi",
        "gia bao nhieu",
        "dong bao nhieu",
        "mien phi",
        "how much",
        "cost",
        "bao nhieu",
    ),
    "place": ("o dau", "cho nao", "noi nao", "den dau", "di dau", "nop dau", "lam dau", "dia chi", "where"),
    "papers": ("giay to gi", "giay gi", "mang gi", "dem gi", "mang theo", "can gi", "chuan bi gi", "ho so gi"),
    "steps": ("lam sao", "lam the nao", "nhu the nao", "cach nao", "cach lam", "cac buoc", "buoc nao", "how"),
    "source": ("nguon nao", "nguon o dau", "van ban nao", "quy dinh nao", "ai noi", "chac khong"),
}
# What speaks of it in an answer.
_SPOKEN: Mapping[Facet, re.Pattern[str]] = {
    "cost": re.compile(
        r"\d[\d.]*\s*(?:đồng|%)|phí|miễn|không (?:mất|tốn) (?:tiền|phí)|tốn tiền|mức (?:đóng|phạt|hưởng)|giá", re.I
    ),
    "time": re.compile(r"\d+\s*(?:ngày|giờ|tháng|năm|phút)|ngày làm việc|thời gian|thời hạn|giờ làm|hạn", re.I),
    "place": re.compile(
        r"nơi (?:nộp|nhận|làm|cấp)|công an xã|một cửa|trung tâm|ủy ban|UBND|VNeID|Cổng Dịch vụ công|"
        r"dichvucong|bưu điện|ngân hàng|cơ quan|chi nhánh|trạm y tế|\bđến\b|\bra (?:xã|ủy)",
        re.I,
    ),
    "papers": re.compile(r"giấy|căn cước|hồ sơ|tờ khai|hợp đồng|sổ|mang theo|hình chụp|\bthẻ\b", re.I),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def asked(text: str) -> Facet | None:
    """Which side of the last topic a short message asks about; None where it brings a topic of its own."""
    said = [word.folded for word in words(bounded(text))]
    if not 0 < len(said) <= LONGEST:
        return None
    line = f" {' '.join(said)} "
    return next((facet for facet, phrases in _ASKED.items() for phrase in phrases if f" {phrase} " in line), None)


def part(entry: Entry, facet: Facet) -> str:
    """The lines of the answer that speak of it; "" where none does, or where all of it does."""
    pattern = _SPOKEN.get(facet)
    if pattern is None:
        return ""
    found = [line for line in map(lambda line: _speaking(line, pattern), entry.text.splitlines()) if line]
    return "\n".join(found)


def _speaking(line: str, pattern: re.Pattern[str]) -> str:
    """The sentences of a line that match, with its number where it has one."""
    return " ".join(sentence for sentence in _SENTENCE.split(line) if pattern.search(sentence))
