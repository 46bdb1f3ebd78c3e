"""The two people who close a round."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from surveys.errors import SurveyError
from surveys.permissions import anybody_may, require_permission
from surveys.roles import Deed
from surveys.staff_accounts import find_staff_member, plain_name, same_name


@dataclass(frozen=True, slots=True)
class Pair:
    """The two who close a round, by name, and whether each has an account of the staff."""

    names: tuple[str, str]
    accounts: bool


def closing_pair(connection: Connection, units: Collection[int], by: str, witness: str) -> Pair:
    """The two who close a round in these units: different accounts of the staff, each of which may close it.

    Where no account may, since nobody was added yet, the operator's two names do. Raises `SurveyError`.
    """
    first, second = plain_name(by), plain_name(witness)
    if not first or not second or same_name(first, second):
        raise SurveyError("đóng đợt cần hai người khác nhau: --by NGƯỜI_MỘT --with NGƯỜI_HAI")
    accounts = [find_staff_member(connection, name, known=False) for name in (first, second)]
    for account in accounts:
        if account is not None:
            require_permission(connection, account, Deed.CLOSE_ROUND, units)
    if None in accounts and anybody_may(connection, Deed.CLOSE_ROUND, units):
        nobody = (first, second)[accounts.index(None)]
        raise SurveyError(
            f"“{nobody}” không có tài khoản nên không đóng được đợt này; "
            f'thêm tài khoản: langnghe staff add "{nobody}" --role official --unit MÃ_XÃ'
        )
    names = [account.name if account else name for account, name in zip(accounts, (first, second), strict=True)]
    return Pair((names[0], names[1]), None not in accounts)
