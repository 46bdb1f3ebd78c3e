"""`--as` and `--by`: who gives the order, and whether they may where it is given."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from bot.commands.options import ACTOR

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from surveys.permissions import StaffMember
    from surveys.roles import Deed

_ACTING = "langnghe.acting"


def _keep(context: click.Context, _option: click.Parameter, value: str) -> None:
    if value:
        context.meta[_ACTING] = context.meta[ACTOR] = value


as_whom = click.option(
    "--as",
    default="",
    expose_value=False,
    callback=_keep,
    help="An account of the staff; refused where the role or the units are not theirs.",
)


def acting_member(connection: "Connection") -> "StaffMember | None":
    """The account of the staff that gives the order; None for the operator, who may do anything.

    `--as` must name an account, else `SurveyError` is raised; `--by` may also name somebody who has none, for the
    audit log.
    """
    from surveys.staff_accounts import find_staff_member

    meta = click.get_current_context().meta
    if acting := meta.get(_ACTING):
        return find_staff_member(connection, acting)
    by = meta.get(ACTOR)
    return find_staff_member(connection, by, known=False) if by else None


def require_permission(connection: "Connection", deed: "Deed", units: Collection[int]) -> None:
    """Raises `SurveyError` when an account of the staff gives the order and may not do this in all of these units."""
    from surveys import permissions

    member = acting_member(connection)
    if member is not None:
        permissions.require_permission(connection, member, deed, units)


def require_round_permission(connection: "Connection", deed: "Deed", key: str) -> None:
    """The same for all units of a round. Raises `SurveyError`, also when there is no such round."""
    from surveys.permissions import targets
    from surveys.rounds.rounds import find_round

    require_permission(connection, deed, targets(connection, find_round(connection, key).id))
