"""What every command shares: `--config` and `--json` anywhere, an open database, one clear line when refused."""

import functools
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.config import Config
    from storage.database import Database

# Errors whose message is one clear sentence for whoever typed the command.
REFUSALS = frozenset(
    {
        "bot.app.PortInUse",
        "bot.config.ConfigError",
        "faq.search.encoder.EncoderError",
        "faq.content.entries.EntryError",
        "faq.review.ReviewError",
        "places.errors.PlaceError",
        "storage.database.DatabaseError",
        "surveys.errors.SurveyError",
        "surveys.forms.problems.FormError",
        "surveys.labels.CatalogueError",
    }
)


class LazyGroup(click.Group):
    """A group that imports a command when it is called: `langnghe --help` and each command start fast."""

    def __init__(self, *args: Any, commands_by_path: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paths = dict(commands_by_path or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._paths, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._paths:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._paths[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


def with_config(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config` and hand the loaded `Config` to the command as its first argument."""

    @click.option("--config", "config_path", type=click.Path(dir_okay=False), help="Configuration file.")
    @functools.wraps(function)
    def command(*args: Any, config_path: str | None, **kwargs: Any) -> Any:
        from bot.config import load_config

        path = config_path or click.get_current_context().find_root().obj
        return function(load_config(Path(path) if path else None), *args, **kwargs)

    return command


as_json = click.option("--json", "as_json", is_flag=True, help="Machine-readable output on stdout, nothing else.")


def _keep_actor(context: click.Context, _option: click.Parameter, value: str) -> None:
    if value:
        context.meta[ACTOR] = value


ACTOR = "langnghe.actor"
by_whom = click.option(
    "--by", default="", expose_value=False, callback=_keep_actor, help="Who does it, for the audit log."
)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def opened(config: "Config") -> Iterator["Database"]:
    """The database, reachable and at the newest revision. Raises `DatabaseError`."""
    from storage.database import Database, DatabaseError, check_connection
    from storage.schema import head, revision

    check_connection(config.database.url)
    database = Database(config.database.url)
    try:
        if database.read_now(revision) != head():
            raise DatabaseError("cơ sở dữ liệu chưa ở phiên bản mới nhất; hãy chạy: langnghe migrate")
        yield database
    finally:
        database.close()


def show_rows(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    as_json: bool,
    words: Callable[[Any], Mapping[str, Any]] = lambda row: row,
    empty: str = "",
) -> None:
    """Print rows: with `--json` as `{name: rows}`, else as a table in which `words` says some cells of each row for
    people, or the sentence `empty` where there are none."""
    if as_json:
        print_json({name: rows})
    elif empty and not rows:
        click.echo(empty)
    else:
        table([{**row, **words(row)} for row in rows], columns)


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Print rows under headings, each column as wide as its widest cell; None is an empty one."""
    values = [[row.get(key) for key in columns] for row in rows]
    cells = [["" if value is None else str(value) for value in line] for line in values]
    widths = [max(len(line[index]) for line in [list(columns.values()), *cells]) for index in range(len(columns))]
    for line in [list(columns.values()), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
