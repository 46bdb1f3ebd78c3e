"""The figures of a paper: what `score` gives for one unit, as the official papers print it.

Shares have two decimals and a comma and are never rounded across a line (`surveys.results.official_format`). What
is withheld since too few answered is said to be withheld.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from surveys.errors import SurveyError
from surveys.results.official_format import format_share
from surveys.rounds.rounds import TOLD
from surveys.rules.rule_sets import COVERAGE

Unit = Mapping[str, Any]  # of `score`

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
VERDICTS = {"reached": "đạt", "not_reached": "chưa đạt", "not_established": "chưa đủ căn cứ"}
MODES = {"self": "tự trả lời", "assisted": "có người giúp", "kiosk": "máy ở bộ phận một cửa", "paper": "phiếu giấy"}
COUNTS = {"household": "mỗi hộ một phiếu", "person": "mỗi người một phiếu, ấp do bà con tự khai"}
RULES = {"confirmed": "đã xác nhận", "unconfirmed": "CHƯA XÁC NHẬN"}


def count(number: int | None, missing: str = UNKNOWN) -> str:
    """1.355."""
    return missing if number is None else f"{number:,}".replace(",", ".")


def share(value: float | None, mark: float | None = None, missing: str = WITHHELD) -> str:
    """60,98%."""
    if value is None:
        return missing
    return format_share(value, mark=None if mark is None else Fraction(str(mark)))


def unit_of(result: Mapping[str, Any], unit_id: int) -> Unit:
    """The unit's score. Raises `SurveyError` when the round does not ask it."""
    for unit in result["units"]:
        if unit["id"] == unit_id:
            return dict(unit)
    raise SurveyError("đợt này không hỏi đơn vị ấy; xem các đơn vị của đợt bằng: langnghe round status ĐỢT")


def result_fields(
    result: Mapping[str, Any], unit: Unit, closed_by: Sequence[str], code: str, *, tables: bool = True
) -> dict[str, str]:
    """The fields of papers that tell results; `tables`: whether the paper shows the units below this one too."""
    closing = next((one for one in unit["questions"] if one["role"] == "overall"), None)
    content = any(one["role"] == "content" for one in unit["questions"])
    first, second, *_ = (*closed_by, "", "")
    below = parts(result, unit) if tables else ()
    every = (unit, *below)
    notes = [
        *([FEW] if any(set(one["suppressed"]) - set(one["bands"]) for one in every) else []),
        *([BAND] if any(one["bands"] for one in every) else []),
        *([COLLAPSED] if unit["collapsed"] else []),
        *([INSIDE] if result["view"] == "posted" and any(one["level"] == "hamlet" for one in every) else []),
    ]
    return {
        "ma_giay": code,
        "trang_thai": TOLD[result["state"]],
        "nguoi_dong_1": first,
        "nguoi_dong_2": second,
        "ghi_chu": " ".join(filter(None, (result["note"], unit["note"], *notes))),
        "bo_quy_tac": result["title"],
        "can_cu": result["basis"],
        "tinh_trang_quy_tac": RULES[result["status"]],
        "so_ho": count(unit["households"]),
        "so_phieu": count(unit["ballots"]),
        "do_phu": share(unit["coverage"], missing=UNKNOWN),
        "neu_im_lang": share(unit["if_all_silent_dissatisfied"], missing=UNKNOWN),
        "chung_hai_long": count(closing["satisfied"], WITHHELD) if closing else NOT_ASKED,
        "chung_chua": count(closing["not_satisfied"], WITHHELD) if closing else NOT_ASKED,
        "chung_trong": count(closing["blank"], WITHHELD) if closing else NOT_ASKED,
        "ty_le_chung": _rate(unit, "overall") if closing else NOT_ASKED,
        "ty_le_chung_chua": _part(closing, "not_satisfied", unit) if closing else NOT_ASKED,
        "khoang_chung": _interval(unit, "overall") if closing else NOT_ASKED,
        "ty_le_trung_binh": _rate(unit, "content_mean") if content else NOT_ASKED,
        "khoang_trung_binh": _interval(unit, "content_mean") if content else NOT_ASKED,
        "ty_le_moi_noi_dung": _rate(unit, "all_satisfied") if content else NOT_ASKED,
        "khoang_moi_noi_dung": _interval(unit, "all_satisfied") if content else NOT_ASKED,
    }


def result_tables(result: Mapping[str, Any], unit: Unit) -> dict[str, list[dict[str, str]]]:
    """Questions, marks, the units right below this one, and the ways in which ballots came."""
    return {
        "cau": [
            {
                "cau_so": str(number),
                "cau_noi_dung": one["label"],
                "cau_hai_long": count(one["satisfied"], WITHHELD),
                "cau_ty_le": share(one["rate"], missing=_band(unit, one["name"])),
                "cau_chua": count(one["not_satisfied"], WITHHELD),
                "cau_ty_le_chua": _part(one, "not_satisfied", unit),
                "cau_trong": count(one["blank"], WITHHELD),
            }
            for number, one in enumerate(unit["questions"], 1)
        ],
        "moc": [
            {
                "moc_ten": "Độ phủ" if mark["mark"] == COVERAGE else mark["mark"],
                "moc_nguong": f"{'trên' if mark['strict'] else 'từ'} {share(mark['threshold'])}",
                "moc_dat_duoc": share(mark["value"], mark["threshold"], UNKNOWN),
                "moc_theo_so": "đạt" if mark["official"] else "chưa đạt",
                "moc_ket_luan": VERDICTS[mark["verdict"]],
            }
            for mark in unit["marks"]
        ],
        "ap": [
            {
                "ap_so": str(number),
                "ap_ten": part["name"],
                "ap_ho": count(part["households"]),
                "ap_phieu": count(part["ballots"]),
                "ap_do_phu": share(part["coverage"], missing=UNKNOWN),
                "ap_chung": _rate(part, "overall"),
            }
            for number, part in enumerate(parts(result, unit), 1)
        ],
        "cach": [
            {
                "cach_ten": MODES.get(mode, mode),
                "cach_phieu": count(one["ballots"], WITHHELD),
                "cach_chung": share(one["overall"]),
                "cach_trung_binh": share(one["content_mean"]),
            }
            for mode, one in unit["by_mode"].items()
        ],
    }


def parts(result: Mapping[str, Any], unit: Unit) -> list[Unit]:
    """What lies in a unit: of a commune its hamlets, of anything higher the communes that the round asks."""
    if unit["level"] == "hamlet":
        return []
    if unit["level"] == "commune":
        return [one for one in result["units"] if one["unit"].startswith(f"{unit['unit']}/")]
    return [one for one in result["units"] if one["level"] == "commune"]


def _rate(unit: Unit, key: str) -> str:
    asked = [one["name"] for one in unit["questions"] if one["role"] == key]
    return share((unit[key] or {}).get("rate"), missing=_band(unit, asked[0] if asked else key))


def _band(unit: Unit, question: str) -> str:
    least = unit["bands"].get(question)
    return _missing(unit) if least is None else f"từ {least * 100:.0f}% trở lên"


def _interval(unit: Unit, key: str) -> str:
    estimate = unit[key] or {}
    low, high = estimate.get("low"), estimate.get("high")
    return _missing(unit) if low is None or high is None else f"từ {share(low)} đến {share(high)}"


def _part(question: Mapping[str, Any], key: str, unit: Unit) -> str:
    """A count's share of the ballots returned."""
    counted = [question[one] for one in ("satisfied", "not_satisfied", "blank")]
    if None in counted or not sum(counted):
        return _missing(unit)
    return format_share(Fraction(question[key], sum(counted)))


def _missing(unit: Unit) -> str:
    return WITHHELD if unit["ballots"] else NO_BALLOT
