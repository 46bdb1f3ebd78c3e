"""`--as` and `--by`: who gives the order, and whether the round is theirs."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from bot.commands.options import ACTOR

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ACTING = "langnghe.acting"


def _keep(context: click.Context, _option: click.Parameter, value: str) -> None:
    if value:
        context.meta[_ACTING] = context.meta[ACTOR] = value


as_whom = click.option(
    "--as",
    default="",
    expose_value=False,
    callback=_keep,
    help="An account of the staff; refused where the units are not theirs.",
)


def require_permission(connection: "Connection", units: Collection[int], *, watch: bool = False) -> None:
    """Raises `SurveyError` when an account of the staff gives the order and these units are not theirs.

    `--as` must name an account; `--by` may also name somebody who has none, for the audit log. Without either it is
    the operator, who may do anything.
    """
    from surveys.permissions import find_staff_member

    meta = click.get_current_context().meta
    official = None
    if acting := meta.get(_ACTING):
        official = find_staff_member(connection, acting)
    if official is None and (by := meta.get(ACTOR)):
        official = find_staff_member(connection, by, known=False)
    if official is not None:
        official.must_watch(connection, units) if watch else official.must_run(connection, units)


def require_round_permission(connection: "Connection", key: str, *, watch: bool = False) -> None:
    """The same for all units of a round. Raises `SurveyError`, also when there is no such round."""
    from surveys.permissions import targets
    from surveys.rounds.rounds import find_round

    require_permission(connection, targets(connection, find_round(connection, key).id), watch=watch)
