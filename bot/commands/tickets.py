"""`tickets list / show`: requests for a person's help."""

from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, table, with_config
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
    if as_json:
        print_json({"tickets": found})
    elif not found:
        click.echo("không có yêu cầu nào")
    else:
        shown = [{**each, "urgent": "gấp" if each["urgent"] else "", "staff": each["staff"] or ""} for each in found]
        heads = {"ticket": "yêu cầu", "state": "trạng thái", "urgent": "gấp", "unit": "nơi", "staff": "người nhận"}
        table(shown, {**heads, "opened_at": "mở lúc"})


@tickets.command()
@click.argument("ticket", type=int)
@by_whom
@as_json
@with_config
def show(config: "Config", ticket: int, as_json: bool) -> None:
    """Show what was written in a request; looking is logged."""
    from handlers.tickets.store import find, transcript
    from surveys.local_time import say_moment

    with opened(config) as database, database.transaction() as connection:
        case = find(connection, ticket)
        if case is None:
            raise click.ClickException(f"không có yêu cầu số {ticket}; xem: langnghe tickets list")
        lines = transcript(connection, ticket)
        audit_entry(connection, config, "ticket.show", ticket)
    if as_json:
        written = [{"by": "staff" if line.by_staff else "resident", "text": line.text} for line in lines]
        print_json({"ticket": case.id, "state": case.state, "urgent": case.urgent, "lines": written})
        return
    for line in lines:
        click.echo(f"{'người giúp' if line.by_staff else 'bà con'} ({say_moment(line.at)}): {line.text}")
