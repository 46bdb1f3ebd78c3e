"""What the source imports is declared, and what is declared is used."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
OF_DEVELOPERS = ["tests", "tools", "benchmarks"]
# Declared and imported by nobody, with what uses them.
DRIVERS = {"aiosqlite": "SQLAlchemy opens it for the sqlite+aiosqlite URLs of alembic/env.py"}
TOOLS = {
    "axe-playwright-python": "carries axe-core's script, which the pages' tests read",
    "aiolimiter": "python-telegram-bot imports it for its own rate limiter, a peer in the broadcast benchmark",
    "editables": "hatchling imports it for an editable install",
    "hatchling": "a program: the build backend",
    "import-linter": "a program: lint-imports",
    "lxml-stubs": "mypy reads it",
    "mypy": "a program",
    "pytest-asyncio": "a plugin of pytest",
    "pytest-xdist": "a plugin of pytest",
    "ruff": "a program",
    "types-openpyxl": "mypy reads it",
    "types-tqdm": "mypy reads it",
    "uv": "a program: make lock",
}


def normal(name: str) -> str:
    """A distribution's name without extras and versions, as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name)[0]).lower()


def imported(folders: list[str]) -> dict[str, str]:
    """Every top-level name that files of these folders import, with the last file that does; ours and Python's not."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    beside = {path.stem for folder in folders if folder in OF_DEVELOPERS for path in (ROOT / folder).iterdir()}
    ours = {*PACKAGES, *OF_DEVELOPERS} | beside
    found = {name: str(path.relative_to(ROOT)) for path in files for name in names(path)}
    return {name: path for name, path in found.items() if name not in ours | sys.stdlib_module_names}


@cache
def names(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module)
    return {module.partition(".")[0] for module in modules}


def distributions(imports: dict[str, str]) -> dict[str, str]:
    """The distribution that brings each imported name, with a file that imports it."""
    brought = packages_distributions()
    return {normal(brought.get(name, [name])[0]): path for name, path in imports.items()}


def test_every_import_of_the_program_is_a_declared_dependency() -> None:
    declared = {normal(each) for each in SETTINGS["project"]["dependencies"]}
    used = distributions(imported([*PACKAGES, "alembic"]))
    assert len(used) > 20
    assert {name: path for name, path in used.items() if name not in declared} == {}


def test_every_declared_dependency_is_imported_or_named_as_a_driver() -> None:
    declared = {normal(each) for each in SETTINGS["project"]["dependencies"]}
    assert declared - set(distributions(imported(PACKAGES))) == set(DRIVERS)


def test_every_import_of_tests_tools_and_benchmarks_is_declared() -> None:
    groups = [*SETTINGS["project"]["dependencies"], *SETTINGS["dependency-groups"]["dev"]]
    declared = {normal(each) for each in groups}
    used = distributions(imported(OF_DEVELOPERS))
    assert {name: path for name, path in used.items() if name not in declared} == {}


def test_every_development_dependency_is_imported_or_named_as_a_tool() -> None:
    declared = {normal(each) for each in SETTINGS["dependency-groups"]["dev"]}
    assert declared - set(distributions(imported(OF_DEVELOPERS))) == set(TOOLS)


def test_every_dependency_says_why_it_is_there_in_one_line() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    declared = {normal(line.strip().strip('"')): line for line in lines if re.match(r' {4}"[^"]+[<>]=?[^"]*",', line)}
    wanted = [*SETTINGS["project"]["dependencies"], *SETTINGS["dependency-groups"]["dev"]]
    assert {normal(each) for each in wanted} == set(declared)
    assert [line for line in declared.values() if not re.search(r",\s*# \S", line)] == []


def test_the_locks_hold_every_dependency_and_no_address() -> None:
    for lock, wanted in {
        "requirements.lock": SETTINGS["project"]["dependencies"],
        "requirements-dev.lock": [*SETTINGS["project"]["dependencies"], *SETTINGS["dependency-groups"]["dev"]],
    }.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        locked = {normal(name) for name in re.findall(r"^(\S+)==", text, re.MULTILINE)}
        assert {normal(each) for each in wanted} - locked == set(), lock
        assert "://" not in text, lock
