"""What a paper says, as plain texts: the same for the Word template, the PDF and the page that verifies it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.forms.form import Form, Question
from surveys.local_time import say_moment
from surveys.rounds.round_row import RoundRow
from surveys.rounds.units import COUNTS

Row = Mapping[str, str]

DRAFT = "BẢN DỰ THẢO: mẫu của phần mềm, dùng tạm đến khi có mẫu của cơ quan có thẩm quyền"
SAMPLE = "SỐ LIỆU MẪU, không phải số liệu chính thức"
DOTS = "." * 40
LINES = {"text": 3}  # dotted lines to write on; else one
BOX = "☐"
KINDS_OF_PLACES = ("Tỉnh", "Thành", "Huyện", "Xã", "Phường", "Thị", "Đặc", "Ấp", "Khóm", "Thôn", "Khu", "Tổ")


@dataclass(frozen=True, slots=True)
class Contents:
    """A paper's texts by the names of their fields, and its tables row by row."""

    fields: Mapping[str, str]
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    items: Sequence[Mapping[str, Any]] = ()  # of a ballot, as the PDF draws them


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who asks, from the configuration."""

    name: str
    contact: str = ""


def about_round(row: RoundRow, form: Form, organiser: Organiser, names: Sequence[str], address: str) -> dict[str, str]:
    """The fields that every paper has. `names` are those of the unit and of what it lies in, the unit first."""
    return {
        "co_quan": organiser.name,
        "lien_he": organiser.contact or DOTS,
        "ten_dot": row.name,
        "don_vi": in_sentence(names[0]),
        "dia_ban": ", ".join(names),
        "mau_phieu": form.text(form.title, "vi"),
        "mo_luc": say_moment(row.opened_at or row.opens_at),
        "dong_luc": say_moment(row.closed_at or row.closes_at),
        "cach_dem": COUNTS[row.counts],
        "dia_chi": address,
        "ban_du_thao": DRAFT,
        "so_lieu_mau": SAMPLE if row.sample else "",
    }


def in_sentence(name: str) -> str:
    """A unit's name within a sentence: xã Thuận Hòa, ấp 3."""
    return name[:1].lower() + name[1:] if name.split()[:1] and name.split()[0] in KINDS_OF_PLACES else name


def ballot_items(form: Form, also: str = "") -> list[dict[str, Any]]:
    """The form's questions as a ballot prints them, with each text in a second language where one is asked for.

    Questions are numbered; notes are not. Calculations are left out.
    """
    items: list[dict[str, Any]] = []
    number = 0
    for question in form.questions:
        if question.type == "calculate":
            continue
        number += question.asks
        items.append(
            {
                "number": str(number) if question.asks else "",
                "label": form.text(question.label, "vi"),
                "also": question.label.get(also, ""),
                "hint": _hint(form, question),
                "options": [
                    {"label": form.text(option.label, "vi"), "also": option.label.get(also, "")}
                    for option in question.options
                ],
                "several": question.type == "select_multiple",
                "lines": LINES.get(question.type, 1) if question.asks and not question.options else 0,
                "tick": question.type == "acknowledge",
            }
        )
    return items


def ballot_rows(items: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The same as rows of a Word table: a box before each option, or dots to write on."""
    return [
        {
            "muc_so": item["number"],
            "muc_cau": "\n".join(filter(None, (item["label"], item["also"], item["hint"]))),
            "muc_tra_loi": _space(item),
        }
        for item in items
    ]


def _space(item: Mapping[str, Any]) -> str:
    if item["options"]:
        return "\n".join(f"{BOX} {' / '.join(filter(None, option.values()))}" for option in item["options"])
    return BOX if item["tick"] else "\n".join([DOTS] * item["lines"])


def _hint(form: Form, question: Question) -> str:
    told = [form.text(question.hint, "vi")] if question.hint else []
    if question.type == "select_multiple":
        told.append("Chọn được nhiều ô.")
    return " ".join(filter(None, told))
