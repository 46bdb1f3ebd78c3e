"""Danger to life is answered first, wherever the conversation stands, and loses nothing that stood there."""

import pytest
from sqlalchemy import update
from village import THUAN_HOA, Village, answers

from storage.tables import FaqQuestion, Unit

SAFE = "Bà con ơi, an toàn của người là trước hết"


@pytest.mark.parametrize("text", ["chồng tôi đang đánh tôi", "chay nha roi cuu voi", "toi khong muon song nua"])
async def test_danger_is_never_brushed_off(village: Village, text: str) -> None:
    mai = village.resident()
    await mai.says(text)
    assert mai.last.title == SAFE and "công an xã" in mai.last.text
    assert not any(digits in mai.read for digits in ("113", "114", "115"))
    assert not village.rows(FaqQuestion)


@pytest.mark.parametrize("text", ["chồng tôi đang đánh tôi", "chong toi dang danh toi", "ck đánh e hoài cuu e vs"])
@pytest.mark.parametrize("where", ["consent", "hamlet", "question", "number", "lesson", "topics", "request", "data"])
async def test_it_is_heard_wherever_the_conversation_stands(village: Village, where: str, text: str) -> None:
    mai = village.resident()
    code = village.round().code
    if where in ("consent", "hamlet"):
        await mai.starts(code)
        await mai.taps(*(["Đồng ý"] if where == "hamlet" else []))
    else:
        await mai.enters(code)
        said = {"number": ["Hài lòng", "Xong câu này"], "lesson": [], "topics": []}.get(where, [])
        await mai.taps(*said)
        word = {"lesson": "học", "topics": "hỏi đáp", "request": "gặp người", "data": "dữ liệu của tôi"}.get(where)
        if word:
            await mai.says(word)
        if where == "lesson":
            await mai.taps(mai.labels[0], "Bắt đầu học")
    before = answers(village)
    heard = len(mai.heard)
    await mai.says(text)
    assert mai.heard[heard].title == SAFE and answers(village) == before


async def test_it_comes_before_the_question_that_stands(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("nhà tôi bị cháy rồi")
    assert mai.last.title == SAFE and not answers(village)
    await mai.says("tiếp tục")
    assert mai.last.title == "Đường sá thế nào?"


async def test_an_open_answer_that_speaks_of_danger_is_stored_too(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Chưa hài lòng", "Đèn đường", "Xong câu này")
    await mai.says("4")
    await mai.taps("Bỏ qua")
    await mai.says("trong ấp hay đánh nhau, bị cướp giật hoài")
    assert answers(village)[0]["ly_do"].startswith("trong ấp hay đánh nhau")
    assert mai.heard[-2].title == SAFE and mai.last.title == "Nói chung có hài lòng không?"


async def test_the_communes_telephone_is_told_where_it_is_known(village: Village) -> None:
    with village.database.transaction() as connection:
        connection.execute(update(Unit).where(Unit.id == village.unit(THUAN_HOA)).values(phone="(số của xã)"))
    village.settle("1001")
    mai = village.resident()
    await mai.says("cháy nhà")
    assert "3. Điện thoại của Xã Thuận Hòa: (số của xã)." in mai.last.text


async def test_a_topic_that_only_sounds_alarming_is_one_tap_away(village: Village) -> None:
    mai = village.resident()
    await mai.says("lỡ đưa otp r tk bay sạch tiền cứu vs")
    assert mai.last.title == SAFE and len(mai.labels) == 3
    await mai.taps(mai.labels[1])
    assert "ngân hàng" in mai.last.text


async def test_english_and_khmer_get_it_in_their_language(village: Village) -> None:
    john = village.resident(language="en")
    await john.says("my house is on fire")
    assert john.last.title == "Your safety comes first"
    sok = village.resident("1002", language="km")
    await sok.says("ជួយផង ភ្លើងឆេះផ្ទះ")
    assert sok.last.title.startswith("សុវត្ថិភាព")
