"""Whether a message asks something: what tells a question from an answer that was not understood. Pure."""

from faq.search.normal import bounded, words

_SHORT = 3  # words; fewer say too little to take anybody away from the question that stands
_TELLS = (
    *("lam sao", "the nao", "nhu nao", "cach nao", "lam gi", "o dau", "bao nhieu", "bao lau", "may ngay", "khi nao"),
    *("duoc khong", "phai khong", "co can", "co phai", "tai sao", "vi sao", "la gi", "can gi", "nhung gi", "chi toi"),
    *("chi giup", "chi gium", "huong dan", "cho hoi", "xin hoi", "muon hoi", "hoi chut", "hoi ti", "lam the", "ai lam"),
    *("giup toi", "giup em", "co cach", "cach lam", "thu tuc", "how do", "how to", "where", "what should", "can i"),
)
_ENDS = ("khong", "sao", "gi", "nao", "dau", "chua", "ha", "vay", "hong", "ta")


def is_question(text: str) -> bool:
    """Whether it reads like a question of its own; two words and a question mark do not."""
    said = [word.folded for word in words(bounded(text))]
    if len(said) < _SHORT:
        return False
    line = f" {' '.join(said)} "
    return "?" in text or said[-1] in _ENDS or any(f" {tell} " in line for tell in _TELLS)


def size(text: str) -> int:
    """How many words there are, emoji and signs left out."""
    return sum(any(letter.isalpha() for letter in word.folded) for word in words(bounded(text)))
