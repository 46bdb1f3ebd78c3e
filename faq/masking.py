"""Personal data out of what is kept for an editor. Pure; rather too much is hidden than too little."""

import re

HIDDEN = "[…]"
_LONGEST = 500  # characters of a question that are worth keeping
_MASKS = (
    re.compile(r"\S+@\S+\.\S+"),  # e-mail
    re.compile(r"https?://\S+|www\.\S+", re.I),  # links carry codes and names
    re.compile(r"(?<![\w.])@\w{3,}"),  # account names
    re.compile(r"\+?\(?\d(?:[\s.\-()/]{0,2}\d){7,}"),  # phones, ID cards, bank cards, insurance numbers, birth dates
    re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}\b"),  # dates
    re.compile(r"\b[A-Z]{2}\s?\d{6,}\b", re.I),  # certificates, insurance cards
    re.compile(r"\b\d{2}[A-Z]\d?[\s-]?\d{3}\.?\d{2}\b", re.I),  # plates
    re.compile(r"\b\d{5,}\b"),  # codes, OTPs, files
)
# A name of up to five words after what announces one. Accents or none, capitals or none.
_NAME = re.compile(
    r"\b((?:tôi|toi|tui|em|con|cháu|chau|mình|minh|anh|chị|chi|ông|ong|bà|ba|vợ|chồng|con trai|con gái|"
    r"họ và|ho va|họ|ho|tên tôi|ten toi)?\s*"
    r"(?:tên là|ten la|tên|ten|họ tên|ho ten|my name is|name is))\s*:?\s+"
    r"((?:(?!(?:là|la|ở|o|và|va|mà|ma|hỏi|hoi|muốn|muon|bị|bi|sinh|năm|nam|số|so|thì|thi|trên|tren|trong|sai|đúng|"
    r"của|cua|không|khong|ko|bây|bay|giờ|gio|nhà|nha|gì|gi|nào|nao|đăng|dang|mới|moi|cũ|cu|cần|can|nhưng|nhung)\b)"
    r"[^\W\d_]+[,.]?\s*){1,5})",
    re.I,
)
# Two capitals or more in a row inside a sentence: "anh Nguyễn Văn A". Names of agencies are rare in questions.
_CAPITAL = "".join(
    sorted({chr(code) for code in range(0x41, 0x1EFA) if chr(code).isupper() and code not in range(0x370, 0x1E00)})
)
_PROPER = re.compile(
    r"\b((?:anh|chị|chi|ông|ong|bà|chú|chu|cô|co|bác|bac|thầy|thay|dì|di|cậu|cau|mợ|mo|Anh|Chị|Ông|Bà|Chú|Cô|Bác)\s+)"
    rf"((?:[{_CAPITAL}][^\W\d_]*\s+){{1,4}}[{_CAPITAL}][^\W\d_]*)"
)


def masked(text: str, *, longest: int = _LONGEST) -> str:
    """The text on one line, without phones, numbers of papers, addresses of the net, and names that are announced."""
    line = " ".join(text.split())
    for pattern in _MASKS:
        line = pattern.sub(HIDDEN, line)
    line = _NAME.sub(lambda found: f"{found[1]} {HIDDEN} ", line)
    line = _PROPER.sub(lambda found: f"{found[1]}{HIDDEN}", line)
    line = re.sub(r"\s+", " ", line).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
