"""The table of who may do what."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint

from handlers.catalogue import LANGUAGES, load_catalogue
from storage.tables import Staff
from surveys.roles import ALLOWED, Deed, Role
from tools import permissions_page

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "web", "handlers", "surveys", "faq", "places", "storage", "vietnamese", "benchmarks", "tools")
WORDS = {role.value for role in Role}
RUNNING = {
    *(Deed.SET_UP_ROUND, Deed.OPEN_ROUND, Deed.PAUSE_ROUND, Deed.REMIND, Deed.RESEND, Deed.SEND_REHEARSAL),
    *(Deed.CLOSE_ROUND, Deed.PUBLISH_RESULTS, Deed.CANCEL_ROUND),
    *(Deed.KEEP_REGISTER, Deed.ISSUE_CODES, Deed.SET_UP_KIOSKS),
}


def test_every_role_is_in_the_table_and_every_deed_has_words_of_its_own() -> None:
    assert set(ALLOWED) == set(Role)
    assert len({deed.words for deed in Deed}) == len({deed.sentence for deed in Deed}) == len(Deed)
    assert all(deed.sentence.endswith(".") and deed.words for deed in Deed)


def test_only_officials_give_orders_that_reach_residents() -> None:
    for deed in RUNNING:
        assert [role for role in Role if deed in ALLOWED[role]] == [Role.OFFICIAL], deed


def test_helpers_see_coverage_and_never_results_or_ballots() -> None:
    assert ALLOWED[Role.HELPER] == {Deed.SEE_COVERAGE, Deed.HELP_AT_DOORSTEP, Deed.ANSWER_TICKETS}


def test_only_helpers_bring_ballots_to_the_door_and_no_account_makes_accounts() -> None:
    assert [role for role in Role if Deed.HELP_AT_DOORSTEP in ALLOWED[role]] == [Role.HELPER]
    assert not any(Deed.MANAGE_STAFF in deeds for deeds in ALLOWED.values())


def test_who_gives_no_order_may_do_all_other_paperwork_of_an_official() -> None:
    assert ALLOWED[Role.OFFICIAL] - ALLOWED[Role.STAFF] == RUNNING and ALLOWED[Role.STAFF] < ALLOWED[Role.OFFICIAL]


def test_the_database_takes_these_roles_and_no_other() -> None:
    [check] = [each for each in Staff.__table__.constraints if isinstance(each, CheckConstraint)]
    assert re.findall(r"'(\w+)'", str(check.sqltext)) == [role.value for role in Role]


def test_every_role_has_a_name_in_every_language() -> None:
    say = load_catalogue().say
    assert all(len({say(language, f"role.{role}") for role in Role}) == len(Role) for language in LANGUAGES)


def test_the_page_of_permissions_is_what_the_table_says() -> None:
    fresh = permissions_page.page()
    assert permissions_page.PAGE.read_text(encoding="utf-8") == fresh, "run: python -m tools.permissions_page"


def compared(source: str) -> Iterator[int]:
    """The lines where something named after a role is compared with one's literal, or looked up among literals."""
    for node in ast.walk(ast.parse(source)):
        sides: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            sides = [node.subject]
        if any("role" in ast.unparse(side).lower() for side in sides):
            literals = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            if literals & WORDS:
                yield node.lineno


@pytest.mark.parametrize(
    "line",
    ['if member.role == "official": ...', 'x = "helper" != row.role', 'SEES = official.role in ("official", "staff")'],
)
def test_such_a_comparison_is_seen(line: str) -> None:
    assert list(compared(line)) == [1]


def test_no_module_compares_a_role_with_a_literal() -> None:
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            found += [f"{path.relative_to(ROOT)}:{line}" for line in compared(path.read_text(encoding="utf-8"))]
    assert found == []
