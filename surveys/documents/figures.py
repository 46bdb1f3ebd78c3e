"""The figures of a paper: what `score` gives for one unit, as the official papers print it.

Shares have two decimals and a comma and are never rounded across a line (`surveys.results.official_format`). What
is withheld since too few answered is said to be withheld.
"""

from collections.abc import Sequence
from fractions import Fraction

from surveys.errors import SurveyError
from surveys.results.estimates import Estimate
from surveys.results.official_format import format_share
from surveys.results.round_score import RoundScore
from surveys.results.scoring import QuestionScore, UnitScore
from surveys.results.verdicts import VERDICTS
from surveys.rounds.states import MODES, TOLD
from surveys.rules.rule_sets import COVERAGE, STATUSES

UNKNOWN = "chưa rõ"
WITHHELD = "không nêu"
NO_BALLOT = "chưa có phiếu"
NOT_ASKED = "phiếu không hỏi"
FEW = (
    "Chỗ ghi “không nêu” là nơi ít phiếu, nơi đi kèm nơi ít phiếu, hoặc nơi mọi phiếu đều chưa hài lòng; "
    "không in ra để không ai đoán được nhà nào trả lời gì."
)
BAND = "Chỗ ghi “từ … trở lên” là nơi có ít người trả lời khác số đông, chỉ nêu mức."
INSIDE = "Số liệu từng ấp lưu hành nội bộ; bản niêm yết in bằng --public."
COLLAPSED = "Khoảng tin cậy và kết luận tính gộp các ấp không công bố riêng thành một nhóm, như trang công bố."


def count(number: int | None, missing: str = UNKNOWN) -> str:
    """1.355."""
    return missing if number is None else f"{number:,}".replace(",", ".")


def share(value: Fraction | float | None, mark: Fraction | None = None, missing: str = WITHHELD) -> str:
    """60,98%."""
    if value is None:
        return missing
    return format_share(value, mark=mark)


def unit_of(result: RoundScore, unit_id: int) -> UnitScore:
    """The unit's score. Raises `SurveyError` when the round does not ask it."""
    if unit := result.unit(unit_id):
        return unit
    raise SurveyError("đợt này không hỏi đơn vị ấy; xem các đơn vị của đợt bằng: langnghe round status ĐỢT")


def result_fields(
    result: RoundScore, unit: UnitScore, closed_by: Sequence[str], code: str, *, tables: bool = True
) -> dict[str, str]:
    """The fields of papers that tell results; `tables`: whether the paper shows the units below this one too."""
    closing = next((one for one in unit.questions if one.role == "overall"), None)
    content = any(one.role == "content" for one in unit.questions)
    first, second, *_ = (*closed_by, "", "")
    below = parts(result, unit) if tables else ()
    every = (unit, *below)
    notes = [
        *([FEW] if any(set(one.suppressed) - set(one.bands) for one in every) else []),
        *([BAND] if any(one.bands for one in every) else []),
        *([COLLAPSED] if unit.collapsed else []),
        *([INSIDE] if result.view == "posted" and any(one.level == "hamlet" for one in every) else []),
    ]
    return {
        "ma_giay": code,
        "trang_thai": TOLD[result.round.state],
        "nguoi_dong_1": first,
        "nguoi_dong_2": second,
        "ghi_chu": " ".join(filter(None, (result.note, unit.note, *notes))),
        "bo_quy_tac": result.rule.title,
        "can_cu": result.rule.basis,
        "tinh_trang_quy_tac": STATUSES[result.rule.status],
        "so_ho": count(unit.households),
        "so_phieu": count(unit.ballots),
        "do_phu": share(unit.coverage, missing=UNKNOWN),
        "neu_im_lang": share(unit.if_all_silent_dissatisfied, missing=UNKNOWN),
        "chung_hai_long": count(closing.satisfied, WITHHELD) if closing else NOT_ASKED,
        "chung_chua": count(closing.not_satisfied, WITHHELD) if closing else NOT_ASKED,
        "chung_trong": count(closing.blank, WITHHELD) if closing else NOT_ASKED,
        "ty_le_chung": _rate(unit, unit.overall, closing.name) if closing else NOT_ASKED,
        "ty_le_chung_chua": _part(closing, closing.not_satisfied, unit) if closing else NOT_ASKED,
        "khoang_chung": _interval(unit, unit.overall) if closing else NOT_ASKED,
        "ty_le_trung_binh": _rate(unit, unit.content_mean) if content else NOT_ASKED,
        "khoang_trung_binh": _interval(unit, unit.content_mean) if content else NOT_ASKED,
        "ty_le_moi_noi_dung": _rate(unit, unit.all_satisfied) if content else NOT_ASKED,
        "khoang_moi_noi_dung": _interval(unit, unit.all_satisfied) if content else NOT_ASKED,
    }


def result_tables(result: RoundScore, unit: UnitScore) -> dict[str, list[dict[str, str]]]:
    """Questions, marks, the units right below this one, and the ways in which ballots came."""
    closing = next((one.name for one in unit.questions if one.role == "overall"), "")
    return {
        "cau": [
            {
                "cau_so": str(number),
                "cau_noi_dung": one.label,
                "cau_hai_long": count(one.satisfied, WITHHELD),
                "cau_ty_le": share(one.rate, missing=_band(unit, one.name)),
                "cau_chua": count(one.not_satisfied, WITHHELD),
                "cau_ty_le_chua": _part(one, one.not_satisfied, unit),
                "cau_trong": count(one.blank, WITHHELD),
            }
            for number, one in enumerate(unit.questions, 1)
        ],
        "moc": [
            {
                "moc_ten": "Độ phủ" if mark.mark == COVERAGE else mark.mark,
                "moc_nguong": f"{'trên' if mark.strict else 'từ'} {share(mark.threshold)}",
                "moc_dat_duoc": share(mark.value, mark.threshold, UNKNOWN),
                "moc_theo_so": "đạt" if mark.official else "chưa đạt",
                "moc_ket_luan": VERDICTS[mark.verdict],
            }
            for mark in unit.marks
        ],
        "ap": [
            {
                "ap_so": str(number),
                "ap_ten": part.name,
                "ap_ho": count(part.households),
                "ap_phieu": count(part.ballots),
                "ap_do_phu": share(part.coverage, missing=UNKNOWN),
                "ap_chung": _rate(part, part.overall, closing),
            }
            for number, part in enumerate(parts(result, unit), 1)
        ],
        "cach": [
            {
                "cach_ten": MODES[mode],
                "cach_phieu": count(one.ballots, WITHHELD),
                "cach_chung": share(one.overall),
                "cach_trung_binh": share(one.content_mean),
            }
            for mode, one in unit.by_mode
        ],
    }


def parts(result: RoundScore, unit: UnitScore) -> list[UnitScore]:
    """What lies in a unit: of a commune its hamlets, of anything higher the communes that the round asks."""
    if unit.level == "hamlet":
        return []
    if unit.level == "commune":
        return [one for one in result.units if one.key.startswith(f"{unit.key}/")]
    return [one for one in result.units if one.level == "commune"]


def _rate(unit: UnitScore, one: Estimate | None, question: str = "") -> str:
    return share(one.rate if one else None, missing=_band(unit, question))


def _band(unit: UnitScore, question: str) -> str:
    least = unit.bands.get(question)
    return _missing(unit) if least is None else f"từ {float(least) * 100:.0f}% trở lên"


def _interval(unit: UnitScore, one: Estimate | None) -> str:
    if one is None or one.low is None or one.high is None:
        return _missing(unit)
    return f"từ {share(one.low)} đến {share(one.high)}"


def _part(question: QuestionScore, number: int | None, unit: UnitScore) -> str:
    """A count's share of the ballots returned."""
    counted = [each for each in (question.satisfied, question.not_satisfied, question.blank) if each is not None]
    if number is None or len(counted) < 3 or not sum(counted):
        return _missing(unit)
    return format_share(Fraction(number, sum(counted)))


def _missing(unit: UnitScore) -> str:
    return WITHHELD if unit.ballots else NO_BALLOT
