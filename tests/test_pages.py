"""Pages made by tools are what the tools would make today; otherwise say `make pages`."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from storage.tables import Base
from tools import schema_page, third_party

ROOT = Path(__file__).parent.parent


def packages() -> list[list[str]]:
    """The rows of THIRD_PARTY.md: package, version, licence, only where."""
    lines = third_party.PAGE.read_text(encoding="utf-8").partition("## Packages")[2].splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")][2:]


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def test_every_package_of_the_lock_is_on_the_page_of_third_parties_with_its_version() -> None:
    locked = third_party.locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(locked) > 50
    listed = [(name, number, where.strip("`")) for name, number, _, where in packages()]
    assert listed == [(each.name, each.version, each.where) for each in locked], "run: make pages"


def test_the_page_names_the_licence_that_an_installed_package_states_for_itself() -> None:
    here = {name: terms for name, number, terms, _ in packages() if installed(name) == number}
    assert here == {name: third_party.licence(name) for name in here}, "run: make pages"
    assert all(third_party.SPDX.fullmatch(terms) for _, _, terms, _ in packages())


def test_terms_that_ask_for_more_than_a_notice_are_pointed_out() -> None:
    """Who passes an image on has to know of them; a new one of these needs a thought, not only a row."""
    pointed = third_party.PAGE.read_text(encoding="utf-8").partition("## Packages")[0]
    plain = {"MIT", "0BSD", "Zlib", "MIT-0", "CC0-1.0", "PSF-2.0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}
    asking = {name for name, _, terms, _ in packages() if set(terms.split()) - plain - {"AND", "OR"}}
    assert {"python-telegram-bot", "psycopg", "certifi", "tqdm"} <= asking
    assert {name for name in asking if name not in pointed} == set()


def test_the_page_of_the_schema_is_what_the_tables_say() -> None:
    assert schema_page.PAGE.read_text(encoding="utf-8") == schema_page.page(), "run: make pages"


def test_the_page_of_the_schema_has_every_table_and_column_and_what_each_is() -> None:
    page = schema_page.PAGE.read_text(encoding="utf-8")
    for table in Base.metadata.tables.values():
        part = page.partition(f"\n### {table.name}\n\n")[2].partition("\n#")[0]
        assert part[0].isupper(), f"{table.name} has no docstring"
        assert [column.name for column in table.columns if f"| `{column.name}` |" not in part] == []
