"""The command line: one file per family of commands; each imports what it needs when it is called."""

import sys

import click

from bot import __version__
from bot.commands.options import REFUSALS, LazyGroup

COMMANDS = {
    "demo": "bot.commands.demo:demo",
    "run": "bot.commands.run:run",
    "work": "bot.commands.run:work",
    "check": "bot.commands.check:check",
    "migrate": "bot.commands.check:migrate",
    "talk": "bot.commands.talk:talk",
    "sample": "bot.commands.sample:sample",
    "places": "bot.commands.places:places",
    "households": "bot.commands.households:households",
    "survey": "bot.commands.forms:survey",
    "round": "bot.commands.rounds.life:round_",
    "kiosk": "bot.commands.kiosks:kiosk",
    "receipt": "bot.commands.receipts:receipt",
    "ballots": "bot.commands.ballots:ballots",
    "score": "bot.commands.results:score",
    "criteria": "bot.commands.criteria:criteria",
    "export": "bot.commands.export:export",
    "paper": "bot.commands.papers:paper",
    "faq": "bot.commands.faq:faq",
    "staff": "bot.commands.staff:staff",
    "person": "bot.commands.person:person",
    "tickets": "bot.commands.tickets:tickets",
    "audit": "bot.commands.audit:audit",
    "backup": "bot.commands.backup:backup",
    "restore": "bot.commands.backup:restore",
    "bench": "bot.commands.bench:bench",
}


@click.group(cls=LazyGroup, commands_by_path=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", "config_path", type=click.Path(dir_okay=False), help="Configuration file (config.toml).")
@click.version_option(__version__, prog_name="langnghe")
@click.pass_context
def cli(context: click.Context, config_path: str | None) -> None:
    """Lắng Nghe: a chat bot for Vietnamese communes."""
    context.obj = config_path


def main() -> None:
    """Exit codes: 0 done, 1 refused or failed with one clear line on stderr, 2 wrong usage."""
    # structlog loads rich, 3 MB that nothing here prints with, wherever a developer's tool brought it
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
    try:
        cli.main(prog_name="langnghe", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        if not refused(error):
            raise
        click.echo(str(error), err=True)
        sys.exit(1)


def refused(error: Exception) -> bool:
    """Whether an error is ours to explain in one line, found by name so that nothing heavy is imported."""
    return any(f"{kind.__module__}.{kind.__qualname__}" in REFUSALS for kind in type(error).__mro__)
