import json

import pytest
from click.testing import CliRunner

from bot.commands import cli
from faq.search import shipped_index


@pytest.fixture
def run(index, monkeypatch):
    """A command over the small index, with what is typed into it."""
    monkeypatch.setattr(shipped_index, "load_index", lambda **_: index)

    def run(*arguments: str, typed: bytes = b""):
        return CliRunner().invoke(cli, ["faq", *arguments], input=typed, catch_exceptions=False)

    return run


def test_an_answer_is_shown_with_title_steps_and_source(run):
    shown = run("ask", "làm khai sinh cho con mới sinh").output
    assert shown.startswith("Đăng ký khai sinh cho trẻ\n")
    assert "trong 60 ngày" in shown and "{1}" not in shown
    assert "Nguồn: " in shown and " (tính đến " in shown


def test_no_answer_is_said_honestly(run):
    assert run("ask", "kho cá lóc sao cho ngon").output == "Mình chưa có câu trả lời cho việc này.\n"


def test_the_shape_of_an_answer_in_json(run):
    found = json.loads(run("ask", "--json", "khai", "sinh", "cho con").output)
    assert found["answer"].keys() >= {"id", "title", "text", "sources", "as_of"}
    assert found["answer"]["id"] == "birth-registration"
    assert found["answer"]["as_of"] == "2025-12"
    assert 0.5 < found["score"] <= 1
    assert [one.keys() >= {"id", "title", "score"} for one in found["suggestions"]] == [True] * 3


def test_no_answer_in_json_is_null(run):
    found = json.loads(run("ask", "--json", "kho cá lóc").output)
    assert (found["answer"], found["outcome"]) == (None, "none")


def test_why_is_told_on_demand(run):
    assert "đọc là: khai sinh cho con" in run("ask", "--explain", "khai sanh cho con").output
    assert "không có chữ nào quen" in run("ask", "--explain", "😀").output
    explained = json.loads(run("ask", "--explain", "--json", "khai sanh cho con").output)["explanation"]
    assert explained["topic"] == "birth-registration" and explained["reasons"]


def test_every_line_in_gets_one_line_out_whatever_is_on_it(run):
    lines = [
        b"khai sinh cho con",
        b"",
        b"\xff\xfe\x00",
        "a\u2028b\x0bc".encode(),
        b"x" * 10_000,
        "mã qr".encode(),
    ]
    answers = [json.loads(line) for line in run("answer", "--json", typed=b"\n".join(lines)).output.splitlines()]
    assert len(answers) == len(lines)
    assert answers[0]["answer"] == answers[0]["suggestions"][0] == "birth-registration"
    assert answers[1] == {"answer": None, "score": 0.0, "suggestions": [], "outcome": "none"}
    assert all(answer["answer"] is None for answer in answers[1:5])


def test_the_shipped_entries_pass_their_check(run):
    checked = run("check", "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.output)["problems"] == []
