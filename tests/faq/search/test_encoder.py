import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import toy_encoder

from faq.content import entries
from faq.content.entries import load_none_examples
from faq.library import Library
from faq.search.building import build, is_built
from faq.search.encoder import Encoder, EncoderError, load_encoder
from faq.search.index import Index, StaleIndex
from faq.search.search import explain, search
from faq.search.shipped_index import place_of

TOY = "toy_encoder:encode"
KHMER = "កូនកំណើត"  # no example tells what it means


@pytest.fixture(scope="module")
def toy() -> Encoder:
    encoder = load_encoder(TOY)
    assert encoder is not None
    return encoder


@pytest.fixture(scope="module")
def helped(few, toy) -> Index:
    return Index.build(few, load_none_examples()[::3], toy)


def test_the_default_is_no_encoder(index):
    assert load_encoder("") is None
    assert index.encoder is None


def test_what_no_word_tells_the_encoder_tells(index, helped):
    assert search(index, KHMER).suggestions[0].score < 0.05
    found = search(helped, KHMER).suggestions[0]
    assert found.id == "birth-registration" and found.score > 0.3


def test_words_still_count_beside_the_encoder(helped):
    result = search(helped, "lam khai sinh cho be can giay gi")
    assert (result.outcome, result.answer) == ("answer", "birth-registration")
    assert search(helped, "mai trời có mưa không").answer is None


def test_why_names_the_encoder(helped):
    assert TOY in dict(explain(helped, KHMER).reasons)


@pytest.mark.parametrize("text", ["", "😀😀😀", "!!! ???", "\ud800"])
def test_a_message_without_letters_is_not_given_to_the_encoder(helped, text):
    assert search(helped, text).suggestions == ()


def test_an_index_with_an_encoder_comes_back_from_its_file_and_from_no_others(helped, toy, tmp_path):
    helped.save(tmp_path / "index.npz")
    again = Index.load(tmp_path / "index.npz", encoder=toy)
    assert search(again, "khai sinh cho con") == search(helped, "khai sinh cho con")
    for other in (None, replace(toy, width=7)):
        with pytest.raises(StaleIndex, match="bộ mã hóa"):
            Index.load(tmp_path / "index.npz", encoder=other)


def test_an_encoder_that_fails_leaves_the_words(helped, caplog):
    failing = replace(helped, encoder=replace(helped.encoder, encode=toy_encoder.broken))
    with caplog.at_level(logging.WARNING):
        assert search(failing, "lam khai sinh cho be can giay gi").suggestions[0].id == "birth-registration"
    assert "RuntimeError" in caplog.text and "khai sinh" not in caplog.text and "memory" not in caplog.text


@pytest.mark.parametrize("name", ["toy_encoder", "toy_encoder:absent", "absent:encode", "toy_encoder:ragged"])
def test_an_encoder_that_cannot_be_used_is_told_by_its_name(name):
    with pytest.raises(EncoderError, match=f"^faq.encoder: không dùng được “{name}”"):
        load_encoder(name)


def test_an_encoder_that_fails_while_the_index_is_built_is_told(few):
    with pytest.raises(EncoderError, match="toy_encoder:broken"):
        Index.build(few, (), load_encoder("toy_encoder:broken"))


def test_a_running_program_builds_and_asks_with_the_encoder_of_its_configuration(few, toy, tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "load_entries", lambda: few)
    taught = [("birth-registration", "bồng cháu đi")]
    build(taught, tmp_path, TOY)
    assert is_built(taught, tmp_path, TOY) and not is_built(taught, tmp_path)
    assert place_of((), tmp_path)[0].name == "index.npz" != place_of((), tmp_path, TOY)[0].name
    library = Library(folder=tmp_path, encoder=toy)
    library.teach(taught)
    result = library.search(KHMER)
    assert result is not None and result.suggestions[0].id == "birth-registration"


def test_the_command_asks_with_the_encoder_of_its_configuration(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[faq]\nencoder = "toy_encoder:absent"\n')
    run = subprocess.run(
        [sys.executable, "-m", "bot", "faq", "ask", "khai sinh", "--config", str(config)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{Path(__file__).parents[3]}:{Path(__file__).parents[2]}", "PATH": ""},
        check=False,
    )
    assert run.returncode == 1
    assert "faq.encoder: không dùng được “toy_encoder:absent”" in run.stderr
    assert run.stdout == ""
