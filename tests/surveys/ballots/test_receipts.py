"""A receipt shows that a ballot was counted, and nothing about what it says."""

import pytest
from sqlalchemy import text
from village import Village

from storage.tables import Ballot, Person, Receipt
from surveys.ballots.receipts import LETTERS, check, count, published, receipt_code, receipt_digest
from surveys.errors import SurveyError
from surveys.secrecy.vault import ballot_tag

pytestmark = pytest.mark.both_stores


def test_a_code_has_ten_letters_that_nobody_confuses() -> None:
    codes = {receipt_code(b"s" * 32, number.to_bytes(16)) for number in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert len(code) == 11 and code[5] == "-" and set(code.replace("-", "")) <= set(LETTERS)


def test_a_code_is_the_same_each_time_and_another_in_another_round() -> None:
    tag = b"t" * 16
    assert receipt_code(b"s" * 32, tag) == receipt_code(b"s" * 32, tag) != receipt_code(b"x" * 32, tag)


@pytest.mark.parametrize("typed", ["abcde-fghjk", "ABCDE FGHJK", " abcdefghjk ", "abcde–fghjk"])
def test_a_code_is_understood_as_people_type_it(typed: str) -> None:
    assert receipt_digest("dot", typed) == receipt_digest("dot", "abcde-fghjk")


async def codes_of(village: Village, people: int) -> tuple[int, str, list[str]]:
    """A round with so many ballots, and the receipt codes of those who gave them."""
    row = village.round()
    for number in range(people):
        await village.resident(str(number)).finishes(row.code)
    secret = village.vault.round_secret(row.code)
    return row.id, row.code, [receipt_code(secret, ballot_tag(secret, each.id)) for each in village.rows(Person)]


async def test_after_the_close_each_code_is_found_and_there_are_as_many_as_ballots(village: Village) -> None:
    key, code, codes = await codes_of(village, 5)
    with pytest.raises(SurveyError, match="chưa đóng"):
        village.database.read_now(lambda connection: check(connection, key, codes[0]))
    village.close(key)

    def look(connection: object) -> list[bool]:
        return [check(connection, key, each) for each in codes]  # type: ignore[arg-type]

    assert all(village.database.read_now(look))
    assert village.database.read_now(lambda connection: count(connection, key)) == 5 == len(village.rows(Ballot))
    for wrong in ("", "abcde-fghjk", codes[0][:-1], codes[0] + "x", "đường hư"):
        assert not village.database.read_now(lambda connection, wrong=wrong: check(connection, key, wrong))
    hashes = village.database.read_now(lambda connection: list(published(connection, code)))
    assert hashes == sorted(receipt_digest(code, each).hex() for each in codes)


async def test_a_receipt_of_one_round_is_none_of_another(village: Village) -> None:
    key, _, codes = await codes_of(village, 1)
    village.close(key)
    other = village.round("Đợt khác")
    await village.resident("0").starts(other.code)
    village.close(other.id)
    assert not village.database.read_now(lambda connection: check(connection, other.id, codes[0]))


async def test_drafts_have_no_receipt(village: Village) -> None:
    key, code, _ = await codes_of(village, 1)
    late = village.resident("late")
    await late.enters(code)
    await late.taps("Hài lòng")
    village.close(key)
    assert len(village.rows(Receipt)) == 1


async def test_hashes_lie_in_their_own_order_beside_no_ballot(village: Village) -> None:
    key, _, _ = await codes_of(village, 12)
    village.close(key)
    if village.database.dialect == "sqlite":
        return  # WITHOUT ROWID: its order is that of the keys
    with village.database.engine.connect() as connection:
        lying = [bytes(each) for each in connection.execute(text("SELECT digest FROM receipt ORDER BY ctid")).scalars()]
    assert lying == sorted(lying)
