"""The results of a round as lines of a sheet that can be printed and shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys.export.sheet import Sheet
from surveys.local_time import say_moment
from surveys.results.estimates import Estimate
from surveys.results.official_format import format_share
from surveys.results.scoring import UnitScore
from surveys.results.verdicts import VERDICTS
from surveys.rounds.states import MODES, STATES
from surveys.rounds.units import COUNTS
from surveys.rules.rule_sets import COVERAGE, STATUSES


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, and whether it is a title, a head, the names of columns or a warning."""

    cells: Sequence[str | int | None] = ()
    style: str = ""


def result_lines(sheet: Sheet) -> Iterator[Line]:
    """Title, round, dates, rule and its status; then for each commune marks, questions, modes; then hamlets."""
    result, row = sheet.score, sheet.round
    yield Line(["KẾT QUẢ LẤY Ý KIẾN"], "title")
    yield Line([row.name], "title")
    if row.sample:
        yield Line(["SỐ LIỆU MẪU, không phải số liệu chính thức"], "warning")
    yield Line()
    yield Line(["Mẫu phiếu", sheet.form.text(sheet.form.title, "vi")])
    if sheet.form.status:
        yield Line(["Tình trạng mẫu phiếu", sheet.form.status], "warning")
    yield Line(["Cách đếm", COUNTS[row.counts]])
    yield Line(["Mở", say_moment(row.opened_at or row.opens_at)])
    if row.closed_at:
        yield Line(["Đóng", say_moment(row.closed_at)])
    if row.closed_by:
        yield Line(["Hai người đóng", ", ".join(row.closed_by)])
    yield Line(["Trạng thái", STATES[row.state]])
    yield Line(["Bộ quy tắc", result.rule.title])
    yield Line(["Căn cứ", result.rule.basis])
    confirmed = result.rule.status == "confirmed"
    yield Line(["Tình trạng quy tắc", STATUSES[result.rule.status]], "" if confirmed else "warning")
    if result.note:
        yield Line(["Ghi chú", result.note], "warning")
    for unit, public in zip(result.heads, sheet.public.heads, strict=True):
        if unit.level != "hamlet" or len(result.units) == 1:
            yield from _unit(unit, public)
    yield from _hamlets(result.units)
    if sheet.places.merged:
        told = (
            f"{sheet.places.merged} ấp có ít phiếu (dưới {sheet.small}, hoặc đi kèm để giữ kín) "
            "chỉ ghi tên xã ở trang Phiếu."
        )
        yield Line()
        yield Line([told], "warning")


def _unit(unit: UnitScore, public: UnitScore) -> Iterator[Line]:
    """A unit as officials read it; where everybody reads estimates of fewer strata, those beside it, by their name."""
    yield Line()
    yield Line([unit.name], "head")
    yield Line(["Số hộ", _known(unit.households)])
    yield Line(["Số phiếu", unit.ballots])
    yield Line(["Độ phủ", _share(unit.coverage)])
    if unit.note:
        yield Line([unit.note], "warning")
    yield Line(["Mốc", "Ngưỡng", "Đạt được", "Theo con số", "Kết luận"], "columns")
    for mark in unit.marks:
        threshold = mark.threshold
        sign = ">" if mark.strict else "≥"
        name = "Độ phủ" if mark.mark == COVERAGE else mark.mark
        verdict = VERDICTS[mark.verdict]
        official = "đạt" if mark.official else "chưa đạt"
        yield Line([name, f"{sign} {_share(threshold)}", _share(mark.value, threshold), official, verdict])
    columns = ["Câu hỏi", "Hài lòng", "Chưa hài lòng", "Để trống", "Tỷ lệ", "Khoảng tin cậy từ", "đến (95 %)"]
    yield Line([*columns, *(["Công bố (gộp ấp) từ", "đến (95 %)"] if public.collapsed else [])], "columns")
    for question, told in zip(unit.questions, public.questions, strict=True):
        counted = [_known(number) for number in (question.satisfied, question.not_satisfied, question.blank)]
        yield Line([question.label, *counted, *_estimate(question.estimate), *_beside(told.estimate, public)])
    for one, theirs, name in (
        (unit.content_mean, public.content_mean, "Trung bình các nội dung"),
        (unit.overall, public.overall, "Câu hỏi chung"),
        (unit.all_satisfied, public.all_satisfied, "Hài lòng mọi nội dung"),
    ):
        if one:
            yield Line([name, None, None, None, *_estimate(one), *_beside(theirs, public)])
    if unit.if_all_silent_dissatisfied is not None:
        bound = _share(unit.if_all_silent_dissatisfied)
        yield Line(["Nếu mọi hộ chưa trả lời đều chưa hài lòng", None, None, None, bound])
    yield Line(["Cách trả lời", "Số phiếu", "Câu hỏi chung", "Trung bình nội dung"], "columns")
    for mode, scored in unit.by_mode:
        yield Line([MODES[mode], scored.ballots, _share(scored.overall), _share(scored.content_mean)])


def _hamlets(units: Sequence[UnitScore]) -> Iterator[Line]:
    names = {unit.key: unit.name for unit in units}
    hamlets = [unit for unit in units if unit.level == "hamlet"]
    if not hamlets:
        return
    yield Line()
    yield Line(["Độ phủ từng ấp, khóm"], "head")
    yield Line(["Ấp, khóm", "Xã, phường", "Số hộ", "Số phiếu", "Độ phủ"], "columns")
    for unit in hamlets:
        commune = unit.key.partition("/")[0]
        counted = [_known(unit.households), unit.ballots, _share(unit.coverage)]
        yield Line([unit.name, names.get(commune, commune), *counted])


def _estimate(one: Estimate) -> list[str]:
    return [_share(one.rate), _share(one.low), _share(one.high)]


def _beside(one: Estimate | None, public: UnitScore) -> list[str]:
    return _estimate(one)[1:] if one and public.collapsed else []


def _share(value: Fraction | float | None, mark: Fraction | None = None) -> str:
    if value is None:
        return "chưa rõ"
    return format_share(value, mark=mark)


def _known(value: int | None) -> str | int:
    return "chưa rõ" if value is None else value
