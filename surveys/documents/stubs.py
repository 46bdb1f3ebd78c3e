"""Ballots for households: one for each code of a list, with the household's QR on a stub to tear off."""

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection

from places.errors import PlaceError
from places.register.codes import read_long, read_short
from places.register.households import find_by_code
from places.tables import Row, read_table
from places.units import Territory
from surveys.documents.typst_pdf import qr_svg
from surveys.errors import SurveyError

COLUMNS = ("household", "code", "link")  # of the list that `households codes` writes
WRONG = {"void": "mã này đã hủy", "mistyped": "mã này gõ sai", "unknown": "không có mã này trong sổ hộ"}


def read_stubs(connection: Connection, key: bytes, path: Path, units: Collection[int]) -> list[dict[str, str]]:
    """What the stubs of these units' ballots say, in the order of the list.

    `key` is what codes are kept under. Raises `SurveyError` naming the first row whose code is not in force, or not
    of a household of these units: a ballot with such a stub would be worth nothing.
    """
    try:
        rows = read_table(path, COLUMNS)
    except PlaceError as error:
        raise SurveyError(str(error)) from error
    if not rows:
        raise SurveyError(f"{path.name}: không có hộ nào")
    territory = Territory.read(connection)
    stubs = [_stub(connection, key, path.name, row, territory, units) for row in rows]
    seen = set[tuple[str, str]]()
    for row, stub in zip(rows, stubs, strict=True):
        if (stub["place"], stub["household"]) in seen:
            raise SurveyError(f"{path.name}, dòng {row.number}: hộ số {stub['household']} có hai dòng")
        seen.add((stub["place"], stub["household"]))
    return stubs


def _stub(
    connection: Connection, key: bytes, file: str, row: Row, territory: Territory, units: Collection[int]
) -> dict[str, str]:
    if read_long(row["link"]) is None or read_short(row["code"]) is None:
        raise SurveyError(f"{file}, dòng {row.number}: thiếu mã hoặc đường dẫn của hộ")
    found, household = find_by_code(connection, key, row["link"])
    _, named = find_by_code(connection, key, row["code"])
    if household is None or found in WRONG:
        raise SurveyError(f"{file}, dòng {row.number}: {WRONG.get(found, WRONG['unknown'])}")
    if named is None or named.id != household.id:
        raise SurveyError(f"{file}, dòng {row.number}: mã và đường dẫn không phải của cùng một hộ")
    if household.unit_id not in units:
        raise SurveyError(f"{file}, dòng {row.number}: hộ số {household.number} không thuộc đơn vị in phiếu")
    hamlet = territory[household.unit_id]
    place = ", ".join(each.name for each in territory.path(hamlet.id) if each.level != "province")
    return {"household": household.number, "place": place, "short": row["code"], "qr": qr_svg(row["link"])}
