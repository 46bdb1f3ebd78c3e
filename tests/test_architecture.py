"""The shape of the source: imports point down, files stay short, and a fresh clone needs no machine of ours."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()}
LONGEST = 300  # lines: more is a sign of two jobs
# Spelled in parts, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("python" + "hosted", "org"), ("registry", "npm" + "js", "org"))
]


def tracked() -> list[Path]:
    """The files of the repository; of a release without one, all that a release holds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not {".venv", ".git"} & set(path.parts)]
    return [path for path in paths if path.is_file()]


def test_imports_point_down() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_source_file_is_longer_than_300_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix == ".py" and not {"tests", "alembic"} & set(path.relative_to(ROOT).parts[:1])
    }
    assert len(lengths) > 50
    assert {name: count for name, count in lengths.items() if count > LONGEST} == {}


def test_no_file_names_a_package_registry() -> None:
    naming = {
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in {".png", ".xlsx", ".docx", ".pdf"}
        and any(host.encode() in path.read_bytes() for host in REGISTRIES)
    }
    assert naming == set()


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = {each for each in re.findall(r"`([\w./-]+)`", text) if each.split("/")[0] in FOLDERS and "/" in each}
    assert named
    assert {each for each in named if not (ROOT / each).exists()} == set()


def test_the_architecture_fits_on_two_screens() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_the_schema_history_is_no_python_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_no_folder_of_tests_is_a_package() -> None:
    named = {path.parent for path in (ROOT / "tests").rglob("__init__.py")}
    assert named <= {ROOT / "tests" / "standin"}  # a library of the tests, imported by name
