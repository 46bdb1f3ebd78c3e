"""Where somebody lives: as they know it, from a list, or from a QR code."""

import pytest
from village import AN_THANH, THUAN_HOA, Resident, Village

from storage.tables import Person


async def asked(village: Village) -> Resident:
    """Somebody who agreed and is asked where they live; rounds are open in both communes."""
    village.round("Đợt một", units=[THUAN_HOA, AN_THANH])
    mai = village.resident()
    await mai.starts()
    await mai.taps("Đồng ý")
    assert mai.last.title == "Bà con ở xã, phường nào?" and mai.last.accepts == "place"
    return mai


def home(village: Village) -> tuple[int | None, int | None]:
    [person] = village.rows(Person)
    return person.unit_id, person.hamlet_id


async def test_the_communes_with_open_rounds_are_on_offer(village: Village) -> None:
    mai = await asked(village)
    assert mai.labels == ["Xã An Thạnh", "Xã Thuận Hòa"]
    await mai.taps("Xã An Thạnh")
    assert mai.last.title == "Bà con ở ấp nào của Xã An Thạnh?"
    assert mai.labels[:2] == ["Ấp 1 (mẫu)", "Ấp 2 (mẫu)"]
    assert mai.labels[-2:] == ["Không rõ, không có ở đây", "Nơi khác"]
    await mai.taps("Ấp 2 (mẫu)")
    assert home(village) == (village.unit(AN_THANH), village.unit(f"{AN_THANH}/Ấp 2 (mẫu)"))


async def test_a_commune_typed_without_accents_is_taken_when_sure(village: Village) -> None:
    mai = await asked(village)
    await mai.says("xa an thanh")
    assert home(village) == (village.unit(AN_THANH), None)


async def test_a_name_that_two_old_communes_bore_is_offered_with_what_each_was(village: Village) -> None:
    mai = await asked(village)
    await mai.says("phu tan chau thanh")
    assert "Có phải bà con muốn nói" in mai.last.text
    label = next(label for label in mai.labels if label.startswith("Xã Thuận Hòa"))
    assert "trước là" in label and "Phú Tân" in label
    await mai.taps(label)
    assert home(village)[0] == village.unit(THUAN_HOA)


async def test_none_of_the_offers_leads_back_to_the_question(village: Village) -> None:
    mai = await asked(village)
    await mai.says("phu tan chau thanh")
    await mai.taps("Nơi khác")
    assert mai.last.title == "Bà con ở xã, phường nào?"


async def test_an_unknown_place_is_said_to_be_unknown(village: Village) -> None:
    mai = await asked(village)
    await mai.says("qwertyuiop")
    assert "Mình chưa tìm thấy “qwertyuiop”" in mai.last.text
    assert mai.labels == ["Xã An Thạnh", "Xã Thuận Hòa"] and home(village) == (None, None)


async def test_a_province_is_no_place_to_live_in(village: Village) -> None:
    mai = await asked(village)
    await mai.says("cần thơ")
    assert "Mình chưa tìm thấy “cần thơ”" in mai.last.text and home(village) == (None, None)


@pytest.mark.parametrize("said", ["ap 3", "Ấp 3", "3", "ấp ba", "Ấp 3 (mẫu)"])
async def test_a_hamlet_may_be_typed_or_numbered(village: Village, said: str) -> None:
    mai = await asked(village)
    await mai.taps("Xã Thuận Hòa")
    await mai.says(said)
    assert home(village)[1] == village.unit(f"{THUAN_HOA}/Ấp 3 (mẫu)")


async def test_an_unknown_hamlet_is_asked_again_and_not_knowing_is_an_answer(village: Village) -> None:
    mai = await asked(village)
    await mai.taps("Xã Thuận Hòa")
    await mai.says("ấp Trời Ơi")
    assert "Chưa thấy ấp đó trong Xã Thuận Hòa" in mai.last.text
    await mai.taps("Không rõ, không có ở đây")
    assert mai.last.title == "Đường sá thế nào?"
    assert home(village) == (village.unit(THUAN_HOA), None)


async def test_elsewhere_instead_of_a_hamlet_asks_for_the_commune_again(village: Village) -> None:
    mai = await asked(village)
    await mai.taps("Xã Thuận Hòa", "Nơi khác")
    assert mai.last.title == "Bà con ở xã, phường nào?" and home(village) == (None, None)


async def test_a_hamlet_button_of_another_commune_settles_nobody(village: Village) -> None:
    mai = await asked(village)
    await mai.taps("Xã Thuận Hòa")
    old = mai.button("Ấp 7 (mẫu)").token
    await mai.taps("Nơi khác", "Xã An Thạnh")
    await mai.presses(old)
    assert home(village) == (village.unit(AN_THANH), None)
    assert mai.last.title == "Bà con ở ấp nào của Xã An Thạnh?"


async def test_a_hamlet_button_after_elsewhere_asks_for_the_commune(village: Village) -> None:
    mai = await asked(village)
    await mai.taps("Xã Thuận Hòa")
    old = mai.button("Ấp 7 (mẫu)").token
    await mai.taps("Nơi khác")
    await mai.presses(old)
    assert mai.last.title == "Bà con ở xã, phường nào?" and home(village) == (None, None)


async def test_the_code_of_a_commune_settles_it(village: Village) -> None:
    village.round()
    mai = village.resident()
    await mai.starts(f"u_{THUAN_HOA}")
    await mai.taps("Đồng ý")
    assert mai.last.title == "Bà con ở ấp nào của Xã Thuận Hòa?"


async def test_the_code_of_a_round_in_one_commune_settles_it(village: Village) -> None:
    row = village.round()
    for address, payload in (("1", row.code), ("2", f"r_{row.code}")):
        mai = village.resident(address)
        await mai.starts(payload)
        await mai.taps("Đồng ý")
        assert mai.last.title == "Bà con ở ấp nào của Xã Thuận Hòa?"


async def test_the_code_of_a_round_in_two_communes_asks_which(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round(units=[THUAN_HOA, AN_THANH]).code)
    await mai.taps("Đồng ý")
    assert mai.labels == ["Xã An Thạnh", "Xã Thuận Hòa"]


async def test_the_code_of_where_somebody_lives_keeps_their_hamlet(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.starts(f"u_{THUAN_HOA}")
    assert mai.last.title == "Đường sá thế nào?"


@pytest.mark.parametrize("payload", ["u_99999", "r_nothing", "nothing", "u_", "r_", "x_31582", "_", "u_92; DROP"])
async def test_an_unknown_code_says_so_and_goes_on(village: Village, payload: str) -> None:
    mai = village.resident()
    await mai.starts(payload)
    assert mai.last.text.startswith("Đường dẫn hoặc mã này không còn dùng được.")
    assert mai.last.title == "Xin chào bà con!"


async def test_a_change_of_place_asks_for_it_anew(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("menu")
    await mai.taps("Đổi xã, ấp")
    assert mai.last.title == "Bà con ở xã, phường nào?" and home(village) == (None, None)


async def test_a_very_long_story_about_a_place_is_answered(village: Village) -> None:
    mai = await asked(village)
    await mai.says("nhà tui ở gần chợ " * 200)
    assert mai.last.title == "Bà con ở xã, phường nào?" or mai.labels
