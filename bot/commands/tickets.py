"""`tickets list / show`: requests for a person's help."""

from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import acting_member, as_whom
from handlers.tickets.states import UNDER_WAY, TicketState

if TYPE_CHECKING:
    from bot.config import Config


@click.group()
def tickets() -> None:
    """Requests of residents for a person's help; nothing here shows who asked."""


@tickets.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in TicketState]),
    multiple=True,
    help="By default all but closed ones.",
)
@click.option("--unit", default="", help="Code of a commune or province: only what lies in it.")
@as_json
@with_config
def list_(config: "Config", states: tuple[str, ...], unit: str, as_json: bool) -> None:
    """List requests: state, place, who took it, since when."""
    from sqlalchemy import select

    from places.units import Territory
    from storage.tables import Staff, Ticket
    from surveys.unit_names import find_units

    with opened(config) as database, database.transaction() as connection:
        territory = Territory.read(connection)
        within = find_units(connection, [unit])[0] if unit else None
        columns = Ticket.id, Ticket.state, Ticket.urgent, Ticket.unit_id, Ticket.opened_at, Staff.name
        rows = connection.execute(
            select(*columns)
            .outerjoin(Staff, Staff.id == Ticket.staff_id)
            .where(Ticket.state.in_(states or UNDER_WAY))
            .order_by(Ticket.urgent.desc(), Ticket.opened_at)
        ).all()
    found: list[dict[str, Any]] = []
    for row in rows:
        place = territory.get(row.unit_id)
        if within is None or (place is not None and territory.covers(within, place.id)):
            names = {"unit": place.name if place else None, "staff": row.name}
            known = {"ticket": row.id, "state": row.state, "urgent": row.urgent, "opened_at": row.opened_at.isoformat()}
            found.append({**known, **names})
    heads = {"ticket": "yêu cầu", "state": "trạng thái", "urgent": "gấp", "unit": "nơi", "staff": "người nhận"}
    show_rows(
        "tickets",
        found,
        {**heads, "opened_at": "mở lúc"},
        as_json=as_json,
        words=lambda row: {"urgent": "gấp" if row["urgent"] else ""},
        empty="không có yêu cầu nào",
    )


@tickets.command()
@click.argument("ticket", type=int)
@by_whom
@as_whom
@as_json
@with_config
def show(config: "Config", ticket: int, as_json: bool) -> None:
    """Show what was written in a request; looking is logged."""
    from handlers.tickets.store import find, may_see, transcript
    from places.units import Territory
    from surveys.local_time import say_moment

    with opened(config) as database, database.transaction() as connection:
        case = find(connection, ticket)
        if case is None:
            raise click.ClickException(f"không có yêu cầu số {ticket}; xem: langnghe tickets list")
        member = acting_member(connection)
        if member is not None and not may_see(Territory.read(connection), member, case):
            raise click.ClickException(f"yêu cầu số {ticket} không phải của {member.name} nên không xem được")
        lines = transcript(connection, ticket)
        audit_entry(connection, config, "ticket.show", ticket)
    if as_json:
        written = [{"by": "staff" if line.by_staff else "resident", "text": line.text} for line in lines]
        print_json({"ticket": case.id, "state": case.state, "urgent": case.urgent, "lines": written})
        return
    for line in lines:
        click.echo(f"{'người giúp' if line.by_staff else 'bà con'} ({say_moment(line.at)}): {line.text}")
