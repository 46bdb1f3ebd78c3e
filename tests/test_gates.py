"""The gates before a commit and before a merge: they fetch nothing of their own and run what contributors run."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_hooks_come_from_the_repository_and_run_what_setup_installed() -> None:
    assert set(re.findall(r"repo: (.+)", HOOKS)) == {"local"}
    entries = [entry.split() for entry in re.findall(r"entry: (.+)", HOOKS)]
    assert entries
    for program, *arguments in entries:
        assert program.startswith(".venv/bin/")
        assert [name for name in arguments if name.startswith("tests/") and not (ROOT / name).exists()] == []


def test_the_fast_tests_of_the_source_are_all_in_the_hook() -> None:
    """Those beside this one read files and start nothing that takes seconds."""
    beside = {f"tests/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert set(re.findall(r"tests/\S+\.py", HOOKS)) == beside


def test_the_workflow_runs_the_same_script_as_a_bare_machine() -> None:
    assert re.findall(r"run: (.+)", WORKFLOW) == ["bash .ci/run"]


def test_the_workflow_names_actions_by_their_major_version() -> None:
    actions = re.findall(r"uses: (.+)", WORKFLOW)
    assert actions
    assert [action for action in actions if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)] == []


def test_the_workflow_runs_the_oldest_and_the_newest_python_that_we_name() -> None:
    named = [
        version(found[1])
        for each in PROJECT["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each))
    ]
    listed = re.search(r"python: \[(.+)]", WORKFLOW)
    assert listed is not None
    assert [version(each) for each in re.findall(r"[\d.]+", listed[1])] == [min(named), max(named)]
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, min(named)))
