"""What is written about commands is what click has: every command, every option, and none besides."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from bot.commands import cli

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "commands.md"
# Explained once for all, at the top of the page.
COMMON = {"--config", "--json", "--by", "--as"}
# Files that tell somebody to call the program.
TELLING = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    ROOT / "config.example.toml",
    *(
        path
        for folder in ("bot", "web", "handlers", "surveys", "faq", "places", "storage", "benchmarks")
        for suffix in ("py", "toml", "html")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
    ),
]
_CALL = re.compile(r"(?<![\w/.-])(?:langnghe|python -m bot)(?: --config \S+)? ((?!langnghe)[a-z][^\n`#|;&)\"”]*)")
_SIBLINGS = re.compile(r"([a-z]+) ([a-z]+(?: / [a-z]+)+)(.*)")


@cache
def commands() -> dict[str, set[str]]:
    """Every command by its words, with its options. A group's hidden command is the group called by itself."""

    def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                yield from walk(below, words if below.hidden else (*words, name))
        else:
            options = [each for each in command.params if isinstance(each, click.Option)]
            yield " ".join(words), {name for each in options for name in (*each.opts, *each.secondary_opts)}

    return dict(walk(cli, ()))


def called(text: str) -> tuple[str, set[str]]:
    """The command that a text begins with ("" when none) and the options that it names."""
    begins = re.match(r"([a-z]+)(?: [a-z]+\b)?", text)
    name = next((each for each in (begins[0], begins[1]) if each in commands()), "") if begins else ""
    return name, set(re.findall(r"(?<!\S)[\[(]*(--[a-z-]+)", text.replace("|--", " --").replace("/--", " --")))


def spans(text: str) -> list[str]:
    """What stands in backticks outside of code blocks; `round pause / resume X` as one each."""
    found: list[str] = []
    for span in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        siblings = _SIBLINGS.fullmatch(span)
        found += [f"{siblings[1]} {each}{siblings[3]}" for each in siblings[2].split(" / ")] if siblings else [span]
    return found


def unknown(text: str) -> list[str]:
    """What is wrong with a text that begins with the name of a command or group."""
    name, options = called(text)
    groups = {each.partition(" ")[0] for each in commands() if " " in each}
    if not name or (name in groups and re.match(rf"{name} [a-z]+\b(?!/)", text)):
        return [f"{text}: no such command"]
    return [f"{text}: {name} has no {option}" for option in sorted(options - commands()[name])]


def test_every_command_and_option_stands_on_the_page() -> None:
    written: dict[str, set[str]] = defaultdict(set)
    for span in spans(PAGE.read_text(encoding="utf-8")):
        name, options = called(span)
        written[name] |= options
    missing = [name for name in commands() if name not in written]
    assert missing == []
    lacking = {name: sorted(options - written[name] - COMMON) for name, options in commands().items()}
    assert {name: options for name, options in lacking.items() if options} == {}


def test_what_many_commands_share_stands_at_the_top_of_the_page() -> None:
    top = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    assert {option for option in COMMON if f"`{option}" not in top} == set()


def test_no_command_and_no_option_stands_on_the_page_that_the_program_has_not() -> None:
    text = PAGE.read_text(encoding="utf-8")
    heads = {name.partition(" ")[0] for name in commands()}
    wrong = [line for span in spans(text) if " " in span and span.split()[0] in heads for line in unknown(span)]
    both = f"{text}\n\n{(ROOT / 'README.md').read_text(encoding='utf-8')}"
    tables = both.split("| command | does |")[1:]
    assert tables
    wrong += [line for table in tables for cell in _first_cells(table) for line in unknown(cell)]
    assert wrong == []
    alone = {option for span in spans(text) for option in re.findall(r"^--[a-z-]+", span)}
    assert alone - {"--help"} - set().union(*commands().values()) == set()


def _first_cells(table: str) -> list[str]:
    """What the first column of a table of commands names."""
    rows = table.partition("\n\n")[0].splitlines()
    return [span for row in rows[2:] for span in spans(row.replace("\\|", "¦").split("|")[1])]


def test_whoever_is_told_to_call_the_program_is_told_what_it_can_do() -> None:
    wrong: dict[str, list[str]] = {}
    for path in TELLING:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        wrong[str(path.relative_to(ROOT))] = [line for call in _CALL.findall(text) for line in unknown(call.strip())]
    assert len(wrong) > 100
    assert {path: lines for path, lines in wrong.items() if lines} == {}
