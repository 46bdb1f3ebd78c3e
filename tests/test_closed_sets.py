"""A state, a mode, a kind: each set stands once in the code, and the tables hold the same words."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import CheckConstraint, Connection, inspect

from bot.inbox.states import EventState
from faq.states import Counted, QuestionState
from handlers.tickets.states import TicketState
from storage.database import Database
from storage.tables import Base
from surveys.ballots.states import How, Result
from surveys.labels import FILE, CatalogueError, labels
from surveys.roles import Role
from surveys.rounds.delivery_states import FINAL, UNSETTLED, DeliveryKind, DeliveryState
from surveys.rounds.states import ENDED, NOT_CLOSED, ClosingStep, Mode, PartState, RoundState
from surveys.rounds.units import CountedUnit

ROOT = Path(__file__).parents[1]
COLUMNS = {
    ("round", "state"): [*RoundState],
    ("round", "counts"): [*get_args(CountedUnit)],
    ("interview", "state"): [*PartState],
    ("interview", "mode"): [*Mode],
    ("participation", "state"): [*PartState],
    ("participation", "mode"): ["", *Mode],
    ("ballot", "mode"): [*Mode],
    ("tally", "mode"): [*Mode],
    ("closing", "step"): [*ClosingStep],
    ("delivery", "kind"): [*DeliveryKind],
    ("delivery", "state"): [*DeliveryState],
    ("inbox", "state"): [*EventState],
    ("ticket", "state"): [*TicketState],
    ("faq_question", "state"): [*QuestionState],
    ("faq_count", "what"): [*Counted],
    ("staff", "role"): [*Role],
    ("assisted", "how"): [*How],
    ("assisted", "result"): ["", *Result],
}
SETS = (RoundState, PartState, Mode, ClosingStep, DeliveryKind, DeliveryState, EventState, TicketState, QuestionState)


def allowed() -> dict[tuple[str, str], list[str]]:
    """By table and column, the values that a CHECK of ours lets in."""
    return {
        (table.name, str(check.sqltext).partition(" IN ")[0]): re.findall(r"'([^']*)'", str(check.sqltext))
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def test_the_tables_let_in_what_the_code_knows_and_nothing_else() -> None:
    assert allowed() == COLUMNS


def test_the_database_has_the_checks_of_the_models(database_url: str) -> None:
    def checks(connection: Connection) -> dict[tuple[str, str], set[str]]:
        return {
            (name, str(check["name"])): set(re.findall(r"'([^']*)'", str(check["sqltext"])))
            for name in Base.metadata.tables
            for check in inspect(connection).get_check_constraints(name)
        }

    database = Database(database_url)
    found = database.read_now(checks)
    database.close()
    assert found == {(table, f"ck_{table}_{column}"): set(values) for (table, column), values in COLUMNS.items()}


def test_a_round_is_over_or_may_be_called_off_and_a_message_is_settled_or_not() -> None:
    assert {*NOT_CLOSED, *ENDED} == set(RoundState) and not {*NOT_CLOSED} & {*ENDED}
    assert {*FINAL, *UNSETTLED} == set(DeliveryState)


def bare_words(path: Path) -> Iterator[str]:
    """Where a state, a mode, a kind or a step is compared with, or set to, a word instead of the enum's value."""
    known = {str(value) for values in SETS for value in values}

    def word(node: ast.AST) -> bool:
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return any(map(word, node.elts))
        return isinstance(node, ast.Constant) and node.value in known

    def held(node: ast.AST) -> bool:
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            name = str(node.slice.value)
        return name in ("state", "mode", "kind", "step")

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(held, sides)) and any(map(word, sides)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"
        elif isinstance(node, ast.Call):
            named = [each.value for each in node.keywords if each.arg in ("state", "mode", "kind", "step")]
            within = isinstance(node.func, ast.Attribute) and node.func.attr == "in_" and held(node.func.value)
            if any(map(word, named)) or (within and any(map(word, node.args))):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_no_code_compares_a_state_with_a_bare_word() -> None:
    folders = [ROOT / name for name in ("surveys", "handlers", "bot", "web", "faq")]
    # A kiosk's state is worked out and stored nowhere; the kinds of danger have a "self" of their own.
    other = {"bot/commands/kiosks.py", "handlers/faq/alarm.py", "faq/emergency.py"}
    found = [place for folder in folders for path in sorted(folder.rglob("*.py")) for place in bare_words(path)]
    assert [place for place in found if place.partition(":")[0] not in other] == []


def test_what_storage_asks_for_by_a_word_is_a_value_of_the_code() -> None:
    asked = re.findall(
        r"(Delivery|Event)\.(state|kind) [!=]= \"(\w+)\"", (ROOT / "storage/retention.py").read_text(encoding="utf-8")
    )
    assert sorted(asked) == [("Delivery", "kind", DeliveryKind.REPLY), ("Event", "state", EventState.NEW)]
    for name, words in (("delivery", set(DeliveryState)), ("inbox", set(EventState))):
        source = (ROOT / f"storage/tables/{name}.py").read_text(encoding="utf-8")
        assert set(re.findall(r"text\(\"state = '(\w+)'\"\)", source)) <= words


def test_labels_in_vietnamese_are_whole() -> None:
    assert labels("state.round", RoundState)[RoundState.CLOSING] == "đang đóng"


@pytest.mark.parametrize("values", [RoundState, Mode])
def test_a_value_without_its_words_stops_the_program_and_names_file_and_key(
    tmp_path: Path, values: type[StrEnum]
) -> None:
    prefix = "state.round" if values is RoundState else "mode"
    last = list(values)[-1]
    text = FILE.read_text(encoding="utf-8")
    head, _, rest = text.partition(f"[{prefix}]\n")
    without = re.sub(rf"(?m)^{last} = .*\n", "", rest, count=1)
    (tmp_path / "labels.toml").write_text(f"{head}[{prefix}]\n{without}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"labels\.toml: {prefix}\.{last} is missing"):
        labels(prefix, values, tmp_path / "labels.toml")
