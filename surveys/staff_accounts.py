"""Accounts of the staff by name, whatever the spaces, the keyboard and capital letters."""

import unicodedata
from typing import overload

from sqlalchemy import Connection, select

from storage.tables import Staff
from surveys.errors import SurveyError
from surveys.permissions import STAFF_COLUMNS, StaffMember, read_member


@overload
def find_staff_member(connection: Connection, name: str) -> StaffMember: ...
@overload
def find_staff_member(connection: Connection, name: str, *, known: bool) -> StaffMember | None: ...
def find_staff_member(connection: Connection, name: str, *, known: bool = True) -> StaffMember | None:
    """Somebody of the staff by name, whatever the spaces, the keyboard and capital letters.

    Raises `SurveyError` when there is none and must be (`known`). Of names that differ only in capital letters, as
    they could once be added, it has to be the one as it is stored.
    """
    found = officials_called(connection, name)
    if len(found) > 1:
        found = [official for official in found if official.name == plain_name(name)]
    if not found and known:
        raise SurveyError(f"không có cán bộ nào tên “{name}”; xem: langnghe staff list")
    return found[0] if found else None


def officials_called(connection: Connection, name: str) -> list[StaffMember]:
    """Who of the staff has this name; capital letters do not tell two people apart."""
    rows = connection.execute(select(*STAFF_COLUMNS).order_by(Staff.id))
    return [read_member(row) for row in rows if same_name(row.name, name)]


def same_name(one: str, other: str) -> bool:
    """Whether two names are one person's."""
    return plain_name(one).casefold() == plain_name(other).casefold()


def plain_name(name: str) -> str:
    """As names are stored, whatever the spaces and the keyboard: ế as one letter or as three."""
    return " ".join(unicodedata.normalize("NFC", name).split())
