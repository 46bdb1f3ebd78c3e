"""Follow-up questions: "tốn bao nhiêu?", "ở đâu?", "mấy ngày?" after an answer, answered from that answer.

Pure. The words are looked for without accents, in the spelling that the search reads.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from faq.content.entries import Entry
from faq.search.normal import bounded, words

Facet = Literal["fine", "cost", "place", "time", "papers", "steps", "source"]
LONGEST = 8  # words of a follow-up; a longer message brings its own topic

# What asks for it. Whole words; the first that fits counts, so the plainest come first.
_ASKED: Mapping[Facet, Sequence[str]] = {
    "source": ("nguon nao", "nguon o dau", "van ban nao", "quy dinh nao", "ai noi", "chac khong"),
    "fine": ("bi phat", "phat bao nhieu", "muc phat", "co phat", "phat tien", "phat khong"),
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
        "nhieu tien",
        "may dong",
        "may tien",
        "con tien",
        "tien sao",
        "con phi",
        "phi sao",
        "phi thi sao",
        "phi nhieu",
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
    "place": (
        "o dau",
        "cho nao",
        "noi nao",
        "den dau",
        "di dau",
        "nop dau",
        "lam dau",
        "dia chi",
        "where",
        "ra xa khong",
        "ra xa",
        "den xa",
        "o xa",
        "tren mang",
        "qua mang",
        "online",
    ),
    "papers": ("giay to gi", "giay gi", "mang gi", "dem gi", "mang theo", "can gi", "chuan bi gi", "ho so gi"),
    "steps": (
        "lam sao",
        "lam the nao",
        "nhu the nao",
        "cach nao",
        "cach lam",
        "cac buoc",
        "buoc nao",
        "how",
        "roi sao",
        "sao nua",
        "lam gi nua",
        "lam tiep sao",
    ),
}
# What speaks of it in an answer: a line that is labelled with it, or a sentence that can mean nothing else.
_OFFICES = (
    r"công an|một cửa|trung tâm|ủy ban|bưu điện|chi nhánh|trạm y tế|quầy|cơ quan bảo hiểm|Cổng Dịch vụ công|"
    r"dichvucong|văn phòng đăng ký|đăng ký kinh doanh|đại lý|cửa hàng|VNeID|nhà văn hóa"
)
_SPOKEN: Mapping[Facet, re.Pattern[str]] = {
    "fine": re.compile(r"\bphạt\b", re.I),
    "cost": re.compile(
        r"\d[\d.]*\s*đồng|\b(?:lệ phí|chi phí|mức phí|cước bưu điện|mức đóng|mức hưởng|miễn phí|được miễn|"
        r"không (?:mất|tốn) tiền|không lấy tiền)\b",
        re.I,
    ),
    "time": re.compile(
        r"\d+\s*(?:giờ|ngày|tuần|tháng)\b|\bngày làm việc\b|^\W*(?:\d+\. )?(?:Thời (?:gian|hạn)|Chờ kết quả|Giờ)", re.I
    ),
    "place": re.compile(
        rf"\b(?:đến|tới|ra|nộp|gửi|vào|mở|mang|đem|xin|hỏi|tại|đăng ký)\b[^.;:]{{0,50}}?(?:{_OFFICES})|"
        r"^\W*(?:\d+\. )?(?:Nơi|Chỗ|Địa chỉ)\b[^:]{0,30}:",
        re.I,
    ),
    "papers": re.compile(r"giấy|căn cước|hồ sơ|tờ khai|hợp đồng|sổ|mang theo|hình chụp|\bthẻ\b", re.I),
}
# … and what speaks of something else: a fine and what cheats ask for are no costs, a day of the calendar is no time.
_OTHERWISE: Mapping[Facet, re.Pattern[str]] = {
    "cost": re.compile(r"\bphạt|\blừa|giả mạo|\bkẻ\b|\bđòi\b|doanh thu|\bwifi\b", re.I),
    "place": re.compile(r"đừng|giả\b|^\W*(?:\d+\. )?(?:Lệ phí|Chi phí|Thời gian|Mức)", re.I),
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
    """The lines of the answer that speak of it, or all of it for what is asked of all; "" where none does."""
    if facet not in _SPOKEN:
        return entry.text
    found = (_speaking(line, facet) for line in entry.text.splitlines() if not line.endswith(":"))
    return "\n".join(line for line in found if line)


def _speaking(line: str, facet: Facet) -> str:
    """The sentences of a line that speak of it."""
    otherwise = _OTHERWISE.get(facet)
    return " ".join(
        sentence
        for sentence in _SENTENCE.split(line)
        if _SPOKEN[facet].search(sentence) and not (otherwise and otherwise.search(sentence))
    )
