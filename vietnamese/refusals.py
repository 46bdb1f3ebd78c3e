"""Refusals in people's own words: to be left alone, to take back, to be forgotten, or only later.

Pure. A message is one of these where it says nothing else; what politeness puts around it does not count.
"""

import re
from typing import Literal

from vietnamese.letters import fold, spelling
from vietnamese.numerals import number_in_words

Refusal = Literal["decline", "stop", "weary", "withdraw", "delete", "later", "unclear"]
_LONGEST = 12  # words; a longer message tells a story

# Folded words as they are meant: teencode, Southern spellings, slips.
_MEANT = {
    **dict.fromkeys("ko k kh kg hk hong hok hem khum hg kong chang hoong khg khog deo".split(), "khong"),
    **dict.fromkeys("thui thoy thoii".split(), "thoi"),
    **dict.fromkeys("nx nuaa nz".split(), "nua"),
    **dict.fromkeys("dg dug dunq".split(), "dung"),
    **dict.fromkeys("nt nhn".split(), "nhan"),
    **dict.fromkeys("tl tloi trl".split(), "tra loi"),
    **dict.fromkeys("mun mungg".split(), "muon"),
    **dict.fromkeys("dc dk".split(), "duoc"),
}
_PEOPLE = frozenset(
    "toi tui t tao tau to minh mik em con chau chu co bac ba ong anh chi ad admin bot may ban bay bon moi nguoi".split()
)
_POLITE = _PEOPLE | frozenset(
    "da thua vang u uh um e a ah ne nha nhe nghe nhen nghen ha hen oi di nao luon lun do day vay roi gium giup dum voi "
    "on xin vui long su please cho gap lien ngay het tron ca toan that qua hihi haha hic sao ma the dau".split()
)
_WHAT = r"(?:thong tin|du lieu|data|cau tra loi|phieu|so|tai khoan|cai nay|may cai nay|cua)"
_LATER = (
    "mai mot|bua khac|hom khac|khi khac|luc khac|lat nua|ti nua|chut nua|lat|hoi nua|toi nay|chieu nay|ngay mai|mai|"
    "bua nao ranh|khi nao ranh|hom nao ranh|khi ranh|ranh roi|hom sau|sau nay|sau|dip khac|lan sau"
)
_WHEN = "chieu|sang|trua|mai|hom sau|bua sau|ti|lat"
_WISH = "tham gia|muon|con muon|tra loi|lam|choi|them|dong y|noi|co hung|hung thu|co nhu cau|quan tam"
_WRITE = "nhan|gui|goi|hoi|lam phien|quay ray|quay|kiem|lien he|nhac"
_PATTERNS: tuple[tuple[Refusal, str], ...] = (
    ("delete", rf"(?:muon |hay )?xoa(?: bo| het| sach)?(?: {_WHAT})*|quen (?:toi|tui|minh|em) di"),
    ("delete", r"delete(?: everything| all| me| my data)*|forget"),
    ("delete", r"(?:khong|dung) (?:giu|luu)(?: lai)?(?: gi)?(?: thong tin| du lieu)*(?: nua)?"),
    ("withdraw", rf"(?:muon )?rut(?: lai| ra| lui| phieu| khoi| ten)*(?: dong y| y kien| {_WHAT})*"),
    ("withdraw", rf"(?:muon )?(?:huy|lay lai)(?: dong y| {_WHAT})+|bo dong y|huy(?: bo)?|withdraw|khong dong y nua"),
    ("withdraw", r"doi y(?: khong)?(?: dong y| tham gia)*"),
    (
        "stop",
        rf"(?:dung|khong|khoi|thoi|ngung|bot|nghi)(?: muon)?(?: co)? (?:{_WRITE}|nhan tin|gui tin)"
        r"(?: tin| nua| gi| den| toi| cho| hoai| mai| tin nhan| lai)*",
    ),
    ("stop", r"(?:ngung|ngun|dung)(?: lai)?(?: nhan| gui| hoi)?(?: tin)?(?: nua)?(?: duoc)?"),
    ("stop", r"huy (?:dang ky|nhan tin)|dung (?:lam )?phien|leave me alone|no more messages?|stop messaging"),
    ("stop", r"unsubscribe|stop it|stop"),
    (
        "weary",
        r"(?:lam phien|phien|met|ngan|chan|nhuc dau)"
        r"(?: phuc| moi| qua| ghe| that| minh| dau| lam| de so| het biet| muon chet| vai| kinh)*"
        r"(?: nhan| hoi| dung| khong| hoai| mai| nua| gui| tin| lam phien)*",
    ),
    ("weary", r"tha|buong tha|de yen"),
    ("weary", r"(?:nhan|hoi|gui)(?: tin)? (?:hoai|mai|quai|nhieu)(?: vay| the)?"),
    ("decline", r"(?:thoi )?khoi(?: can| tra loi| hoi| tham gia| lam| noi)*|thoi|tu choi(?: tra loi| tham gia)*"),
    (
        "decline",
        rf"(?:khong|chua|dung)(?: (?:{_WISH}))+(?: nua| dau| gi| tham gia| tra loi| khao sat)*|"
        r"(?:khong|chua|dung) (?:can|thich|ham|chiu) (?:nua|tra loi|tham gia)|khong (?:thich|ham)(?: dau)?",
    ),
    ("decline", r"khong nua|bo cuoc|nghi(?: khong)?(?: lam| tra loi| choi)*(?: nua)?"),
    ("decline", r"no thanks?|not interested|i refuse|refuse|decline|quit"),
    ("decline", r"i (?:do not|dont|don t) (?:want|agree)(?: to| any ?more)*"),
    ("later", rf"(?:de |mai |hen )?(?:{_LATER})(?: di| tra loi| lam| tinh| noi| nhan| nghe| hay| moi)*"),
    (
        "later",
        rf"de (?:(?:{_WHEN}) )?(?:hoi|ban|coi|xem|nghi|suy nghi|tinh)(?: \w+){{0,5}}(?: da| cai da| roi tinh)?",
    ),
    ("later", r"(?:dang |hoi |con )?ban(?: qua| viec| ron| lam| roi)*|(?:chua|khong|dang khong) ranh|tu tu"),
    ("later", r"later|not now|busy|maybe later"),
)
_READ = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_KHMER: dict[str, Refusal] = {
    fold(word): kind  # type: ignore[misc]
    for kind, said in (
        ("decline", "មិនចង់ទេ;មិនចង់;មិនចូលរួម;មិនចូលរួមទេ;បដិសេធ;មិនយល់ព្រម;មិនយល់ព្រមទេ"),
        ("stop", "កុំផ្ញើទៀត;កុំផ្ញើសារទៀត;កុំរំខាន;ឈប់ផ្ញើ"),
        ("delete", "លុបទាំងអស់;លុប;លុបទិន្នន័យ;លុបទិន្នន័យរបស់ខ្ញុំ"),
        ("withdraw", "ដកវិញ;ដកការយល់ព្រម"),
        ("later", "ពេលក្រោយ;ថ្ងៃក្រោយ;រវល់"),
    )
    for word in said.split(";")
}
_UNCLEAR = ("dung", "chiu")  # đúng, đừng or dừng; "I agree" or "no idea"
# A word alone, as it is spelled.
_ACCENTED: dict[str, Refusal] = {spelling("dừng"): "stop", spelling("chặn"): "stop", spelling("chịu"): "unclear"}


def refusal(text: str) -> Refusal | None:
    """What a short message refuses, or None where it does not, or says more than that.

    `unclear` is a word that may be a yes and a no: "dung" without its accents, "chịu".
    """
    if "?" in text or number_in_words(text) is not None:  # "sáu" is six, and "sau" later
        return None
    plain = fold(text)
    if plain in _KHMER:
        return _KHMER[plain]
    if (alone := spelling(text)) in _ACCENTED:
        return _ACCENTED[alone]
    if plain in _UNCLEAR:
        return None if alone != plain else "unclear"
    said = plain.split()
    if not said or len(said) > _LONGEST:
        return None
    line = " ".join(_MEANT.get(word, word) for word in said)
    meant = line.split()
    without_people = " ".join(word for word in meant if word not in _PEOPLE)
    for core in dict.fromkeys((line, without_people, _bare(meant))):
        for kind, pattern in _READ:
            if core and pattern.fullmatch(core):
                return kind
    return _twice(meant)


def _bare(said: list[str]) -> str:
    """Without the words of politeness, wherever they stand."""
    return " ".join(word for word in said if word not in _POLITE)


def _twice(meant: list[str]) -> Refusal | None:
    """Two refusals in one breath: "phiền quá đừng nhắn nữa"; the first clear one counts."""
    said = _bare(meant).split()
    for at in range(1, len(said)):
        parts = " ".join(said[:at]), " ".join(said[at:])
        kinds = [next((kind for kind, pattern in _READ if pattern.fullmatch(part)), None) for part in parts]
        if all(kinds):
            order: tuple[Refusal, ...] = ("delete", "withdraw", "stop", "weary", "decline", "later")
            return next(kind for kind in order if kind in kinds)
    return None
