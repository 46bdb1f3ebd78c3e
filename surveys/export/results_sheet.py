"""The results of a round as lines of a sheet that can be printed and shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from surveys.export.sheet import Sheet
from surveys.local_time import say_moment
from surveys.results.official_format import format_share
from surveys.rounds.rounds import STATES
from surveys.rules.rule_sets import COVERAGE

VERDICTS = {"reached": "đạt", "not_reached": "chưa đạt", "not_established": "chưa đủ căn cứ"}
MODES = {"self": "tự trả lời", "assisted": "có người giúp", "kiosk": "máy ở bộ phận một cửa", "paper": "phiếu giấy"}
COUNTS = {"household": "mỗi hộ một phiếu", "person": "mỗi người một phiếu, ấp do bà con tự khai"}


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
    if result["sample"]:
        yield Line(["SỐ LIỆU MẪU, không phải số liệu chính thức"], "warning")
    yield Line()
    yield Line(["Mẫu phiếu", sheet.form.text(sheet.form.title, "vi")])
    if sheet.form.status:
        yield Line(["Tình trạng mẫu phiếu", sheet.form.status], "warning")
    yield Line(["Cách đếm", COUNTS.get(row.counts, row.counts)])
    yield Line(["Mở", say_moment(row.opened_at or row.opens_at)])
    if row.closed_at:
        yield Line(["Đóng", say_moment(row.closed_at)])
    if row.closed_by:
        yield Line(["Hai người đóng", ", ".join(row.closed_by)])
    yield Line(["Trạng thái", STATES[row.state]])
    yield Line(["Bộ quy tắc", result["title"]])
    yield Line(["Căn cứ", result["basis"]])
    confirmed = result["status"] == "confirmed"
    yield Line(["Tình trạng quy tắc", "đã xác nhận" if confirmed else "CHƯA XÁC NHẬN"], "" if confirmed else "warning")
    if result["note"]:
        yield Line(["Ghi chú", result["note"]], "warning")
    units = result["units"]
    public = {unit["id"]: unit for unit in sheet.public["units"]}
    if result["whole"] and result["whole"]["level"] == "round":
        yield from _unit(result["whole"], sheet.public["whole"])
    for unit in units:
        if unit["level"] != "hamlet" or len(units) == 1:
            yield from _unit(unit, public[unit["id"]])
    yield from _hamlets(units)
    if sheet.places.merged:
        told = (
            f"{sheet.places.merged} ấp có ít phiếu (dưới {sheet.small}, hoặc đi kèm để giữ kín) "
            "chỉ ghi tên xã ở trang Phiếu."
        )
        yield Line()
        yield Line([told], "warning")


def _unit(unit: dict[str, Any], public: dict[str, Any]) -> Iterator[Line]:
    """A unit as officials read it; where everybody reads estimates of fewer strata, those beside it, by their name."""
    yield Line()
    yield Line([unit["name"]], "head")
    yield Line(["Số hộ", _known(unit["households"])])
    yield Line(["Số phiếu", unit["ballots"]])
    yield Line(["Độ phủ", _share(unit["coverage"])])
    if unit.get("note"):
        yield Line([unit["note"]], "warning")
    yield Line(["Mốc", "Ngưỡng", "Đạt được", "Theo con số", "Kết luận"], "columns")
    for mark in unit["marks"]:
        threshold = mark["threshold"]
        sign = ">" if mark.get("strict") else "≥"
        name = "Độ phủ" if mark["mark"] == COVERAGE else mark["mark"]
        verdict = VERDICTS.get(mark["verdict"], mark["verdict"])
        official = "đạt" if mark["official"] else "chưa đạt"
        yield Line([name, f"{sign} {_share(threshold)}", _share(mark["value"], threshold), official, verdict])
    columns = ["Câu hỏi", "Hài lòng", "Chưa hài lòng", "Để trống", "Tỷ lệ", "Khoảng tin cậy từ", "đến (95 %)"]
    collapsed = bool(public["collapsed"])
    yield Line([*columns, *(["Công bố (gộp ấp) từ", "đến (95 %)"] if collapsed else [])], "columns")
    told = {question["name"]: question for question in public["questions"]}
    for question in unit["questions"]:
        counted = [_known(question[key]) for key in ("satisfied", "not_satisfied", "blank")]
        beside = _estimate(told[question["name"]])[1:] if collapsed else []
        yield Line([question["label"], *counted, *_estimate(question), *beside])
    for key, name in (
        ("content_mean", "Trung bình các nội dung"),
        ("overall", "Câu hỏi chung"),
        ("all_satisfied", "Hài lòng mọi nội dung"),
    ):
        if unit[key]:
            beside = _estimate(public[key])[1:] if collapsed else []
            yield Line([name, None, None, None, *_estimate(unit[key]), *beside])
    if unit["if_all_silent_dissatisfied"] is not None:
        bound = _share(unit["if_all_silent_dissatisfied"])
        yield Line(["Nếu mọi hộ chưa trả lời đều chưa hài lòng", None, None, None, bound])
    yield Line(["Cách trả lời", "Số phiếu", "Câu hỏi chung", "Trung bình nội dung"], "columns")
    for mode, one in unit["by_mode"].items():
        rates = [_share(one.get("overall")), _share(one.get("content_mean"))]
        yield Line([MODES.get(mode, mode), _known(one.get("ballots")), *rates])


def _hamlets(units: Sequence[dict[str, Any]]) -> Iterator[Line]:
    names = {unit["unit"]: unit["name"] for unit in units}
    hamlets = [unit for unit in units if unit["level"] == "hamlet"]
    if not hamlets:
        return
    yield Line()
    yield Line(["Độ phủ từng ấp, khóm"], "head")
    yield Line(["Ấp, khóm", "Xã, phường", "Số hộ", "Số phiếu", "Độ phủ"], "columns")
    for unit in hamlets:
        commune = unit["unit"].partition("/")[0]
        counted = [_known(unit["households"]), unit["ballots"], _share(unit["coverage"])]
        yield Line([unit["name"], names.get(commune, commune), *counted])


def _estimate(one: dict[str, Any]) -> list[str]:
    return [_share(one.get(key)) for key in ("rate", "low", "high")]


def _share(value: float | None, mark: float | None = None) -> str:
    if value is None:
        return "chưa rõ"
    return format_share(value, mark=None if mark is None else Fraction(str(mark)))


def _known(value: int | None) -> str | int:
    return "chưa rõ" if value is None else value
