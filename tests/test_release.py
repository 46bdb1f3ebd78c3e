"""What a release is: one version, a changelog that dates it."""

import re
import tomllib
from datetime import date
from pathlib import Path

from bot import __version__

ROOT = Path(__file__).parent.parent
HEADING = re.compile(r"^## \[(?P<version>[^]]+)](?: - (?P<day>\S+))?$", re.MULTILINE)


def headings() -> list[tuple[str, str]]:
    return HEADING.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_the_version_is_written_once() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in settings["project"]
    assert settings["tool"]["hatch"]["version"] == {"path": "bot/__init__.py"}


def test_the_changelog_begins_with_what_is_unreleased_and_then_has_this_version() -> None:
    (first, undated), (newest, _), *_ = headings()
    assert (first, undated) == ("Unreleased", "")
    assert newest == __version__


def test_every_release_in_the_changelog_has_its_day_newest_first() -> None:
    days = [date.fromisoformat(day) for _, day in headings()[1:]]
    assert days == sorted(days, reverse=True)
