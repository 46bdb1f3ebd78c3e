"""The program as it is installed: everything that it reads is in the wheel, and it runs without the source tree."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from bot import __version__

ROOT = Path(__file__).parents[2]
HATCH = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
PACKAGES = HATCH["build"]["targets"]["wheel"]["packages"]
# The program without the editable install: the wheel's folder first, the source tree not at all.
START = """
import sys
from pathlib import Path
sys.path = [sys.argv.pop(1), *(each for each in sys.path if each and not (Path(each) / "pyproject.toml").exists())]
from bot.commands import main
main()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel, built now, is unpacked into."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def files(folder: Path) -> set[str]:
    made = {"__pycache__", "built"}  # by running the program
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if not made & {*path.parts}}


def installed(wheel: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a command of the installed program said, called in an empty folder."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-P", "-c", START, wheel, *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_every_file_of_the_program_and_nothing_else(wheel: Path) -> None:
    told = {name for name in files(wheel) if name.startswith(f"langnghe-{__version__}.dist-info/")}
    wanted = {f"{package}/{name}" for package in PACKAGES for name in files(ROOT / package)}
    wanted |= {f"bot/migrations/{name}" for name in files(ROOT / "alembic")} | {"bot/config.example.toml"}
    assert files(wheel) - told == wanted
    assert len(told) == 6  # METADATA, RECORD, WHEEL, entry points, two licences


def test_the_wheel_holds_what_lies_beside_the_code(wheel: Path) -> None:
    kinds = {str(Path(name).parent): Path(name).suffix for name in files(wheel) if not name.endswith(".py")}
    assert {
        "bot/migrations", "faq/content/entries", "faq/content/guides", "faq/content/guides/pictures", "handlers/texts",
        "places/data", "surveys/documents/pdf", "surveys/documents/word", "surveys/forms/shipped",
        "surveys/rules/shipped", "surveys/scoreboard/shipped", "web/static", "web/templates", "web/texts",
    } <= set(kinds)  # fmt: skip
    assert [name for name in files(wheel) if name.startswith(("tests", "benchmarks", "tools", "docs"))] == []


def test_the_installed_program_makes_its_database_and_finds_nothing_missing(wheel: Path, tmp_path: Path) -> None:
    assert installed(wheel, tmp_path, "--version").stdout == f"langnghe, version {__version__}\n"
    for words in (["migrate"], ["check"], ["survey", "list"], ["places", "find", "thuan hoa"]):
        done = installed(wheel, tmp_path, *words)
        assert (done.returncode, done.stderr) == (0, ""), words


def test_the_installed_program_says_in_one_line_that_measuring_needs_the_source_tree(
    wheel: Path, tmp_path: Path
) -> None:
    assert "bench" in installed(wheel, tmp_path, "--help").stdout
    for words in ([], ["inbound", "--events", "40", "--json"]):
        done = installed(wheel, tmp_path, "bench", *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert "mã nguồn" in done.stderr
