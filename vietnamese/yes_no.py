"""Yes and no as people type them, Mekong delta words included."""

import re
from itertools import product

from vietnamese.letters import fold, spelling, without_tone

_LONGEST = 40  # characters; a longer message says more than yes or no
_NOT = "không ko k kh kg kô hk hông hong hổng hỏng hok hem khum khom"
_YES = (
    "có; có rồi; có chứ; ừ; ừa; ừm; ừ có; ờ; ờ có; uh; uhm; um; uk; ok; oke; okê; oki; okie; okay; ô kê; "
    "được; dc; đc; được rồi; ok rồi; đồng ý; có đồng ý; đồng ý rồi; vâng; vâng có; dạ; dạ có; dạ rồi; rồi; "
    "xong rồi; đúng; đúng rồi; đúng vậy; phải; phải rồi; nhất trí; yes; y; yep; tất nhiên; dĩ nhiên"
)
_NO = "chưa; chưa có; chưa đồng ý; chưa được; đừng; no; n; nope"
_NOT_WHAT = "; có; đồng ý; phải; được; chịu; muốn; nhất trí; đúng; cần; có đâu; đâu; chịu đâu; muốn đâu"
_BEFORE = frozenset("dạ da thưa thua em con tôi toi tui mình minh bác bac chú chu cô anh chị chi".split())
_AFTER = frozenset("ạ a á nha nhé nhe nhen nghen nè ne em anh chị chi cô bạn ban ơi oi đó luôn luon".split())
_SIGNS = {"👍": True, "👌": True, "✅": True, "👎": False, "❌": False}
_KHMER = {"បាទ": True, "ចាស": True, "ចា៎": True, "យល់ព្រម": True, "ទេ": False, "អត់ទេ": False, "អត់": False}
_DECORATION = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s]")  # skin tones and selectors after a sign


def yes_or_no(text: str) -> bool | None:
    """True or False where the whole short message says yes or no, else None."""
    if len(text) > _LONGEST or "?" in text:
        return None
    sign = set(_DECORATION.sub("", text))
    if len(sign) == 1 and (known := _SIGNS.get(sign.pop())) is not None:
        return known
    if (known := _KHMER.get(text.strip())) is not None:
        return known
    said = spelling(text).split()
    while len(said) > 1 and tuple(said) not in _ANSWERS:
        if said[-1] in _AFTER_SPELLED:
            said = said[:-1]
        elif said[0] in _BEFORE_SPELLED:
            said = said[1:]
        else:
            return None
    return _ANSWERS.get(tuple(said))


def _typed(phrases: str) -> set[tuple[str, ...]]:
    """Phrases as typed: each word with its accents, without its tone or plain. Other accents: other words."""
    return {
        typed
        for phrase in phrases.split(";")
        for typed in product(*({spelling(word), without_tone(word), fold(word)} for word in phrase.split()))
    }


def _answers() -> dict[tuple[str, ...], bool]:
    refusals = ";".join(f"{word} {what}" for word in _NOT.split() for what in _NOT_WHAT.split(";"))
    yes, no = _typed(_YES), _typed(f"{_NO};{refusals}")
    both = yes & no  # "dung" is đúng (right) or đừng (don't)
    return dict.fromkeys(yes - both, True) | dict.fromkeys(no - both, False)


_ANSWERS = _answers()
_BEFORE_SPELLED = frozenset(map(spelling, _BEFORE))
_AFTER_SPELLED = frozenset(map(spelling, _AFTER))
