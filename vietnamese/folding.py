"""Vietnamese as people type it: the one matcher for places, answers and the FAQ.

fold, words, spelling, without_telex   two texts a reader takes for the same compare equal
clean_text, clean, clean_json          what may be stored, at the border
number_in_words                        "bảy mươi lăm", "70t", "1.200"
yes_or_no                              "dạ có", "hông", "ok"
"""

from vietnamese.letters import clean, clean_json, clean_text, fold, spelling, without_telex, words
from vietnamese.numerals import number_in_words
from vietnamese.yes_no import yes_or_no

__all__ = [
    "clean",
    "clean_json",
    "clean_text",
    "fold",
    "number_in_words",
    "spelling",
    "without_telex",
    "words",
    "yes_or_no",
]
