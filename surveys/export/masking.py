"""Numbers that lead to a person are taken out of what people typed: phones, identity papers, accounts, addresses."""

import re

NUMBER, MAIL = "[số]", "[thư]"  # never longer in bytes than what they stand for

_MONEY = r"\d{1,3}(?:[.,\s]\d{3})+(?=\s*(?:đ|d|vn|đồng|dong|triệu|tỷ|tỉ)\b)"
# Eight digits or more, with what people put between them: 0912 345 678, +84.912.345.678, 094-123-456-789.
_DIGITS = r"\+?\d(?:[\s.\-–()/]{0,2}\d){7,}"
_DATE = r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b"
_FOUND = re.compile(rf"(?P<mail>[^\s@]+@[^\s@]+\.\w{{2,}})|(?P<keep>{_DATE}|{_MONEY})|(?P<number>{_DIGITS})", re.I)
_MAY_HOLD = re.compile(r"@|\d")


def mask(text: str) -> str:
    """The text without them. Names and places stay: no rule finds those, a person must read for them."""
    return _FOUND.sub(_instead, text) if _MAY_HOLD.search(text) else text


def _instead(found: re.Match[str]) -> str:
    if found["keep"]:
        return found["keep"]
    return MAIL if found["mail"] else NUMBER
