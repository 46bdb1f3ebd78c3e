"""Templates and texts."""

import re
import shutil
from pathlib import Path

import pytest

from handlers.catalogue import LANGUAGES
from surveys.labels import CatalogueError
from surveys.rounds.states import RoundState
from web import rendering
from web.rendering import Pages
from web.site import _EXPLAINED

WEB = Path(rendering.__file__).parent


def test_every_template_and_text_is_there_in_every_language():
    words = Pages().words
    keys = ["state.paused", *(f"state.round.{state}" for state in RoundState)]
    keys += [f"error.e{status}{part}" for status in _EXPLAINED for part in ("", "_text")]
    keys += [f"results.{verdict}" for verdict in ("reached", "not_reached", "not_established")]
    keys += [f"survey.typed_{accepts}" for accepts in ("text", "number", "date")]
    for language in LANGUAGES:
        assert all(words(language)(key) for key in keys)


def test_a_template_that_names_a_missing_text_stops_the_program(tmp_path, monkeypatch):
    for folder in ("texts", "templates"):
        shutil.copytree(WEB / folder, tmp_path / folder)
    (tmp_path / "templates" / "new.html").write_text("{{ t('home.no_such_text') }}")
    monkeypatch.setattr(rendering, "HERE", tmp_path)
    with pytest.raises(CatalogueError, match=r"home\.no_such_text"):
        Pages()


def test_no_page_asks_another_server_for_anything():
    files = [*(WEB / "templates").rglob("*.html"), *(WEB / "static").glob("*.[cjs]*")]
    assert len(files) > 20
    for file in files:
        text = file.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"""(src|href)=["']?(https?:)?//|url\((?!"data:)|@import""", text), file
