"""One ballot for each household and round, whichever mode it comes in."""

import secrets
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update
from village import THUAN_HOA, Village

from places.sample import load_sample
from storage.database import Database
from storage.tables import Ballot, Household, Participation
from surveys.ballots.participation import Claim, cast_household, claim_household
from surveys.errors import SurveyError
from surveys.secrecy.vault import ballot_tag, household_tag

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
HAMLET = f"{THUAN_HOA}/Ấp 1 (mẫu)"


def a_household(village: Village, number: str = "12") -> int:
    household_id = secrets.randbits(62)
    row = {"id": household_id, "unit_id": village.unit(HAMLET), "number": number, "note": "", "sample": False}
    with village.database.transaction() as connection:
        load_sample(connection)
        connection.execute(insert(Household), [row])
    return household_id


def cast(village: Village, entry: Any, household_id: int, mode: str = "paper", **answers: str) -> Claim:
    with village.database.transaction() as connection:
        secret = village.vault.round_secret(entry.code)
        return cast_household(connection, entry.id, household_id, secret=secret, mode=mode, answers=answers, now=NOW)


def test_a_household_hands_in_one_ballot_and_no_second_one(village: Village) -> None:
    entry, household = village.round(), a_household(village)
    hamlet = village.unit(HAMLET)
    assert cast(village, entry, household, duong="co") == Claim(hamlet, "paper", submitted=True, new=True)
    assert cast(village, entry, household, "kiosk", duong="khong") == Claim(hamlet, "paper", submitted=True, new=False)
    [ballot], [part] = village.rows(Ballot), village.rows(Participation)
    assert ballot.answers == {"duong": "co"} and ballot.mode == part.mode == "paper"
    assert bytes(ballot.tag) == household_tag(village.vault.round_secret(entry.code), household)


def test_a_ballot_that_was_only_begun_gives_way_to_a_whole_one(village: Village) -> None:
    entry, household = village.round(), a_household(village)
    with village.database.transaction() as connection:
        begun = claim_household(connection, entry.id, household, "self", NOW)
        again = claim_household(connection, entry.id, household, "assisted", NOW)
    assert begun.new and not begun.submitted and (again.new, again.mode) == (False, "self")
    assert cast(village, entry, household).new
    assert [row.mode for row in village.rows(Participation)] == ["paper"]


def test_a_household_that_is_void_or_unknown_takes_no_part(village: Village) -> None:
    entry, household = village.round(), a_household(village)
    with village.database.transaction() as connection:
        connection.execute(update(Household).values(voided_at=NOW))
    for number in (household, household + 1):
        with pytest.raises(SurveyError, match="không có trong sổ hộ"):
            cast(village, entry, number)
    assert not village.rows(Ballot) and not village.rows(Participation)


def test_forty_threads_that_hand_in_for_one_household_leave_one_ballot(village: Village) -> None:
    entry, household = village.round(), a_household(village)
    databases = [Database(village.url) for _ in range(4)]
    start, claims = threading.Barrier(40), []
    secret = village.vault.round_secret(entry.code)

    def vote(number: int) -> None:
        start.wait()
        with databases[number % 4].transaction() as connection:
            claim = cast_household(
                connection, entry.id, household, secret=secret, mode="kiosk", answers={"duong": str(number)}, now=NOW
            )
        claims.append((number, claim.new))

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    [ballot] = village.rows(Ballot)
    assert len(claims) == 40
    assert [str(number) for number, new in claims if new] == [ballot.answers["duong"]]


def test_a_household_and_a_person_of_the_same_number_have_different_tags() -> None:
    tags = {tag(b"s" * 32, number) for number in range(1, 300) for tag in (ballot_tag, household_tag)}
    assert len(tags) == 598
