"""What is neither a question nor an answer: thanks, a greeting, "not that", "I don't understand", "a person, please".

Pure. Words are compared without accents, in the spelling that the search reads.
"""

import re
from typing import Literal

from faq.search.normal import bounded, words

Courtesy = Literal["thanks", "bye", "hello", "wrong", "unclear"]
_LONGEST = 8  # words of a courtesy
_PERSON_LONGEST = 16  # words of a wish for a person; a longer message tells a story, which the search reads

# The message says nothing but this, and words of politeness.
_SAID: tuple[tuple[Courtesy, str], ...] = (
    ("thanks", r"cam on|cam o|camon|thank you|thanks|thank|tks|ok roi|hieu roi|biet roi|ro roi|tot qua|hay qua"),
    ("bye", r"tam biet|bye bye|bye|hen gap lai|thoi khong can|khong can nua|chao tam biet"),
    ("hello", r"xin chao|chao|hello|hi|hey|alo|alo alo|co ai khong|co ai o do khong"),
    (
        "wrong",
        r"sai roi|sai|trat lat|trat roi|trat|khong dung|khong dung y|chua dung|chua dung y|"
        r"khong phai(?: cai| y)?(?: nay| do)?|khong phai vay|khong co ich|khong giup duoc gi|khong lien quan|"
        r"tra loi sai|tra loi mot neo",
    ),
    (
        "unclear",
        r"(?:khong|chua) hieu(?: gi)?(?: het| ca)?|kho hieu|kho qua|roi qua|"
        r"khong biet lam|lam khong duoc|khong lam duoc|noi lai di|noi ro hon|giai thich lai|bay lai",
    ),
)
_POLITE = (
    r"(?:da|vang|u|ua|uh|ok|oke|okie|oki|duoc|a|nha|nhe|nhen|nghen|nghe|ne|luon|nhieu|nhiu|lam|qua|rat|that|em|anh|chi|"
    r"chu|co|bac|ong|ba|ban|con|chau|toi|minh|tao|may|ad|admin|bot|shop|cung|cho|roi|oi|"
    r"day|do|vay|het|nua|thoi|ca nha|moi nguoi)"
)
_COURTESIES = tuple(
    (kind, re.compile(rf"(?:{_POLITE} )*?(?:{core})(?: (?:{_POLITE}|{core}))*")) for kind, core in _SAID
)

_SOMEBODY = (
    r"(?:nguoi that|nguoi giup|nguoi ho tro|nguoi huong dan|nguoi truc|nguoi nao|nguoi|can bo|nhan vien|ai do|ai|"
    r"tong dai vien|tong dai|tu van vien|quan ly|admin|to cong nghe)"
)
_PLEASE = r"(?:cho|muon|can|xin|de|lam on|giup|gium|co the|nho|duoc)"
# "cho tôi gặp cán bộ …": whatever it is about.
_MEET = re.compile(
    rf"\b{_PLEASE} (?:\S+ ){{0,3}}?(?:gap|noi chuyen|trao doi|lien he|ket noi|hoi truc tiep|nhan tin)"
    rf"(?: truc tiep)?(?: voi)?(?: mot| 1)? {_SOMEBODY}\b"
)
# "gặp cán bộ", "ai giúp tôi với": only where nothing says what about; the search answers that.
_TAIL = rf"(?: (?:khong|voi|gium|giup|di|duoc|lam on|dum|doi|{_POLITE}))*"
_CALL = re.compile(
    rf"(?:{_POLITE} )*"
    rf"(?:can gap|muon gap|gap|noi chuyen(?: truc tiep)? voi|lien he(?: voi)?|ket noi(?: voi)?|goi|can|nho)"
    rf"(?: mot| 1)? {_SOMEBODY}(?: nao| do| xa| truc| o xa)?{_TAIL}"
    rf"|(?:{_POLITE} )*(?:(?:co|can|nho|tim|goi) )?(?:mot |1 )?{_SOMEBODY}(?: nao| do)?"
    rf" (?:giup do|giup|ho tro|huong dan|chi dan|tu van){_TAIL}"
)
_ASKING_NOT_WISHING = re.compile(
    r"\b(?:o dau|khi nao|luc nao|may gio|lam sao|the nao|gia danh|gia mao|lua|so may|den dau|di dau)\b"
)


def courtesy(text: str) -> Courtesy | None:
    """What a short message says beside the matter; None where it says more."""
    said = _line(text, _LONGEST)
    return next((kind for kind, pattern in _COURTESIES if said and pattern.fullmatch(said)), None)


def wants_person(text: str) -> bool:
    """Whether it asks to be helped by a person."""
    said = _line(text, _PERSON_LONGEST)
    if not said or _ASKING_NOT_WISHING.search(said):
        return False
    return _MEET.search(said) is not None or _CALL.fullmatch(said) is not None


def _line(text: str, longest: int) -> str:
    said = [word.folded for word in words(bounded(text)) if any(letter.isalnum() for letter in word.folded)]
    return " ".join(said) if len(said) <= longest else ""
