"""Modes side by side: do ballots on paper or with a helper say something else than those filled in alone?

A difference is no accusation. Who takes a helper is older or lives elsewhere; the warning asks somebody to look.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from surveys.json_values import Json
from surveys.labels import labels
from surveys.results.counts import Tally
from surveys.results.differences import Difference, difference
from surveys.results.estimates import Estimate, as_number, estimate
from surveys.results.official_format import format_share
from surveys.rounds.states import Mode

LEVEL = 0.01  # of the test: the 99 % interval of the difference does not hold nought
NAMES = labels("mode_short", Mode)
SHARES = {
    "overall": "hài lòng chung",
    "content_mean": "bình quân các câu nội dung",
    "all_satisfied": "hài lòng mọi câu",
}


@dataclass(frozen=True, slots=True)
class ModeScore:
    """The official rates over the ballots of one mode alone."""

    ballots: int
    content_mean: Fraction | None
    overall: Fraction | None
    all_satisfied: Fraction | None

    def to_json(self) -> Json:
        return {
            "ballots": self.ballots,
            "content_mean": as_number(self.content_mean),
            "overall": as_number(self.overall),
            "all_satisfied": as_number(self.all_satisfied),
        }


@dataclass(frozen=True, slots=True)
class ModeWarning:
    """A share that differs between one mode and ballots filled in alone, at the level above."""

    mode: Mode
    of: str  # a key of SHARES
    difference: Difference

    def to_json(self) -> Json:
        return {"mode": self.mode, "of": self.of, "level": LEVEL, **self.difference.to_json(), "text": self.text}

    @property
    def after(self) -> Fraction:
        return self.difference.after

    @property
    def before(self) -> Fraction:
        return self.difference.before

    @property
    def text(self) -> str:
        mode, alone = format_share(self.difference.after), format_share(self.difference.before)
        return (
            f"Khác biệt đáng chú ý: {SHARES[self.of]} ở phiếu {NAMES[self.mode]} là {mode},"
            f" ở phiếu {NAMES[Mode.SELF]} là {alone} (mức ý nghĩa 1%). Có thể do người trả lời hoặc ấp khác nhau;"
            " nên xem lại, chưa phải kết luận."
        )


def mode_scores(by_mode: Mapping[Mode, Tally], content: int, closing: str | None) -> tuple[tuple[Mode, ModeScore], ...]:
    """The rates of each mode; `content` is the number of content questions, `closing` the overall question."""
    return tuple(
        (
            mode,
            ModeScore(
                tally.ballots,
                content_mean=tally.content_sample(content).rate,
                overall=tally.sample(closing).rate if closing else None,
                all_satisfied=tally.all_sample(content).rate,
            ),
        )
        for mode, tally in by_mode.items()
    )


def mode_warnings(by_mode: Mapping[Mode, Tally], content: int, closing: str | None) -> tuple[ModeWarning, ...]:
    """Where a mode differs from ballots filled in alone: the interval of `differences.difference` at 99 %.

    Modes are compared as samples of endless households: nobody knows how many would have chosen which.
    """
    alone = by_mode.get(Mode.SELF)
    if not alone or len(by_mode) == 1:
        return ()
    known = dict(_estimates(alone, content, closing))
    return tuple(
        ModeWarning(mode, of, found)
        for mode, tally in by_mode.items()
        if mode != Mode.SELF
        for of, one in _estimates(tally, content, closing)
        if (found := difference(one, known[of])) and found.word != "unclear"
    )


def _estimates(tally: Tally, content: int, closing: str | None) -> Iterator[tuple[str, Estimate]]:
    samples = {
        "overall": tally.sample(closing) if closing else None,
        "content_mean": tally.content_sample(content),
        "all_satisfied": tally.all_sample(content),
    }
    for of, sample in samples.items():
        if sample and sample.ballots:
            yield of, estimate(sample, [sample], 1 - LEVEL)
