"""After the close nothing links a ballot to a person."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from village import Village

from storage.models import Ballot, Delivery, Interview, Person, Round
from surveys.closing import close_for_good
from surveys.errors import SurveyError
from surveys.results import coverage, score
from surveys.rounds import close_round
from surveys.secrecy import SecretGone, ballot_tag


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


async def test_a_close_that_a_crash_cut_off_is_finished_by_the_same_call(village: Village) -> None:
    row = await answered(village, 2)
    with village.database.transaction() as connection:  # the program died after this, before the secret was destroyed
        close_round(connection, village.vault, row.id, by="Mai", witness="Lan", now=datetime.now(UTC))
    before = village.rows(Ballot)
    assert village.close(row.id) == 2
    assert village.rows(Ballot) == before and village.rows(Round)[0].closed_by == ["Mai", "Lan"]
    with pytest.raises(SecretGone):
        village.vault.round_secret(row.code)


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
    row = await answered(village, 4)

    def figures() -> list[tuple[str, int]]:
        units = village.database.read_now(lambda connection: coverage(connection, row.id))
        return [(unit.name, unit.ballots) for unit in units if unit.ballots]

    before = figures()
    assert before == [("Xã Thuận Hòa", 4), ("Ấp 1 (mẫu)", 4)]
    sealed = village.database.read_now(lambda connection: score(connection, row.id))
    assert not any(unit["questions"] for unit in sealed["units"])
    assert {mark["mark"] for unit in sealed["units"] for mark in unit["marks"]} <= {"coverage"}
    village.close(row.id)
    assert figures() == before
    scored = village.database.read_now(lambda connection: score(connection, row.id))
    road = next(each for each in scored["units"][0]["questions"] if each["name"] == "duong")
    assert (road["satisfied"], road["not_satisfied"]) == (2, 2)
