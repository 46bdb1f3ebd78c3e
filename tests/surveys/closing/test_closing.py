"""After the close nothing links a ballot to a person."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Ballot, Delivery, Interview, Person, Round, Staff
from surveys.closing.closing import ABANDONED, begin, close_for_good, wake
from surveys.errors import SurveyError
from surveys.export.round import export
from surveys.results.results import counts, score
from surveys.rounds.coverage import coverage
from surveys.rounds.round_form import round_form
from surveys.rounds.units import round_units
from surveys.secrecy.vault import SecretGone, Vault, ballot_tag

pytestmark = pytest.mark.both_stores


async def answered(village: Village, people: int = 6) -> Any:
    row = village.round("Đợt")
    for number in range(people):
        await village.resident(str(number)).finishes(row.code, road="Hài lòng" if number % 2 else "Chưa hài lòng")
    return row


async def test_closing_keeps_every_ballot_under_a_new_random_tag(village: Village) -> None:
    row = await answered(village)
    before, secret = village.rows(Ballot), village.vault.round_secret(row.code)
    people = [person.id for person in village.rows(Person)]
    assert {ballot.tag for ballot in before} == {ballot_tag(secret, person) for person in people}
    assert village.close(row.id) == 6
    after = village.rows(Ballot)
    assert not {ballot.tag for ballot in after} & {ballot.tag for ballot in before}
    assert sorted(str(ballot.answers) for ballot in after) == sorted(str(ballot.answers) for ballot in before)
    assert all(ballot.submitted for ballot in after)


async def test_the_secret_is_destroyed(village: Village) -> None:
    row = await answered(village, 1)
    village.close(row.id)
    with pytest.raises(SecretGone):
        village.vault.round_secret(row.code)
    assert not list((village.folder / "secrets").glob("round-*"))


async def test_drafts_do_not_count_and_are_dropped(village: Village) -> None:
    row = await answered(village, 2)
    late = village.resident("late")
    await late.enters(row.code)
    await late.taps("Hài lòng")
    assert len(village.rows(Ballot)) == 3
    assert village.close(row.id) == 2
    assert len(village.rows(Ballot)) == 2


async def test_who_took_part_stays_known_and_what_they_said_does_not(village: Village) -> None:
    row = await answered(village, 3)
    village.close(row.id)
    assert len(village.rows(Interview)) == 3
    mai = village.resident("1")
    await mai.says("tiếp tục")
    assert "Hài lòng" not in mai.labels


@pytest.mark.parametrize(("by", "witness"), [("", ""), ("Mai", ""), ("Mai", "mai"), ("Mai", "  MAI "), (" ", "Lan")])
async def test_closing_takes_two_people(village: Village, by: str, witness: str) -> None:
    row = village.round()
    with pytest.raises(SurveyError, match="hai người khác nhau"):
        close_for_good(village.database, village.vault, row.id, by=by, witness=witness)
    assert village.rows(Round)[0].state == "open" and village.vault.round_secret(row.code)


async def test_who_closed_is_on_record(village: Village) -> None:
    row = village.round()
    village.close(row.id)
    [closed] = village.rows(Round)
    assert closed.closed_by == ["Nguyễn Văn Một", "Trần Thị Hai"] and closed.closed_at is not None


async def test_a_round_is_closed_once(village: Village) -> None:
    row = village.round()
    village.close(row.id)
    with pytest.raises(SurveyError, match="không đóng được"):
        village.close(row.id)


async def begun(village: Village, people: int = 2) -> Any:
    row = await answered(village, people)
    with village.database.transaction() as connection:
        begin(connection, village.vault, row, by="Mai", witness="Lan", now=datetime.now(UTC))
    return row


async def test_a_close_that_was_cut_off_is_finished_by_the_same_call_in_the_first_names(village: Village) -> None:
    row = await begun(village)
    assert village.close(row.id) == 2
    [closed] = village.rows(Round)
    assert (closed.state, closed.closed_by) == ("closed", ["Mai", "Lan"])
    with pytest.raises(SecretGone):
        village.vault.round_secret(row.code)


async def test_the_clock_finishes_a_close_that_nobody_goes_on_with(village: Village) -> None:
    row = await begun(village)
    now = datetime.now(UTC)
    assert wake(village.database, village.vault, now) == []  # whoever began may still be at it
    assert wake(village.database, Vault(village.folder / "elsewhere"), now + 2 * ABANDONED) == []
    assert wake(village.database, village.vault, now + 2 * ABANDONED) == [row.id]
    assert village.rows(Round)[0].state == "closed" and wake(village.database, village.vault, now + 2 * ABANDONED) == []


async def test_while_a_close_is_under_way_nobody_reads_an_answer_and_nobody_gives_one(village: Village) -> None:
    row = await begun(village)
    result = village.database.read_now(lambda connection: score(connection, row.id)).to_json()
    assert "sau khi đóng đợt" in result["note"] and not any(unit["questions"] for unit in result["units"])
    with pytest.raises(SurveyError, match="sau khi đóng"):
        village.database.read_now(lambda connection: export(connection, row.id, "csv", village.folder / "out.csv"))
    before = village.rows(Ballot)
    late = village.resident("late")
    await late.starts(row.code)
    assert village.rows(Ballot) == before


async def test_before_the_close_no_answer_is_readable_anywhere_in_the_database(village: Village) -> None:
    row = await answered(village, 4)
    with village.database.engine.connect() as connection:
        stored = [str(each) for each in connection.execute(text("SELECT answers FROM ballot")).scalars()]
    assert len(stored) == 4 and not any("duong" in each or "co" in each.lower()[:1] for each in stored)
    assert len({len(each) for each in stored}) == 1  # lengths tell nothing either
    village.close(row.id)
    assert all("duong" in ballot.answers for ballot in village.rows(Ballot))


async def test_a_ballot_that_was_tampered_with_is_left_out_and_named(village: Village) -> None:
    row = await answered(village, 3)
    with village.database.transaction() as connection:
        first, second = connection.execute(select(Ballot.tag, Ballot.answers)).all()[:2]
        connection.execute(update(Ballot).where(Ballot.tag == first.tag).values(answers=second.answers))
    done = close_for_good(village.database, village.vault, row.id, by="Mai", witness="Lan")
    assert (done.ballots, done.unreadable) == (2, 1)


async def test_a_round_whose_secret_is_elsewhere_is_not_closed_here(village: Village) -> None:
    row = await answered(village, 2)
    with pytest.raises(SurveyError, match="khóa của đợt"):
        close_for_good(village.database, Vault(village.folder / "elsewhere"), row.id, by="Mai", witness="Lan")
    assert village.rows(Round)[0].state == "open" and len(village.rows(Ballot)) == 2


async def test_the_tally_equals_a_recount_of_the_ballots(village: Village) -> None:
    row = await answered(village, 9)
    village.close(row.id)

    def both(connection: Connection) -> tuple[Any, Any]:
        form, units = round_form(connection, row.form_id), round_units(connection, row.id)
        return counts(connection, row.id, form, units), counts(connection, row.id, form, units, recount=True)

    tallied, recounted = village.database.read_now(both)
    assert tallied == recounted and tallied.units[0].total.satisfied == {"duong": 4, "chung": 9}


async def staff(village: Village, name: str, unit: str, role: str = "official") -> None:
    values = {
        "name": name,
        "role": role,
        "unit_id": village.unit(unit),
        "password": "x",
        "created_at": datetime.now(UTC),
    }
    with village.database.transaction() as connection:
        connection.execute(insert(Staff).values(values))


async def test_an_account_of_another_commune_or_of_a_helper_does_not_close(village: Village) -> None:
    row = village.round()
    await staff(village, "Lan", AN_THANH)
    await staff(village, "Mai", THUAN_HOA)
    await staff(village, "Cúc", THUAN_HOA, role="helper")
    await staff(village, "Ba", THUAN_HOA)
    for witness, why in (("Lan", "không phụ trách"), ("lan", "không phụ trách"), ("Cúc", "vai trò helper")):
        with pytest.raises(SurveyError, match=why):
            close_for_good(village.database, village.vault, row.id, by="Mai", witness=witness)
    with pytest.raises(SurveyError, match="“Người chứng kiến” không có tài khoản"):
        close_for_good(village.database, village.vault, row.id, by="Mai", witness="Người chứng kiến")
    assert village.rows(Round)[0].state == "open"
    close_for_good(village.database, village.vault, row.id, by=" MAI ", witness="ba")
    closed = village.rows(Round)[0]
    assert (closed.state, closed.closed_by) == ("closed", ["Mai", "Ba"])


async def test_invitations_not_sent_yet_are_called_off(village: Village) -> None:
    village.settle("1", "2")
    row = village.round()
    village.close(row.id)
    assert {each.state for each in village.rows(Delivery)} == {"expired"}


async def test_other_rounds_ballots_are_left_alone(village: Village) -> None:
    row = await answered(village, 1)
    other = village.round("Đợt khác")
    mai = village.resident("0")
    await mai.starts(other.code)
    await mai.taps("Hài lòng")
    kept = [ballot for ballot in village.rows(Ballot) if ballot.round_id == other.id]
    village.close(row.id)
    assert [ballot for ballot in village.rows(Ballot) if ballot.round_id == other.id] == kept
    await mai.taps("Bỏ qua")
    assert mai.last.title == "Nhà mấy người?"


async def test_no_old_tag_is_left_in_the_sqlite_files(village: Village) -> None:
    if village.database.dialect != "sqlite":
        return
    row = await answered(village, 4)
    tags = [ballot.tag for ballot in village.rows(Ballot)]
    village.close(row.id)
    path = Path(str(village.database.engine.url.database))
    stored = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert not any(tag in stored for tag in tags)


async def test_postgresql_keeps_no_row_in_the_order_of_arrival(village: Village) -> None:
    if village.database.dialect == "sqlite":
        return
    row = await answered(village, 12)
    secret = village.vault.round_secret(row.code)
    order = [ballot_tag(secret, person.id) for person in sorted(village.rows(Person), key=lambda each: each.created_at)]
    village.close(row.id)
    with village.database.engine.connect() as connection:
        kept = connection.execute(text("SELECT tag, xmin::text FROM ballot ORDER BY ctid")).all()
    assert len({each.xmin for each in kept}) == 1  # one transaction wrote them all
    assert not {bytes(each.tag) for each in kept} & set(order)


async def test_before_the_close_there_is_coverage_and_after_it_the_same_figures_with_scores(village: Village) -> None:
    row = await answered(village, 12)

    def figures() -> list[tuple[str, int]]:
        units = village.database.read_now(lambda connection: coverage(connection, row.id))
        return [(unit.name, unit.ballots) for unit in units if unit.ballots]

    before = figures()
    assert before == [("Xã Thuận Hòa", 12), ("Ấp 1 (mẫu)", 12)]
    sealed = village.database.read_now(lambda connection: score(connection, row.id)).to_json()
    assert not any(unit["questions"] for unit in sealed["units"])
    assert {mark["mark"] for unit in sealed["units"] for mark in unit["marks"]} <= {"coverage"}
    village.close(row.id)
    assert figures() == before
    scored = village.database.read_now(lambda connection: score(connection, row.id)).to_json()
    road = next(each for each in scored["units"][0]["questions"] if each["name"] == "duong")
    assert (road["satisfied"], road["not_satisfied"]) == (6, 6)
