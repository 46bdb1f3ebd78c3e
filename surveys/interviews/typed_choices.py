"""Which option a person means by what they wrote.

By number, label (any language, with or without accents), name, yes or no, an unambiguous part of a label, or a
label with one slip. A negation is never dropped: "ko hai long" is no "hài lòng".
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from surveys.forms.form import Form, Option
from vietnamese.folding import number_in_words, spelling, words, yes_or_no

PICK_LIMIT = 200  # characters of an answer that names choices; longer ones are stories
SLIP_LETTERS = 6  # letters of a label in which one slip is forgiven
PART_LETTERS = 3  # letters of the shortest part of a label that counts
REMEMBERED = 8192  # labels whose words are kept
NOT = "khong"
NEGATIONS = frozenset("khong ko k kh kg hk hong hok hem khum khom chua chang not".split())
# What politeness puts around an answer. No word that a slip makes of a negation: "chu" and "chau" are near "chua".
PARTICLES = frozenset(
    "da thua vang toi tui minh em con bac co anh chi ba thi la thay chon tra loi cung "
    "a nha nhe nhen nghen ne do day roi luon lam qua rat that su hoan toan".split()
)
INSIDE = frozenset("duoc cam may".split())  # "chưa được hài lòng mấy"
NUMBER_FOLLOWS = frozenset("so cau y muc cai thu dap an phuong lua chon number".split())
AFTER_NUMBER = frozenset("a nha nhe nhen nghen ne do di".split())
Words = tuple[str, ...]

Labelled = list[tuple[Option, str]]
Labels = tuple[Labelled, Labelled]  # in the language of the conversation, and in every language


def match_options(
    options: Sequence[Option], text: str, language: str, form: Form, *, numbered: bool = False
) -> list[Option]:
    """The options that a text may mean: one when it is clear, several when it is not, none when it is none.

    `numbered`: numbers stood before the labels, so that a figure may be one of them.
    """
    said = words(text)
    if len(text) > PICK_LIMIT or not (said or text.strip()):
        return []
    labels = _labels(options, language, form)
    written = spelling(text)
    if written and (spelled := _options(labels[0], lambda label: _spelled(label) == written)):
        return spelled
    pointed = _by_number(options, labels[0], said, numbered)
    if pointed is not None:
        return pointed
    for level in LEVELS:
        found = level(options, labels, text)
        if found:
            return found
    return []


def _labels(options: Sequence[Option], language: str, form: Form) -> Labels:
    """The labels in the conversation's language, and those in every language."""
    shown = [(option, form.text(option.label, language)) for option in options]
    return shown, [(option, label) for option in options for label in option.label.values()]


def _options(candidates: Labelled, fits: Callable[[str], bool]) -> list[Option]:
    """The options with a fitting label, each once."""
    return list({option.name: option for option, label in candidates if fits(label)}.values())


def _by_number(options: Sequence[Option], shown: Labelled, said: list[str], numbered: bool) -> list[Option] | None:
    """What a number points at: one option, or none when it is out of range; None when no number was said.

    A number word may also begin a label: "hai" is two, and "hài" of "hài lòng"; then it points at both.
    """
    while len(said) > 1 and said[-1] in AFTER_NUMBER:
        said = said[:-1]
    plainly_number = len(said) > 1 and said[0] in NUMBER_FOLLOWS
    while len(said) > 1 and said[0] in (NUMBER_FOLLOWS | PARTICLES):
        said = said[1:]
    if len(said) != 1 or (position := number_in_words(said[0])) is None:
        return None
    pointed = _pointed(options, shown, int(position), numbered)
    if said[0].isdigit() or (plainly_number and pointed):
        return pointed
    if not said[0].isalpha() or position == 0:  # "không" is more than a nought
        return None
    begins = [o for o in options if any(_tokens(label)[:1] == (said[0],) for label in o.label.values())]
    return list({option.name: option for option in [*pointed, *begins]}.values()) or None


def _pointed(options: Sequence[Option], shown: Labelled, number: int, numbered: bool) -> list[Option]:
    """What a figure points at: the label that carries it, where labels do; else the place in the list.

    Both, to be asked about, where numbers stood before such labels, or the form's own names are other figures.
    """
    place = [options[number - 1]] if 0 < number <= len(options) else []
    carried = {option.name: figure for option, label in shown if (figure := _figure(label)) is not None}
    if len(carried) * 2 > len(options) and len(set(carried.values())) == len(carried):
        by_label = [option for option in options if carried.get(option.name) == number]
        return list({option.name: option for option in (*by_label, *place)}.values()) if numbered else by_label
    if all(option.name.isdecimal() for option in options):
        return list({o.name: o for o in (*(o for o in options if int(o.name) == number), *place)}.values())
    return place


def _figure(label: str) -> int | None:
    """The figure that a label begins with: 5 in "5 – Rất hài lòng" and in "Mức 5"."""
    said = words(label)
    while len(said) > 1 and said[0] in NUMBER_FOLLOWS:
        said = said[1:]
    return int(said[0]) if said and said[0].isdecimal() and len(said[0]) < 5 else None


_spelled = lru_cache(maxsize=REMEMBERED)(spelling)


@lru_cache(maxsize=REMEMBERED)
def _words(text: str) -> Words:
    return tuple(words(text))


@lru_cache(maxsize=REMEMBERED)
def _tokens(text: str) -> Words:
    """Folded words, every negation written the same."""
    return tuple(NOT if word in NEGATIONS else word for word in words(text))


def _core(said: Words) -> Words:
    """Without the particles around it."""
    while len(said) > 1 and said[-1] in PARTICLES:
        said = said[:-1]
    while len(said) > 1 and said[0] in PARTICLES:
        said = said[1:]
    return said


def _same_sense(said: Words, label: Words) -> bool:
    """Whether both negate as often and name the same figures."""
    return said.count(NOT) == label.count(NOT) and [w for w in said if w.isdigit()] == [w for w in label if w.isdigit()]


def _equal(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By a whole label: with its accents, without them, without spaces, then with any negation."""
    said, tokens, written = tuple(words(text)), _tokens(text), spelling(text)
    joined = "".join(said)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda label: _spelled(label) == written,
        lambda label: _words(label) == said,
        lambda label: "".join(_words(label)) == joined,
        lambda label: _tokens(label) in (tokens, _core(tokens)),
    )
    names = [(option, name) for option in options for name in (option.name, option.name.replace("_", " "))]
    for fits in tests:
        for candidates in (*labels, names) if said else ():
            if found := _options(candidates, fits):
                return found
    return []


def _yes_or_no(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By yes or no, where exactly one option means each."""
    answer = yes_or_no(text)
    if answer is None:
        return []
    meant = [(option, _meaning(option)) for option in options]
    if all(meaning is None for _, meaning in meant):
        meant = [(option, option.satisfied) for option in options]
    sides = [meaning for _, meaning in meant]
    if sides.count(True) != 1 or sides.count(False) != 1:
        return []
    return [option for option, meaning in meant if meaning is answer]


def _meaning(option: Option) -> bool | None:
    called = {yes_or_no(label) for label in (*option.label.values(), option.name)} - {None}
    return called.pop() if len(called) == 1 else None


def _beginning(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By the beginning of a label; the last word may be unfinished."""

    def begins(said: Words, label: Words) -> bool:
        at = len(said) - 1
        return (
            len("".join(said)) >= PART_LETTERS
            and len(label) > at
            and label[:at] == said[:at]
            and label[at].startswith(said[at])
            and label.count(NOT) == said.count(NOT)
        )

    return _first(labels, text, begins)


def _part(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By words from the middle of a label."""

    def holds(said: Words, label: Words) -> bool:
        long_enough = len("".join(said)) >= PART_LETTERS
        return long_enough and _inside(said, label) is not None and label.count(NOT) == said.count(NOT)

    return _first(labels, text, holds)


def _slip(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By a label with one letter wrong, missing, too many or swapped."""
    from rapidfuzz.distance import OSA

    def near(said: Words, label: Words) -> bool:
        called = " ".join(label)
        return (
            len(called) >= SLIP_LETTERS
            and _same_sense(said, label)
            and OSA.distance(" ".join(said), called, score_cutoff=1) <= 1
        )

    return _first(labels, text, near)


def _wrapped(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By a whole label with nothing but particles around it; the longest such label."""
    said = _tokens(text)
    longest: dict[str, tuple[int, Option]] = {}
    for option, label in (*labels[0], *labels[1]):
        tokens = _tokens(label)
        at = _inside(tokens, said) if tokens else None
        if at is None or tokens.count(NOT) != said.count(NOT):
            continue
        if PARTICLES.issuperset((*said[:at], *said[at + len(tokens) :])):
            longest[option.name] = max(longest.get(option.name, (0, option)), (len(tokens), option), key=_length)
    most = max((length for length, _ in longest.values()), default=0)
    return [option for length, option in longest.values() if length == most]


def _length(found: tuple[int, Option]) -> int:
    return found[0]


def _bare(options: Sequence[Option], labels: Labels, text: str) -> list[Option]:
    """By a whole label, whatever particles stand in it: "chưa thật sự hài lòng lắm"."""

    def same(said: Words, label: Words) -> bool:
        bare = _without_particles(said)
        return bool(bare) and bare == _without_particles(label)

    return _first(labels, text, same)


def _without_particles(said: Words) -> Words:
    return tuple(word for word in said if word not in PARTICLES and word not in INSIDE)


def _first(labels: Labels, text: str, fits: Callable[[Words, Words], bool]) -> list[Option]:
    """The options whose label fits the text as it is, or else without the particles around it."""
    tokens = _tokens(text)
    for said in dict.fromkeys((tokens, _core(tokens)) if tokens else ()):
        for candidates in labels:
            found = {option.name: option for option, label in candidates if fits(said, _tokens(label))}
            if found:
                return list(found.values())
    return []


def _inside(part: Words, whole: Words) -> int | None:
    """Where some words stand in others."""
    return next(
        (at for at in range(len(whole) - len(part) + 1) if whole[at : at + len(part)] == part),
        None,
    )


LEVELS = (_equal, _yes_or_no, _beginning, _wrapped, _bare, _part, _slip)
