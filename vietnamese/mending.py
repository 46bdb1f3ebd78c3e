"""A wish to mend an answer: "tôi bấm nhầm", "sửa lại câu 2". Pure."""

import re

from vietnamese.letters import fold

_LONGEST = 12  # words; a longer message tells what happened somewhere else
_WRONG = r"(?:nham|lon|sai|trat|lom|bay)"
_DID = r"(?:bam|chon|nhan|tra loi|danh|tich|tick|an|go|ghi|dien|viet|tl|rep|cham)"
_QUESTION = r"(?:cau|muc|so|y|cau hoi|cau so|cau thu)"
_POLITE = frozenset(
    "da thua toi tui em con chau chu co bac ba ong anh chi minh e a ah oi nha nhe nghen ne roi a lo bi moi hoi nay "
    "giup gium dum voi cho xin muon can duoc khong hong ko sao lam the nao gi bay gio vay qua mat tieu luon di do day "
    "ha hen het phieu cua cai vua nay truoc dau".split()
)
_WHICH = rf"{_QUESTION}(?: so| thu)? "
_MEND = re.compile(
    rf"(?:{_DID} (?:lai )?{_WRONG}|nham|lon)(?: {_WHICH}(?P<a>\d+))?(?: (?:sua|doi|lam|chon|tra loi)(?: lai)?)?"
    r"|(?:sua|doi|thay|chinh|lam lai|tra loi lai|chon lai|coi lai|xem lai)(?: lai| doi| sua)*"
    rf" {_WHICH}(?P<b>\d+)"
    rf"|{_WHICH}(?P<c>\d+) (?:{_DID} )?(?:{_WRONG}|sua|doi)(?: lai)?"
    r"|(?:sua|doi|chinh)(?: lai| doi| sua)+(?: cau tra loi| y kien)*"
    r"|(?:sua|doi|xem va sua)(?: cau tra loi| y kien| dap an)+"
    r"|(?:chon|tra loi|lam) lai(?: cau)?|sua cau"
    r"|(?:i )?(?:pressed|tapped|chose|clicked)(?: the)? wrong(?: one| button)?|wrong (?:button|answer)|my mistake"
    r"|change (?:my )?answers?|change (?:question )?(?P<d>\d+)"
)


def mending(text: str) -> int | None:
    """The number of the question that somebody wishes to mend; 0: they name none; None: it is no such wish."""
    said = fold(text).split()
    if not said or len(said) > _LONGEST:
        return None
    if "phieu" in said and {"sua", "doi"} & set(said) and not set(said) - _POLITE - {"sua", "doi", "lai", "xem", "va"}:
        return 0
    core = " ".join(word for word in said if word not in _POLITE)
    for line in dict.fromkeys((core, " ".join(said))):
        if match := _MEND.fullmatch(line):
            return int(next((number for number in match.groups() if number), 0))
    return None
