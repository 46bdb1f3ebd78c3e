"""Danger to life is answered first, wherever the conversation stands, and loses nothing that stood there."""

import pytest
from sqlalchemy import update
from village import THUAN_HOA, Village, answers

from faq.emergency import OwnNumbers
from storage.tables import FaqQuestion, Unit

SAFE = "Bà con ơi, an toàn của người là trước hết"


@pytest.mark.parametrize("text", ["chồng tôi đang đánh tôi", "chay nha roi cuu voi", "toi khong muon song nua"])
async def test_danger_is_never_brushed_off(village: Village, text: str) -> None:
    mai = village.resident()
    await mai.says(text)
    assert mai.last.title == SAFE and not village.rows(FaqQuestion)


@pytest.mark.parametrize(
    ("text", "number", "who"),
    [
        ("chồng tôi đang đánh tôi", "113", "công an"), ("nha chay roi", "114", "cứu hỏa"),
        ("con tui té sông", "114", "cứu nạn"), ("tai nạn xe ngoài lộ", "115", "cấp cứu"),
        ("con gái tui bị người ta rờ mó", "111", "trẻ em"), ("con tui bị dụ qua campuchia", "111", "mua bán người"),
        ("vợ tui sắp đẻ mà chưa có xe", "115", "cấp cứu"), ("ong đốt sưng hết mặt", "115", "cấp cứu"),
    ],
)  # fmt: skip
async def test_each_danger_gets_its_number_in_the_second_step(
    village: Village, text: str, number: str, who: str
) -> None:
    mai = village.resident()
    await mai.says(text)
    second = mai.last.text.splitlines()[1]
    assert second.startswith(f"2. Gọi {number} (") and who in second
    assert f"tel:{number}" in {choice.url for choice in mai.last.choices}
    assert "22/2014/TT-BTTTT" in mai.last.note or "Luật Trẻ em" in mai.last.note
    assert "tính đến" in mai.last.note


async def test_who_wants_to_die_is_led_to_people_and_not_to_the_police(village: Village) -> None:
    mai = village.resident()
    await mai.says("tui chán sống quá")
    assert "người thân" in mai.last.text and "115" in mai.last.text
    assert "công an" not in mai.read and "113" not in mai.read


async def test_a_trick_under_way_is_stopped_at_the_bank(village: Village) -> None:
    mai = village.resident()
    await mai.says("nó đang kêu đọc otp")
    assert mai.last.title != SAFE and "tổng đài ngân hàng" in mai.last.text and "113" in mai.last.text


async def test_telegram_gets_the_numbers_as_text_and_the_web_as_links(village: Village) -> None:
    mai, lan = village.resident(), village.resident("web-1", channel="web")
    await mai.says("cháy nhà")
    assert "114" in mai.read and "[Gọi 114" not in mai.read
    await lan.says("cháy nhà")
    assert "[Gọi 114 (cứu hỏa, cứu nạn)]" in lan.read


async def test_the_communes_own_number_comes_first(village: Village) -> None:
    village.shared.own_numbers = OwnNumbers(communes={THUAN_HOA: {"duty": "0200 300"}})
    village.settle("1001")
    mai = village.resident()
    await mai.says("cháy nhà")
    assert "Gọi 0200 300 (trực của xã) hoặc 114" in mai.last.text
    assert mai.last.choices[0].url == "tel:0200300"


async def test_no_question_of_ours_follows_until_they_go_on(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("con tui té sông")
    assert len(mai.heard) and mai.last.title == SAFE
    await mai.taps("Báo người trực của xã ngay")
    assert "không có ai trực" in mai.last.text and "114" in mai.last.text and "báo liền" not in mai.read
    assert "Đường sá thế nào?" not in [message.title for message in mai.heard[-2:]]
    await mai.taps("Tiếp tục khảo sát")
    assert mai.last.title == "Đường sá thế nào?" and not answers(village)


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
    assert mai.last.title == SAFE
    await mai.taps("Tiếp tục khảo sát")
    assert mai.last.title == "Nói chung có hài lòng không?"


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
    assert mai.last.title == SAFE and mai.labels[-1] == "Danh mục"
    await mai.taps(mai.labels[-2])
    assert "ngân hàng" in mai.last.text


async def test_english_and_khmer_get_it_in_their_language(village: Village) -> None:
    john = village.resident(language="en")
    await john.says("my house is on fire")
    assert john.last.title == "Your safety comes first"
    sok = village.resident("1002", language="km")
    await sok.says("ជួយផង ភ្លើងឆេះផ្ទះ")
    assert sok.last.title.startswith("សុវត្ថិភាព")
