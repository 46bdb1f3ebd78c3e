"""A paper of a round: put together, printed, and where it tells results entered among the issued ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from places.units import Territory
from surveys.documents import word
from surveys.documents.codes import in_groups, new_code
from surveys.documents.contents import Contents, Organiser, about_round, ballot_items, ballot_rows
from surveys.documents.figures import result_fields, result_tables, unit_of
from surveys.documents.kinds import INTERNAL, Kind, Template, template_of
from surveys.documents.typst_pdf import press, qr_svg
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.results.posted import posted_score
from surveys.results.results import score
from surveys.results.suppression import SMALL
from surveys.rounds.round_form import round_form
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.states import ANSWERS_OPEN, RoundState
from surveys.rounds.units import round_units
from surveys.unit_names import find_units

Format = Literal["docx", "pdf"]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that a paper says; `code` is empty where it tells no results."""

    round: int
    unit: int
    template: Template
    contents: Contents
    address: str  # where its QR leads
    code: str = ""
    stubs: Sequence[Mapping[str, str]] = ()  # of a ballot for each household

    def values(self) -> dict[str, Any]:
        """What the PDF's layout is filled with."""
        return {
            "title": f"{self.template.title}: {self.contents.fields['ten_dot']}",
            "fields": self.contents.fields,
            "tables": self.contents.tables,
            "items": self.contents.items,
            "stubs": self.stubs,
            "qr": qr_svg(self.address),
        }


def compose(
    connection: Connection,
    key: str | int,
    kind: Kind,
    *,
    unit: str | None,
    organiser: Organiser,
    site: str,
    also: str = "",
    small: int = SMALL,
    public: bool = False,
) -> Paper:
    """The paper of a round for one of its units, `CODE` or `CODE/HAMLET`; the only one where none is named.

    Minutes and report say what officials read, with the estimates that are public (`posted_score`); what is read out,
    and with `public` every paper, says what may be published. `site` is the address of our pages, `also` a
    second language for a ballot. Raises `SurveyError` for results before the close, a round called off, and a unit
    that the round does not ask.
    """
    row = find_round(connection, key)
    closed = row.state in ANSWERS_OPEN
    template = template_of(kind, closed=closed)
    if row.state == RoundState.CANCELLED:
        raise SurveyError(f"đợt “{row.name}” đã hủy, không in giấy được")
    if "ma_giay" in template.fields and not closed:
        raise SurveyError(f"{template.title} chỉ in được sau khi đóng đợt; đóng bằng: langnghe round close")
    form = round_form(connection, row.form_id)
    chosen = _unit(connection, row, unit)
    own, *around = Territory.read(connection).path(chosen)
    names = [own.name, *(place.name for place in around if place.level != "province")]
    if "ma_giay" not in template.fields:
        address = f"{site}/s/{row.code}"
        return Paper(row.id, chosen, template, _invitation(row, form, organiser, names, address, also), address)
    code = new_code()
    address = f"{site}/v/{code}"
    public = public or template.name not in INTERNAL
    result = (
        score(connection, row.id, small=small, public=True) if public else posted_score(connection, row.id, small=small)
    )
    told = unit_of(result, chosen)
    tables = template.name != "notice-results"  # a loudspeaker reads out no table
    fields = result_fields(result, told, row.closed_by, in_groups(code), tables=tables)
    contents = Contents(about_round(row, form, organiser, names, address) | fields, result_tables(result, told))
    return Paper(row.id, chosen, template, contents, address, code)


def units_below(connection: Connection, paper: Paper) -> set[int]:
    """The paper's unit and every unit of the round below it."""
    asked = round_units(connection, paper.round)
    below = {paper.unit}
    for unit in asked:  # each parent before its children
        if unit.parent in below:
            below.add(unit.id)
    return below


def render(paper: Paper, format: Format, now: datetime, template: Path | None = None) -> bytes:
    """The file's bytes, for Word from the shipped template or another. Raises `SurveyError` naming an unknown field."""
    if format == "pdf":
        return press(paper.template.name, paper.values(), now)
    return word.fill(template or word.shipped(paper.template), paper.template, paper.contents, paper.address)


def _invitation(
    row: RoundRow, form: Form, organiser: Organiser, names: Sequence[str], address: str, also: str
) -> Contents:
    items = ballot_items(form, also)
    return Contents(about_round(row, form, organiser, names, address), {"muc": ballot_rows(items)}, items)


def _unit(connection: Connection, row: RoundRow, name: str | None) -> int:
    asked = round_units(connection, row.id)
    if name is None:
        tops = [unit for unit in asked if unit.parent is None]
        if len(tops) > 1:
            raise SurveyError(
                "đợt này hỏi nhiều đơn vị; ghi rõ: --unit " + " hoặc ".join(unit.key for unit in tops[:5])
            )
        return tops[0].id
    [found] = find_units(connection, [name])
    if found not in {unit.id for unit in asked}:
        raise SurveyError(f"đợt “{row.name}” không hỏi đơn vị “{name}”; xem: langnghe round status {row.id}")
    return found
