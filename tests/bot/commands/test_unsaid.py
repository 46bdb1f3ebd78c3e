"""Nobody agrees to an unknown: a round does not open while who asks is left blank."""

import pytest
from terminal import ASKER, Run, create, refused


def blank(monkeypatch: pytest.MonkeyPatch, *settings: str) -> None:
    for setting in settings or tuple(ASKER):
        monkeypatch.delenv(setting)


@pytest.mark.parametrize("word", ["open", "schedule"])
def test_a_round_is_refused_until_somebody_has_said_who_asks(
    run: Run, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    number = str(create(run, opens="2099-01-01T08:00").json["round"])
    blank(monkeypatch)
    said = run("round", word, number)
    assert refused(said, "organisation.name", "organisation.contact", "organisation.retention", "[organisation]")
    assert run("round", "status", number, "--json").json["state"] == "draft"


@pytest.mark.parametrize("setting", list(ASKER))
def test_the_one_setting_that_is_left_blank_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    number = str(create(run).json["round"])
    blank(monkeypatch, setting)
    key = setting.rpartition("__")[2].lower()
    said = run("round", "open", number)
    assert refused(said, f"organisation.{key}") and said.err.count("organisation.") == 1
    monkeypatch.setenv(setting, "Ủy ban nhân dân xã")
    assert run("round", "open", number).code == 0


def test_check_names_what_nobody_has_said_yet_and_ends_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "organisation" not in run("check").out
    blank(monkeypatch)
    said = run("check")
    assert said.code == 0
    for setting in ("organisation.name", "organisation.contact", "organisation.retention", "web.public_url"):
        assert sum(setting in line for line in said.out.splitlines()) == 1


def test_a_sample_asks_nobody_and_is_free_of_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    blank(monkeypatch)
    assert run("sample").code == 0
