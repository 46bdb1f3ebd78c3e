"""Nothing is stored that nobody said: a word is an answer only to the question that was shown last."""

import pytest
from sqlalchemy import insert
from village import Resident, Village, answers

from handlers.screen import Answer, Beside, Press, Screen, Shown, meaning, read_screen, rows_of
from storage.tables import Consent, Delivery, Person

POLITE = (
    "dạ", "vâng", "ok", "oki", "okie", "rồi", "ừ", "ừm", "có", "được", "đúng rồi", "xong rồi", "không", "hông", "ko",
    "chưa", "thôi", "👍", "👌", "🙏", "❌", "cảm ơn", "cảm ơn em", "dạ vâng", "hết", "yes", "no", "បាទ", "ទេ",
)  # fmt: skip
NUMBERS = ("1", "2", "5", "hai", "số 1")


async def danger(mai: Resident) -> None:
    await mai.says("chồng tui rượt chém tui")


async def the_menu(mai: Resident) -> None:
    await mai.says("menu")


async def a_code(mai: Resident) -> None:
    await mai.says("mã")


async def the_lessons(mai: Resident) -> None:
    await mai.says("bài học")


async def a_lesson(mai: Resident) -> None:
    await mai.starts("g_pay-by-qr")
    await mai.presses(mai.last.choices[0].token) if mai.channel != "console" else await mai.says("1")


async def the_help(mai: Resident) -> None:
    await mai.says("giúp đỡ")


async def the_topics(mai: Resident) -> None:
    await mai.says("hỏi đáp")


async def the_choice(mai: Resident) -> None:
    await mai.says("tui không muốn nữa")


async def my_data(mai: Resident) -> None:
    await mai.says("dữ liệu của tôi")


async def the_languages(mai: Resident) -> None:
    await mai.says("ngôn ngữ")


HARMLESS = (danger, the_menu, a_code, the_lessons, a_lesson, the_help, the_topics)
ASIDES = (*HARMLESS, the_choice, my_data, the_languages)  # of the last three a number may press what changes more


@pytest.mark.parametrize("channel", ["telegram", "web", "console"])
@pytest.mark.parametrize("aside", ASIDES)
async def test_a_short_word_to_something_else_is_no_answer(village: Village, aside: object, channel: str) -> None:
    mai = village.resident(channel=channel)
    await mai.starts(village.round().code)
    await mai.says("đồng ý")
    await mai.says("ấp 1")
    assert mai.last.title == "Đường sá thế nào?"
    for word in (*POLITE, *(NUMBERS if aside in HARMLESS else ())):
        await aside(mai)  # type: ignore[operator]
        assert mai.last.title != "Đường sá thế nào?"
        await mai.says(word)
        assert answers(village) == [], word
    await mai.says("tiếp tục")
    await mai.says("tiếp tục")  # the first may turn the page of a lesson
    assert answers(village) == []


@pytest.mark.parametrize("word", ["dạ", "ok", "rồi", "👍", "1"])
async def test_the_same_word_to_the_question_on_the_screen_is_its_answer(village: Village, word: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("menu")
    await mai.says("dạ")  # shows the question again
    await mai.says(word)
    assert answers(village) == [{"duong": "co"}]


async def test_a_whole_label_is_an_answer_wherever_it_is_said(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("menu")
    await mai.says("chua hai long")
    assert answers(village) == [{"duong": "khong"}]


async def test_after_the_thanks_of_one_round_no_word_answers_another(village: Village) -> None:
    first, second = village.round("Đợt một"), village.round("Đợt hai")
    mai = village.resident()
    await mai.enters(first.code)
    await mai.taps("Chưa hài lòng", "Bỏ qua")
    await mai.says("4")
    await mai.taps("Bỏ qua")
    assert mai.last.title == "Vì sao chưa hài lòng?"
    await mai.starts(second.code)
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("2")
    await mai.taps("Bỏ qua", "Hài lòng")
    for word in ("cảm ơn em", "Tôi muốn hỏi thẻ căn cước hết hạn", "ok", "xong rồi"):
        await mai.starts(second.code)  # the thanks stand again
        await mai.says(word)
    assert not any("ly_do" in ballot for ballot in answers(village))


async def test_what_another_address_was_shown_is_not_on_this_screen(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("mã")
    code = mai.last.title.rpartition(" ")[2]
    page = village.resident("browser", channel="web")
    await page.says(code)
    await page.taps("Hài lòng")
    await mai.says("dạ")  # to the code that stands on the telephone, while the page shows the second question
    assert answers(village) == [{"duong": "co"}]


async def test_a_broadcast_covers_the_question_before_it(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Đợt một").code)
    person, moment = village.rows(Person)[0].id, village.rows(Person)[0].seen_at
    row = {"person_id": person, "channel": "telegram", "address": "1001", "state": "sent", "due_at": moment}
    with village.database.transaction() as connection:
        connection.execute(insert(Delivery).values(**row, kind="reply", urgency=0, settled_at=moment))
        later = village.rows(Person)[0].seen_at.replace(year=moment.year + 1)
        connection.execute(insert(Delivery).values(**row, round_id=9, kind="invite", urgency=2, settled_at=later))
    await mai.says("dạ")
    assert answers(village) == [] and mai.last.title == "Đường sá thế nào?"


@pytest.mark.parametrize("word", ["👍", "dạ", "ok", "có", "ừ", "đồng ý", "1", "vâng ạ", "dong y", "yes", "បាទ"])
async def test_the_first_word_of_a_stranger_is_no_consent(village: Village, word: str) -> None:
    for channel in ("telegram", "web", "console"):
        mai = village.resident(f"stranger {channel}", channel=channel)
        await mai.says(word)
        assert "Bà con có đồng ý không?" in mai.last.text
    assert village.rows(Consent) == []


@pytest.mark.parametrize("word", ["ok", "dạ", "👍", "cảm ơn", "1"])
async def test_after_a_deletion_a_word_is_no_new_consent(village: Village, word: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    await mai.says(word)
    assert village.rows(Consent) == [] and "ấp nào" not in mai.last.title


async def test_a_yes_to_an_older_text_shows_the_text_of_today(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    shown = village.shared.catalogue
    yes = mai.button("Đồng ý").token
    texts = {**shown._texts, "vi": {**shown._texts["vi"], "consent.text": "Lời mới. Bà con có đồng ý không?"}}
    village.shared.catalogue = type(shown)(texts, shown._words)
    await mai.presses(yes)
    assert village.rows(Consent) == [] and "Lời mới" in mai.last.text
    await mai.says("dạ")
    assert [row.version for row in village.rows(Consent)] == [village.shared.catalogue.consent_version]


def test_a_screen_is_stored_and_read_back() -> None:
    screen = Screen(
        (Shown("pick:1:0:0.x", "Có"), Shown("faq:yes:a.x", "Có ích", ("earlier",))),
        "ask:1:0",
        "ask:1:0.sig",
        crowded=True,
        numbers=1,
        numbered=True,
        repeated=True,
        took="17 ask:1:0",
    )
    assert read_screen(rows_of(screen), lambda token: token.partition(".")[0]) == screen
    assert read_screen(rows_of(screen), lambda token: None).asks == ""  # signed for somebody else


def test_a_row_of_an_older_version_tells_its_question_by_its_buttons() -> None:
    rows = [["pick:1:4:0.x", "Có"], ["menu:menu.x", "Danh mục"], ["faq:yes:a.x", "Có ích", "topic"]]
    assert read_screen(rows, lambda token: token.partition(".")[0]).asks == "ask:1:4"
    assert read_screen(rows[1:], lambda token: token.partition(".")[0]).asks == ""
    assert read_screen([], lambda token: token) == Screen()


def test_a_word_means_what_was_shown_last() -> None:
    offers = (Shown("menu:faq.x", "Hỏi đáp"), Shown("menu:help.x", "Giúp đỡ"))
    menu, asked = Screen(offers), Screen(offers, "ask:1:0")
    assert meaning(menu, "2") == meaning(menu, "giup do") == Press("menu:help.x")
    assert meaning(menu, "dạ") == meaning(Screen(), "1") == Beside()
    assert meaning(asked, "dạ") == meaning(asked, "2") == Answer("ask:1:0")
    assert meaning(Screen(offers, "ask:1:0", crowded=True), "dạ") == Beside()
