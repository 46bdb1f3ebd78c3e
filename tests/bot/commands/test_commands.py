"""The command line: exit codes 0, 1 and 2, one clear sentence on stderr, nothing half-written."""

import json
import socket
from pathlib import Path

import click
import pytest
from sqlalchemy import func, select
from terminal import LATER, RULE, SOON, Run, create, refused
from village import THUAN_HOA, Village

from bot.commands import COMMANDS, cli
from storage.tables import Base, FormVersion, Round, Staff


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "phieu.csv"


def lines(path: Path) -> list[str]:
    """What was written there or beside it."""
    return [line for file in path.parent.glob("*phieu*") for line in file.read_text("utf-8-sig").splitlines()]


def count(village: Village) -> dict[str, int]:
    """Rows of every table but the units."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ("unit", "former_unit")]
    return village.database.read_now(
        lambda connection: {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }
    )


# Making a round


def test_a_round_is_created_opened_and_listed(run: Run, village: Village) -> None:
    made = create(run)
    assert made.code == 0 and made.json["round"] == 1
    opened = run("round", "open", "1", "--json")
    assert opened.json["state"] == "open" and opened.json["invited"] == 0
    [row] = run("round", "list", "--json").json["rounds"]
    assert (row["round"], row["state"], row["code"]) == (1, "open", opened.json["code"])
    assert "đang mở" in run("round", "list").out


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "99999"}, ("không có đơn vị “99999”", "places find")),
        ({"unit": f"{THUAN_HOA}/Ấp Không Có"}, ("không có đơn vị",)),
        ({"opens": "2020-01-01T08:00"}, ("giờ mở đợt đã qua",)),
        ({"opens": LATER, "closes": SOON}, ("giờ đóng đợt phải ở sau giờ mở",)),
        ({"closes": "2020-01-01T08:00"}, ("giờ đóng",)),
        ({"closes": "hôm sau"}, ("thời điểm “hôm sau” không đúng",)),
        ({"closes": "9999-12-31T23:59-14:00"}, ("thời điểm “9999-12-31T23:59-14:00” không đúng",)),
        ({"opens": "0001-01-01"}, ("thời điểm “0001-01-01” không đúng",)),
        ({"form": "khong-co"}, ("không có mẫu phiếu “khong-co”", "survey list")),
        ({"rule": "khong-co"}, ("khong-co",)),
        ({"name": " "}, ("tên đợt phải có",)),
        ({"name": "x" * 201}, ("tên đợt phải có",)),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_and_nothing_is_written(
    run: Run, village: Village, changes: dict[str, str], words: tuple[str, ...]
) -> None:
    before = count(village)
    assert refused(create(run, **changes), *words)
    assert count(village) == before


def test_a_second_round_of_the_same_name_is_refused(run: Run, village: Village) -> None:
    create(run)
    before = count(village)
    assert refused(create(run, name="  Đợt   lệnh "), "đã có đợt tên “Đợt lệnh”")
    assert count(village) == before


@pytest.mark.both_stores
def test_a_broken_form_names_its_rows_and_makes_no_round(run: Run, village: Village) -> None:
    broken = Path(__file__).parents[2] / "surveys" / "forms" / "files" / "broken.md"
    before = count(village)
    result = create(run, form=str(broken))
    assert result.code == 1 and result.out == "" and "Traceback" not in result.err and "dòng" in result.err
    assert count(village) == before
    checked = run("survey", "check", str(broken), "--json")
    assert (checked.code == 1 and checked.json["form"] is None) or checked.json["problems"]
    assert refused(run("survey", "import", "khong-co.md"), "khong-co.md")


def test_an_imported_form_may_be_used_by_its_name(run: Run, village: Village, tmp_path: Path) -> None:
    form = Path(__file__).parents[2] / "surveys" / "forms" / "files" / "everything.md"
    imported = run("survey", "import", str(form))
    assert imported.code == 0, imported.err
    [stored] = village.rows(FormVersion)
    assert create(run, form=stored.name).code == 0
    assert len(village.rows(FormVersion)) == 1  # the same form is stored once


@pytest.mark.parametrize(
    "arguments",
    [
        ("round", "create"),
        ("round", "create", "--form"),
        ("round", "open"),
        ("round", "fly", "1"),
        ("nonsense",),
        ("score", "1", "--jsn"),
        ("export", "1", "--format", "doc", "--out", "x"),
        ("demo", "--port", "many"),
        ("demo", "--port", "70000"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.code == 2 and result.out == "" and "Error" in result.err


# The life of a round


def test_a_round_that_is_not_there_is_refused_everywhere(run: Run) -> None:
    for words in (("round", "open", "7"), ("round", "status", "7"), ("score", "²"), ("round", "open", "9" * 30)):
        assert refused(run(*words), "không có đợt nào là")


def test_opening_twice_is_refused(run: Run, village: Village) -> None:
    create(run)
    run("round", "open", "1")
    assert refused(run("round", "open", "1"), "không mở được")


def test_a_closed_round_cannot_be_opened_again_and_gets_no_new_secret(
    run: Run, village: Village, tmp_path: Path
) -> None:
    create(run)
    code = run("round", "open", "1", "--json").json["code"]
    run("round", "close", "1", "--by", "A", "--with", "B")
    assert refused(run("round", "open", "1"), "không mở được")
    assert not (tmp_path / "secrets" / f"round-{code}.key").exists()


@pytest.mark.parametrize("pair", ["", "--by Mai", "--by Mai --with mai", "--with Lan"])
def test_closing_takes_two_people(run: Run, village: Village, pair: str) -> None:
    create(run)
    run("round", "open", "1")
    assert refused(run("round", "close", "1", *pair.split()), "hai người khác nhau")
    assert village.rows(Round)[0].state == "open"


def test_a_draft_cannot_be_closed(run: Run) -> None:
    create(run)
    assert refused(run("round", "close", "1", "--by", "A", "--with", "B"), "không đóng được")


async def test_status_and_score_have_their_shapes_before_and_after_the_close(run: Run, village: Village) -> None:
    row = village.round("Đợt đủ")
    for number in range(1, 11):  # of fewer than ten ballots nothing is told
        await village.resident(f"{number}").finishes(row.code)
    await village.resident("11").enters(row.code)
    await village.resident("11").says("1")
    status = run("round", "status", row.code, "--json").json
    assert {"round", "name", "state", "opens_at", "closes_at", "people", "ballots", "units", "rate_per_second",
            "eta_seconds"} <= set(status)  # fmt: skip
    assert {"invited", "sent", "pending", "unreachable", "rejected", "uncertain"} <= set(status["people"])
    assert status["ballots"] == {
        "started": 11, "submitted": 10, "by_mode": {"self": 10, "assisted": 0, "kiosk": 0, "paper": 0}
    }  # fmt: skip
    commune = status["units"][0]
    assert commune["name"] == "Xã Thuận Hòa" and commune["ballots"] == 10 and 0 < commune["coverage"] < 1
    before = run("score", str(row.id), "--json").json
    assert before["round"] == row.id and before["rule"] == RULE
    assert before["units"][0]["ballots"] == 10 and not before["units"][0].get("questions")
    assert '"rate"' not in json.dumps(before)  # coverage only: no answer before the close
    closed = run("round", "close", str(row.id), "--by", "Mai", "--with", "Lan", "--json")
    assert {"round": row.id, "state": "closed", "ballots": 10}.items() <= closed.json.items()
    after = run("score", str(row.id), "--json").json
    unit = after["units"][0]
    assert {"unit", "name", "level", "households", "ballots", "coverage", "questions", "content_mean", "overall",
            "all_satisfied", "if_all_silent_dissatisfied", "by_mode", "marks"} <= set(unit)  # fmt: skip
    question = next(each for each in unit["questions"] if each["name"] == "duong")
    assert {"name", "label", "satisfied", "not_satisfied", "blank", "rate", "rate_answered", "stratified", "se", "low",
            "high"} <= set(question)  # fmt: skip
    assert question["satisfied"] == 10 and question["rate"] == 1
    assert {"mark", "threshold", "value", "official", "verdict"} <= set(unit["marks"][0])
    for words in (("round", "status", "1"), ("score", "1"), ("round", "list")):
        shown = run(*words)
        assert shown.code == 0 and "Đợt đủ" in shown.out and shown.err == ""


async def test_export_is_refused_before_the_close_and_leaves_no_file(run: Run, village: Village, sheet: Path) -> None:
    row = village.round()
    await village.resident("1").finishes(row.code)
    words = ("export", str(row.id), "--format", "csv", "--out", "phieu.csv")
    assert refused(run(*words), "chỉ mở sau khi đóng đợt")
    assert lines(sheet) == []
    village.close(row.id)
    assert run(*words).code == 0
    assert len(lines(sheet)) == 2
    assert refused(run("export", str(row.id), "--format", "csv", "--out", "no/such/folder.csv"))


# Places


def test_a_place_is_found_by_an_old_name_without_accents(run: Run) -> None:
    found = run("places", "find", "--json", "phu tan chau thanh")
    assert found.code == 0 and found.err == ""
    first = found.json["places"][0]
    assert {"code", "name", "level", "province", "was", "score"} <= set(first)
    assert any("Thuận Hòa" in place["name"] and place["code"] == THUAN_HOA for place in found.json["places"])
    assert any("Phú Tân" in name for place in found.json["places"] for name in place["was"])
    assert run("places", "find", "phu", "tan", "chau", "thanh", "--json").json == found.json


def test_places_are_found_before_there_is_a_database(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = run("places", "find", "--json", "phu tan chau thanh").json
    monkeypatch.setenv("LANGNGHE_DATABASE__URL", f"sqlite:///{tmp_path}/none.db")
    found = run("places", "find", "--json", "phu tan chau thanh")
    assert found.err == "" and found.json == loaded
    assert not (tmp_path / "none.db").exists()


def test_a_place_that_is_not_found_is_an_empty_list_or_a_sentence(run: Run) -> None:
    assert run("places", "find", "--json", "qwertyuiop").json == {"places": []}
    assert refused(run("places", "find", "qwertyuiop"), "không tìm thấy")


def test_a_file_of_places_that_is_wrong_changes_nothing(run: Run, village: Village, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("level,code\ncommune,1\n", encoding="utf-8")
    before = run("places", "list", "--json").json
    result = run("places", "import", "x.csv", "--yes")
    assert result.code == 1 and "Traceback" not in result.err and result.err.strip()
    assert run("places", "import", "none.csv", "--yes").code == 1
    assert run("places", "list", "--json").json == before


# Staff


@pytest.mark.both_stores
def test_staff_are_added_listed_and_removed(run: Run, village: Village) -> None:
    add = ("staff", "add", "mai", "--role", "official", "--unit", THUAN_HOA, "--password")
    assert refused(run(*add, "ngan"), "ít nhất 12")
    assert run(*add, "mat khau dai 123").code == 0
    assert refused(run(*add, "mat khau dai 123"), "đã có người tên “mai”")
    assert village.rows(Staff)[0].password.startswith("$argon2id$")
    assert run("staff", "list", "--json").json["staff"][0] == {
        "name": "mai",
        "role": "official",
        "unit": "Xã Thuận Hòa",
    }
    assert "official (cán bộ phụ trách)" in run("staff", "list").out
    assert run("staff", "remove", "mai").code == 0
    assert refused(run("staff", "remove", "mai"), "không có ai tên “mai”")
    assert run(*add[:4], "king", *add[5:], "mat khau dai 123").code == 2


# The database and the program


def test_a_wrong_database_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for url in ("nonsense", "mysql://h/n", "postgresql://127.0.0.1:1/n?connect_timeout=2", "sqlite:///not/there.db"):
        monkeypatch.setenv("LANGNGHE_DATABASE__URL", url)
        for command in (("round", "list"), ("run",), ("check",)):
            assert refused(run(*command), "database.url: ")
    assert not (tmp_path / "not").exists()


def test_a_database_without_tables_says_what_to_run(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sqlite3

    sqlite3.connect(tmp_path / "empty.db").close()
    monkeypatch.setenv("LANGNGHE_DATABASE__URL", "sqlite:///empty.db")
    assert refused(run("round", "list"), "langnghe migrate")
    assert run("migrate").code == 0
    assert run("round", "list", "--json").json == {"rounds": []}


def test_after_migrate_a_round_can_be_planned_for_hamlets_of_a_shipped_commune(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANGNGHE_DATABASE__URL", f"sqlite:///{tmp_path}/new.db")
    assert "104" in run("migrate").out
    assert "104" not in run("migrate").out
    columns = "level,code,name,parent,households,valid_from\n"
    (tmp_path / "ap.csv").write_text(f"{columns}hamlet,,Ấp Một,{THUAN_HOA},210,2025-07-01\n", "utf-8")
    assert run("places", "import", "ap.csv", "--yes").code == 0
    words = ("--form", "ntm-hai-long", "--unit", THUAN_HOA, "--name", "Đợt mới", "--opens", SOON, "--closes", LATER)
    assert run("round", "create", *words, "--rule", RULE).code == 0


def test_a_port_in_use_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("LANGNGHE_WEB__PORT", str(port))
        assert refused(run("run"), "web.port", str(port))


def test_nothing_switched_on_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGNGHE_WEB__ENABLED", "false")
    assert refused(run("run"), "không có kênh nào được bật")


def test_a_configuration_that_is_not_there_or_wrong_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert refused(run("--config", "none.toml", "round", "list"), "none.toml")
    (tmp_path / "bad.toml").write_text("[web]\nprot = 1\n")
    assert refused(run("round", "list", "--config", "bad.toml"), "web.prot")


def test_the_sample_is_loaded_once(run: Run, village: Village) -> None:
    assert run("sample").code == 0
    before = count(village)
    assert before["round"] == 2 and before["ballot"] == 0
    assert run("sample").code == 0
    assert count(village) == before


@pytest.mark.both_stores
def test_check_says_that_all_is_well_or_which_secret_is_missing(run: Run, village: Village, tmp_path: Path) -> None:
    row = village.round("Đợt mở")
    assert run("check").code == 0
    (tmp_path / "secrets" / f"round-{row.code}.key").unlink()
    result = run("check")
    assert result.code == 1 and "“Đợt mở” đang mở nhưng thiếu tệp bí mật" in result.err


def test_work_needs_postgresql(run: Run, village: Village) -> None:
    if village.url.startswith("sqlite"):
        assert refused(run("work"), "work cần PostgreSQL")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_its_parts_say_what_they_do(name: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None and command.get_short_help_str()
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            assert found is not None and found.get_short_help_str(), f"{name} {part}"


def test_the_help_of_the_whole_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.code == 0 and all(name in result.out for name in COMMANDS)
