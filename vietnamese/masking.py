"""Personal data out of what people typed. Pure. One set of patterns; who keeps or passes on a text says what to hide.

`mask_everything` for what an editor reads, rather too much than too little; `mask_numbers` for what is exported, where
dates and sums must stay; `mask_mobiles` for what somebody of the staff writes, who may name an office's number.
"""

import re

HIDDEN = "[…]"
_LONGEST = 500  # characters of a question that are worth keeping

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_LINK = re.compile(r"https?://\S+|www\.\S+", re.I)  # links carry codes and names
_ACCOUNT = re.compile(r"(?<![\w.])@\w{3,}")
_MOBILE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){9}(?!\d)")  # ten digits: a person's; offices have more, or fewer
# Eight digits or more, with what people put between them: phones, identity papers, bank cards, insurance, birth dates.
_NUMBER = re.compile(r"\+?\d(?:[\s.\-–()/]{0,2}\d){7,}")
_DATE = re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}\b")
_CERTIFICATE = re.compile(r"\b[A-Z]{2}\s?\d{6,}\b", re.I)  # and insurance cards
_PLATE = re.compile(r"\b\d{2}[A-Z]\d?[\s-]?\d{3}\.?\d{2}\b", re.I)
_CODE = re.compile(r"\b\d{5,}\b")  # OTPs, files
# Up to five words after what announces a name. Accents or none, capitals or none.
_NAME = re.compile(
    r"\b((?:tôi|toi|tui|em|con|cháu|chau|mình|minh|anh|chị|chi|ông|ong|bà|ba|vợ|chồng|con trai|con gái|"
    r"họ và|ho va|họ|ho|tên tôi|ten toi)?\s*"
    r"(?:tên là|ten la|tên|ten|họ tên|ho ten|my name is|name is))\s*:?\s+"
    r"(?:(?!(?:là|la|ở|o|và|va|mà|ma|hỏi|hoi|muốn|muon|bị|bi|sinh|năm|nam|số|so|thì|thi|trên|tren|trong|sai|đúng|"
    r"của|cua|không|khong|ko|bây|bay|giờ|gio|nhà|nha|gì|gi|nào|nao|đăng|dang|mới|moi|cũ|cu|cần|can|nhưng|nhung)\b)"
    r"[^\W\d_]+[,.]?\s*){1,5}",
    re.I,
)
_CAPITAL = "".join(
    sorted({chr(code) for code in range(0x41, 0x1EFA) if chr(code).isupper() and code not in range(0x370, 0x1E00)})
)
# Two capitals or more in a row inside a sentence: "anh Nguyễn Văn A". Names of agencies are rare in questions.
_PROPER_NAME = re.compile(
    r"\b((?:anh|chị|chi|ông|ong|bà|chú|chu|cô|co|bác|bac|thầy|thay|dì|di|cậu|cau|mợ|mo|Anh|Chị|Ông|Bà|"
    rf"Chú|Cô|Bác)\s+)(?:[{_CAPITAL}][^\W\d_]*\s+){{1,4}}[{_CAPITAL}][^\W\d_]*"
)
# A long number may hold a date or a code: it is looked for first. A name keeps what stands before it.
_EVERYTHING = (
    *((pattern, HIDDEN) for pattern in (_MAIL, _LINK, _ACCOUNT, _NUMBER, _DATE, _CERTIFICATE, _PLATE, _CODE)),
    (_NAME, rf"\1 {HIDDEN} "),
    (_PROPER_NAME, rf"\1{HIDDEN}"),
)
_INSTEAD = {"mail": "[thư]", "number": "[số]"}  # never longer in bytes than what they stand for
# A date with its year or a sum of money, where a number begins: those stay.
_DATE_OR_SUM = (
    r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b"
    r"|\d{1,3}(?:[.,\s]\d{3})+(?=\s*(?:đ|d|vn|đồng|dong|triệu|tỷ|tỉ)\b)"
)
_MAIL_OR_NUMBER = re.compile(
    rf"(?P<mail>{_MAIL.pattern})|(?P<plain>{_DATE_OR_SUM})|(?P<number>{_NUMBER.pattern})", re.I
)
_MAY_HOLD = re.compile(r"@|\d")


def mask_everything(text: str, *, longest: int = _LONGEST) -> str:
    """The text on one line, without phones, numbers of papers, addresses of the net, and names that are announced."""
    line = " ".join(text.split())
    for pattern, instead in _EVERYTHING:
        line = pattern.sub(instead, line)
    return shortened(" ".join(line.split()), longest)


def mask_numbers(text: str) -> str:
    """The text without numbers that lead to a person: phones, identity papers, accounts, and addresses of mail.

    Names and places stay: no rule finds those, a person must read for them.
    """
    return _MAIL_OR_NUMBER.sub(_instead, text) if _MAY_HOLD.search(text) else text


def _instead(found: re.Match[str]) -> str:
    return _INSTEAD.get(found.lastgroup or "", found[0])


def mask_mobiles(text: str) -> str:
    """The text without mobile numbers."""
    return _MOBILE.sub(HIDDEN, text)


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning and that there was more."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
