"""Texts in three languages: one that lacks something stops the program at start."""

import re
from pathlib import Path

import pytest

from handlers.catalogue import FOLDER, LANGUAGES, load_catalogue
from surveys.labels import CatalogueError


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def change(folder: Path, language: str, old: str, new: str) -> None:
    path = folder / f"{language}.toml"
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text, re.MULTILINE)
    path.write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")


def test_the_shipped_texts_are_whole() -> None:
    catalogue = load_catalogue()
    assert all(catalogue.say(language, "consent.yes") for language in LANGUAGES)


@pytest.mark.parametrize("language", ["km", "en", "vi"])
def test_a_missing_text_stops_the_start(texts: Path, language: str) -> None:
    change(texts, language, r"^progress = .*$", "")
    with pytest.raises(CatalogueError, match=r"\.toml: survey\.progress is missing"):
        load_catalogue(texts)


def test_other_placeholders_stop_the_start(texts: Path) -> None:
    change(texts, "en", r"\{of\}", "{off}")
    with pytest.raises(CatalogueError, match=r"en\.toml: survey\.progress has other placeholders"):
        load_catalogue(texts)


def test_a_broken_placeholder_stops_the_start(texts: Path) -> None:
    change(texts, "km", r"\{of\}", "{of")
    with pytest.raises(CatalogueError, match=r"km\.toml: survey\.progress"):
        load_catalogue(texts)


def test_a_file_that_is_no_toml_stops_the_start(texts: Path) -> None:
    (texts / "en.toml").write_text("[language\n")
    with pytest.raises(CatalogueError, match=r"en\.toml"):
        load_catalogue(texts)


def test_a_word_for_two_commands_stops_the_start(texts: Path) -> None:
    change(texts, "en", r"^help = \[", 'help = ["menu", ')
    with pytest.raises(CatalogueError, match=r"en\.toml: words\.help: 'menu' already means another"):
        load_catalogue(texts)


def test_what_somebody_typed_is_never_read_as_a_placeholder() -> None:
    said = load_catalogue().say("vi", "place.unknown", text="{text} {0} {{")
    assert "“{text} {0} {{”" in said


def test_an_unknown_language_speaks_vietnamese() -> None:
    assert load_catalogue().say("fr", "consent.yes") == "Đồng ý"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_that_every_language_forgot_stops_the_start_and_is_named(texts: Path, language: str) -> None:
    for each in LANGUAGES if language == "vi" else [language]:
        change(texts, each, r"^draft = .*\n", "")
    with pytest.raises(CatalogueError, match=rf"/{language}\.toml: state\.round\.draft is missing"):
        load_catalogue(texts)
