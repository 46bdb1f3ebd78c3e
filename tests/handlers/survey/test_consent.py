"""Consent comes before anything is asked."""

from datetime import UTC, datetime, timedelta

from village import Village

from storage.tables import Ballot, Consent, Interview, Person


async def test_nothing_is_asked_before_yes(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    assert mai.last.title == "Xin chào bà con!"
    for said in ("1 nhà 4 người", "Thuận Hòa", "Hài lòng", "/survey", "tiếp tục"):
        await mai.says(said)
        assert "Bà con có đồng ý không?" in mai.last.text
    assert village.rows(Interview) == [] and village.rows(Ballot) == [] and village.rows(Consent) == []


async def test_the_question_says_who_asks_how_long_data_is_kept_and_how_to_reach_them(village: Village) -> None:
    message = await village.resident().starts(village.round("Đợt tháng mười").code)
    for told in ("UBND xã thử", "một năm", "nhà văn hóa ấp", "Đợt tháng mười", "từ 18 tuổi", "xóa bất cứ lúc nào"):
        assert told in message.text


async def test_yes_and_no_are_equal_buttons_side_by_side(village: Village) -> None:
    message = await village.resident().starts()
    yes, no = message.choices[:2]
    assert (yes.label, no.label) == ("Đồng ý", "Không đồng ý")
    assert (yes.aside, yes.selected, yes.url) == (no.aside, no.selected, no.url)


async def test_a_yes_leaves_its_proof(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    await mai.taps("Đồng ý")
    [proof] = village.rows(Consent)
    assert (proof.given, proof.channel, proof.language) == (True, "telegram", "vi")
    assert proof.version == village.shared.catalogue.consent_version
    assert abs(proof.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert proof.person_id == village.rows(Person)[0].id


async def test_a_no_is_respected_and_can_be_changed(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    await mai.taps("Không đồng ý")
    assert "tôn trọng" in mai.last.text
    await mai.says("Ấp 1")
    assert "Ấp 1 (mẫu)" not in mai.labels
    assert village.rows(Interview) == []
    await mai.says("/start")
    await mai.taps("Tôi đổi ý, đồng ý tham gia", "Ấp 1 (mẫu)")
    assert mai.last.title == "Đường sá thế nào?"
    assert [row.given for row in village.rows(Consent)] == [False, True]


async def test_a_person_who_said_no_gets_no_invitation(village: Village) -> None:
    village.settle("1", consent=False)
    village.settle("2", consent=None)
    village.settle("3")
    assert village.open(village.draft("Đợt mời").id) == 1


async def test_yes_and_no_may_be_typed_as_people_type(village: Village) -> None:
    for address, said, given in (("1", "dạ có", True), ("2", "hông", False), ("3", "dong y", True), ("4", "2", False)):
        resident = village.resident(address)
        await resident.starts()
        await resident.says(said)
        assert village.rows(Consent)[-1].given is given, said


async def test_a_word_that_may_be_yes_or_no_is_asked_again_and_is_no_stop(village: Village) -> None:
    mai = village.resident()
    await mai.starts()
    await mai.says("dung")  # đúng, đừng or dừng
    assert "Bà con có đồng ý không?" in mai.last.text
    assert village.rows(Consent) == [] and not village.rows(Person)[0].stopped


async def test_the_same_yes_twice_is_one_proof(village: Village) -> None:
    mai = village.resident()
    await mai.starts()
    yes = mai.button("Đồng ý").token
    await mai.presses(yes)
    await mai.presses(yes)
    assert len(village.rows(Consent)) == 1


async def test_a_later_no_on_the_old_question_withdraws(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    no = mai.button("Không đồng ý").token
    await mai.taps("Đồng ý", "Ấp 1 (mẫu)")
    await mai.presses(no)
    assert "tôn trọng" in mai.last.text
    assert [row.given for row in village.rows(Consent)] == [True, False]


def test_the_version_changes_with_the_wording(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from handlers.catalogue import FOLDER, load_catalogue

    for language in ("vi", "km", "en"):
        text = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{language}.toml").write_text(text.replace("Bà con có đồng ý không?", "Bà con đồng ý chứ?"))
    assert load_catalogue(tmp_path).consent_version != load_catalogue().consent_version
