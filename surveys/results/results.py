"""Results of a round, read from the tally that its close made.

Before the close nothing here reads an answer: everyone sees coverage only, whoever they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from storage.tables import Ballot, Interview, Round
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.results import tallying
from surveys.results.comparison import compare
from surveys.results.counts import Scored, Tally, UnitCounts
from surveys.results.round_score import Compared, RoundScore, View
from surveys.results.scoring import UnitScore, coverage_only
from surveys.results.scoring import score as score_units
from surveys.results.suppression import SMALL, for_everybody, for_staff
from surveys.results.tallying import is_scored
from surveys.rounds.coverage import coverage_with_whole
from surveys.rounds.round_form import round_form
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.states import ANSWERS_OPEN, Mode, PartState
from surveys.rounds.units import WHOLE, Turnout, round_units, with_whole
from surveys.rules.rule_sets import Rule

BATCH = 2000  # ballots in memory at once

SEALED = "Kết quả chỉ mở sau khi đóng đợt; trước đó chỉ xem được độ phủ."
PERSONS = "Đợt này đếm mỗi người một phiếu, ấp do bà con tự khai; độ phủ theo hộ chỉ để tham khảo."
HOUSEHOLDS = "Đợt này đếm mỗi hộ một phiếu, theo sổ hộ và thẻ hộ."
UNCONFIRMED = "Bộ quy tắc chưa được xác nhận; cần hỏi lại Mặt trận trước khi dùng làm kết quả chính thức."


def score(
    connection: Connection,
    key: str | int,
    *,
    against: str | int | None = None,
    small: int = SMALL,
    public: bool = False,
) -> RoundScore:
    """The scores of a round by its number, name or code.

    What is `public` may be published as it is; otherwise it is what officials read: see `surveys.results.suppression`.
    `against` is a round before: adds `compared`. Raises `SurveyError` where there is no such round, or none
    to compare with.
    """
    row = find_round(connection, key)
    rule = Rule.from_dict(row.rule_definition)
    notes = [PERSONS if row.counts == "person" else HOUSEHOLDS]
    if row.counts == "household" and (declared := _self_declared(connection, row.id)):
        notes.append(f"{declared} phiếu là của người không có thẻ hộ, mỗi người một phiếu, nơi ở tự khai.")
    notes += [UNCONFIRMED] if rule.status == "unconfirmed" else []
    if row.state in ANSWERS_OPEN:
        units, outside = _scores(connection, row, small, public)
        if outside:
            notes.append(f"{outside} phiếu ở đơn vị ngoài đợt không được tính.")
    else:
        units = coverage_only(coverage_with_whole(connection, row), rule, row.counts)
        notes.insert(0, SEALED)
    compared = None
    if against is not None:
        before = find_round(connection, against)
        for one in (row, before):
            require_open_answers(connection, one.id)
        earlier = _scores(connection, before, small, public)[0]
        changes = compare(units, earlier if _tops(units) == _tops(earlier) else _single(earlier))
        compared = Compared(
            before,
            same_form=row.form_id == before.form_id,
            whole=next((change for change in changes if change.unit.unit.parent is None), None),
            units=tuple(change for change in changes if change.unit.unit.id != WHOLE),
        )
    whole = units[0] if units else None
    view: View = "public" if public else "officials"
    return RoundScore(row, view, rule, " ".join(notes), whole, tuple(_single(units)), compared)


def _tops(units: Sequence[UnitScore]) -> set[int]:
    """What a round asks: its units that lie in no other."""
    return {unit.unit.id for unit in units if unit.unit.id != WHOLE and unit.unit.parent in (None, WHOLE)}


def _single(units: Sequence[UnitScore]) -> list[UnitScore]:
    return [unit for unit in units if unit.unit.id != WHOLE]


def _scores(connection: Connection, row: RoundRow, small: int, public: bool) -> tuple[tuple[UnitScore, ...], int]:
    """A closed round's scores without what may not be shown, and how many ballots lie outside its units."""
    form = round_form(connection, row.form_id)
    counted = counts(connection, row.id, form, with_whole(round_units(connection, row.id), row.name))
    units = score_units(scored_questions(form), counted.units, Rule.from_dict(row.rule_definition), row.counts)
    return (for_everybody if public else for_staff)(units, small), counted.outside


def _self_declared(connection: Connection, round_id: int) -> int:
    """How many people without a card handed in a ballot in a round that counts households."""
    query = select(func.count()).select_from(Interview)
    return connection.execute(
        query.where(Interview.round_id == round_id, Interview.state == PartState.SUBMITTED)
    ).scalar_one()


@dataclass(frozen=True, slots=True)
class Counted:
    units: tuple[UnitCounts, ...]
    outside: int  # ballots from units that the round does not ask


def counts(
    connection: Connection, round_id: int, form: Form, units: Sequence[Turnout], *, recount: bool = False
) -> Counted:
    """A closed round's counts for these units, parents first, as `round_units` gives them.

    They are the tally that the close made, or all ballots counted anew. Raises `SurveyError` before the close.
    """
    require_open_answers(connection, round_id)
    rows = None if recount else tallying.stored(connection, round_id)
    by_mode = tallying.to_score(_count(connection, round_id, form) if rows is None else rows, form)
    known = {unit.id for unit in units}
    outside = sum(tally.ballots for unit, modes in by_mode.items() if unit not in known for tally in modes.values())
    for unit in reversed(units):
        if unit.parent in known:
            above = by_mode.setdefault(unit.parent, {})
            for mode, tally in by_mode.get(unit.id, {}).items():
                above[mode] = above.get(mode, Tally()) + tally
    return Counted(tuple(_unit_counts(unit, by_mode.get(unit.id, {})) for unit in units), outside)


def _unit_counts(unit: Turnout, by_mode: Mapping[Mode, Tally]) -> UnitCounts:
    ballots = sum(tally.ballots for tally in by_mode.values())
    return UnitCounts(replace(unit, ballots=ballots), dict(sorted(by_mode.items())))


def _count(connection: Connection, round_id: int, form: Form) -> Iterable[tallying.Row]:
    counting = tallying.Tallying(form)
    ballots = select(Ballot.unit_id, Ballot.mode, Ballot.answers).where(Ballot.round_id == round_id, Ballot.submitted)
    for unit_id, mode, answers in connection.execute(ballots, execution_options={"yield_per": BATCH}):
        counting.add(unit_id, mode, answers)
    return counting.rows()


def scored_questions(form: Form) -> list[Scored]:
    """The form's questions that can be scored, with their labels in Vietnamese."""
    return [
        Scored(question.name, form.text(question.label, "vi"), question.role)
        for question in form.questions
        if is_scored(question)
    ]


def require_open_answers(connection: Connection, round_id: int) -> None:
    """Raises `SurveyError` until the round is closed: before that nobody may read an answer."""
    state = connection.execute(select(Round.state).where(Round.id == round_id)).scalar_one_or_none()
    if state not in ANSWERS_OPEN:
        raise SurveyError("kết quả chỉ mở sau khi đóng đợt")
