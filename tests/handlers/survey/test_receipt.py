"""Whoever is asked for a receipt code must have been given one, and it is found after the close."""

import re

from village import Resident, Village

from surveys.ballots.receipts import check

CODE = re.compile(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b")


def codes_on(resident: Resident) -> set[str]:
    return set(CODE.findall(f"{resident.last.text}\n{resident.last.note}"))


def code_on(resident: Resident) -> str:
    [code] = codes_on(resident)
    return code


def counted(village: Village, key: int, code: str) -> bool:
    return village.database.read_now(lambda connection: check(connection, key, code))


async def test_the_thanks_the_review_and_the_word_show_one_and_the_same_code(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    code = code_on(mai)
    await mai.taps("Xem và sửa phiếu")
    assert code_on(mai) == code
    for words in ("biên nhận", "mã phiếu", "MA BIEN NHAN", "receipt"):
        await mai.says(words)
        assert code_on(mai) == code


async def test_a_code_survives_a_change_and_differs_for_each_ballot(village: Village) -> None:
    row = village.round()
    mai, tam = village.resident("1"), village.resident("2")
    await mai.finishes(row.code)
    before = code_on(mai)
    await mai.taps("Xem và sửa phiếu", "1", "Chưa hài lòng")
    await mai.says("biên nhận")
    await tam.finishes(row.code)
    assert code_on(mai) == before != code_on(tam)


async def test_before_a_ballot_is_in_the_word_says_where_a_code_comes_from(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("biên nhận")
    assert not codes_on(mai) and "gửi phiếu" in mai.last.text


async def test_it_is_found_after_the_close_as_written_down_and_a_slip_is_not(village: Village) -> None:
    row = village.round()
    mai = village.resident()
    await mai.finishes(row.code)
    code = code_on(mai)
    village.close(row.id)
    for written in (code, code.upper(), code.replace("-", " "), code.replace("-", "")):
        assert counted(village, row.id, written)
    assert not counted(village, row.id, ("a" if code[0] != "a" else "b") + code[1:])


async def test_a_household_has_one_receipt_whichever_phone_asks(village: Village) -> None:
    [card] = village.households("12")
    row = village.round(counts="household")
    mai, tam = village.resident("1"), village.resident("2")
    await mai.starts(f"h_{card.code.long}")
    await mai.taps("Đồng ý", "Hài lòng", "Đèn đường", "Xong câu này")
    await mai.says("4")
    await mai.taps("Bỏ qua", "Hài lòng")
    code = code_on(mai)
    await tam.starts(f"h_{card.code.long}")
    await tam.taps("Đồng ý")
    await tam.says("biên nhận")
    assert code_on(tam) == code
    village.close(row.id)
    assert counted(village, row.id, code)
