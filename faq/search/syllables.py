"""Which letters make a Vietnamese syllable, and what a syllable typed in Telex or VNI keys was meant to be."""

import unicodedata
from functools import lru_cache

from vietnamese.folding import fold

_ONSETS = " b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(" ")
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay
    e ec ech em en eng enh eo ep et eu
    i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong ooc oong op ot
    u ua uan uang uat uay uc ue uech uen uenh uet ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
    uy uya uych uyen uyet uyn uynh uyp uyt uyu
    y yem yen yeng yet yeu
    """.split()
)
_SYLLABLES = frozenset({onset + rime for onset in _ONSETS for rime in _RIMES} | {"gi"})

_VOWELS = frozenset("aeiouy")
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "x": _TILDE, "r": _HOOK, "j": _DOT}
_VNI_TONES = {"2": _GRAVE, "1": _ACUTE, "4": _TILDE, "3": _HOOK, "5": _DOT}
_STOPS = ("p", "t", "c", "ch")  # a syllable that ends in one takes only the two short tones


def is_syllable(folded: str) -> bool:
    """Whether folded letters can be one Vietnamese syllable."""
    return folded in _SYLLABLES


@lru_cache(maxsize=8192)
def as_meant(word: str) -> str | None:
    """The syllable that stray Telex or VNI keys were to make ("nhaatj", "nha6t5": "nhật"); None where there is none.

    `word` is one word in small letters, composed. What is a syllable as it stands has no stray keys.
    """
    if is_syllable(fold(word)):
        return None
    for struck in (_telex(word), _vni(word)):
        if struck is not None and struck != word and _can_be_said(struck):
            return struck
    return None


def _can_be_said(word: str) -> bool:
    folded = fold(word)
    marks = unicodedata.normalize("NFD", word)
    tones = [mark for mark in marks if mark in _TELEX_TONES.values()]
    if not is_syllable(folded) or len(tones) > 1:
        return False
    return not folded.endswith(_STOPS) or not tones or tones[0] in (_ACUTE, _DOT)


def _telex(word: str) -> str | None:
    letters: list[str] = []  # each a letter with its marks, decomposed
    tone = ""
    for key in unicodedata.normalize("NFD", word):
        last = letters[-1] if letters else ""
        if unicodedata.combining(key):
            if not letters:
                return None
            letters[-1] += key
        elif key in _TELEX_TONES and any(letter[0] in _VOWELS for letter in letters):
            tone = _TELEX_TONES[key]
        elif key == "d" and letters[:1] == ["d"] and len(letters) == 1:
            letters[0] = "đ"
        elif key in "aeo" and last == key:
            letters[-1] += _HAT
        elif key == "w":
            if not _horned(letters):
                letters.append("u" + _HORN)
        else:
            letters.append(key)
    return _composed(letters, tone)


def _vni(word: str) -> str | None:
    """Digits may stand anywhere after the first letter: "ng6an" is as common a slip as "nga6n"."""
    decomposed = unicodedata.normalize("NFD", word)
    letters = [letter for letter in decomposed if not letter.isdigit()]
    keys = [key for key in decomposed if key.isdigit()]
    if not keys or not letters or decomposed[0].isdigit() or any(map(unicodedata.combining, letters)):
        return None
    tone = ""
    for key in keys:
        if key in _VNI_TONES:
            tone = _VNI_TONES[key]
        elif key == "9" and letters[0] == "d":
            letters[0] = "đ"
        elif key == "6":
            _mark(letters, "aeo", _HAT)
        elif key in "78":
            _horned(letters)  # "u7o7" strikes twice what one horn already gave
    return _composed(letters, tone)


def _horned(letters: list[str]) -> bool:
    """Put a breve on the last a, or horns on the last o and u; False where none of them is bare."""
    for at in reversed(range(len(letters))):
        if letters[at] == "a":
            letters[at] += _BREVE
            return True
        if letters[at] in ("o", "u"):
            letters[at] += _HORN
            if letters[at][0] == "o" and at and letters[at - 1] == "u" and letters[at - 2 : at - 1] != ["q"]:
                letters[at - 1] += _HORN
            return True
    return False


def _mark(letters: list[str], which: str, mark: str) -> None:
    for at in reversed(range(len(letters))):
        if letters[at] in which:
            letters[at] += mark
            return


def _composed(letters: list[str], tone: str) -> str | None:
    """The letters with the tone on a vowel: which one makes no difference to a reader of spellings."""
    if tone:
        vowels = [at for at, letter in enumerate(letters) if letter[0] in _VOWELS]
        if not vowels:
            return None
        letters[vowels[-1]] += tone
    return unicodedata.normalize("NFC", "".join(letters))
