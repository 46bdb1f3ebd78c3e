"""Whose ballot a page shows: one's own round, one's own begun ballot, and nobody else's answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from phones import Phone, site_of
from village import AN_THANH, THUAN_HOA, Village

from handlers.catalogue import load_catalogue
from web.public.survey import WORDS


def link_of(phone: Phone, label: str) -> str:
    return phone.page.text.partition(label)[0].rpartition('href="')[2].partition('"')[0]


async def test_the_first_page_marks_what_was_begun_and_puts_it_first(village: Village) -> None:
    other = village.round("A: đợt xã khác", units=[AN_THANH])
    own = village.round("Đợt nhà mình")
    async with Phone(site_of(village)) as mai, Phone(site_of(village)) as stranger:
        await mai.enters(own.code)
        await mai.presses("Hài lòng")
        text = await mai.opens("/")
        assert "Đang làm dở: Câu 2/5" in text and "Làm tiếp" in text
        assert text.index(own.name) < text.index(other.name)
        assert mai.page.headers["cache-control"] == "private, no-cache"
        text = await stranger.opens("/")
        assert "Đang làm dở" not in text and text.count("Trả lời") == 2
        await mai.opens(f"/s/{own.code}")
        await mai.presses("Bỏ qua")
        await mai.types("4")
        await mai.presses("Bỏ qua", "Hài lòng")
        text = await mai.opens("/")
        assert "Đã gửi phiếu" in text and "Xem lại" in text and "Đang làm dở" not in text
        assert text.index(own.name) < text.index(other.name)


async def test_somebody_settled_finds_the_round_of_their_own_commune_first(village: Village) -> None:
    other = village.round("A: đợt xã khác", units=[AN_THANH])
    own = village.round("Đợt nhà mình")
    async with Phone(site_of(village)) as mai:
        await mai.enters(own.code)
        text = await mai.opens("/")
        assert text.index(own.name) < text.index(other.name)


async def test_the_link_of_another_commune_says_whose_ballot_this_is(village: Village) -> None:
    own, other = village.round("Đợt A"), village.round("Đợt B", units=[AN_THANH])
    async with Phone(site_of(village)) as mai:
        await mai.enters(own.code)
        text = await mai.opens(f"/s/{other.code}")
        assert mai.path == f"/s/{own.code}"  # address, title and content agree
        assert "đang trả lời phiếu của ấp 1 (mẫu), xã Thuận Hòa" in text
        assert "Muốn trả lời cho xã An Thạnh thì đổi nơi ở." in text
        assert "Đường sá thế nào?" in text
        text = await mai.presses("Đổi nơi ở")
        assert "Bà con ở xã, phường nào?" in text
        await mai.presses("Xã An Thạnh", "Ấp 2 (mẫu)")
        await mai.presses("Hài lòng", "Bỏ qua")
        await mai.types("4")
        text = await mai.presses("Bỏ qua", "Hài lòng")
        assert mai.path == f"/s/{other.code}" and "đã trả lời xong “Đợt B”" in text


async def test_the_own_link_says_nothing_of_other_communes(village: Village) -> None:
    own, other = village.round("Đợt A"), village.round("Đợt B", units=[AN_THANH])
    async with Phone(site_of(village)) as mai, Phone(site_of(village)) as stranger:
        await mai.enters(own.code)
        assert "đổi nơi ở" not in await mai.opens(f"/s/{own.code}")
        assert "đổi nơi ở" not in await stranger.opens(f"/s/{other.code}")


async def test_thanks_say_what_comes_next_and_nothing_of_going_on(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as mai:
        text = await mai.finishes(code)
        assert "Cảm ơn bà con, phiếu đã được ghi nhận!" in text
        assert "Đợt này nhận phiếu đến" in text and 'href="/results"' in mai.page.text
        assert "Bận việc cứ đóng trang" not in text and "Người khác trả lời trên máy này" in text


async def test_who_comes_back_is_asked_who_they_are_before_an_answer_can_be_read(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as phone:
        await phone.finishes(code)
        text = await phone.opens(f"/s/{code}")
        assert "Bà con là người đã trả lời lúc nãy?" in text
        assert "Xem và sửa phiếu" not in text and "Hài lòng" not in text
        assert "Xem và sửa phiếu" in await phone.opens(link_of(phone, "Đúng, là tôi"))
        await phone.opens(f"/s/{code}")
        text = await phone.presses("Không, tôi là người khác")
        assert phone.path == f"/s/{code}" and "Bà con có đồng ý không?" in text


async def test_the_thanks_left_open_ask_as_well_after_a_while(village: Village) -> None:
    code, moment = village.round().code, [datetime.now(UTC)]
    async with Phone(replace(site_of(village), clock=lambda: moment[0])) as phone:
        await phone.finishes(code)
        await phone.opens(f"/s/{code}")
        address = link_of(phone, "Đúng, là tôi")
        assert "Xem và sửa phiếu" in await phone.opens(address)
        moment[0] += timedelta(minutes=16)
        assert "Bà con là người đã trả lời lúc nãy?" in await phone.opens(address)


async def test_the_question_who_is_there_is_asked_in_the_language_of_the_ballot(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as phone:
        await phone.finishes(code)
        await phone.presses("Danh mục", "Ngôn ngữ / Language / ភាសា", "English")
        assert "Are you the person who answered before?" in await phone.opens(f"/s/{code}")


async def test_somebody_else_begins_anew_on_the_same_phone(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as phone:
        await phone.finishes(code)
        text = await phone.presses("Người khác trả lời trên máy này")
        assert phone.path == f"/s/{code}" and "Bà con có đồng ý không?" in text
        await phone.presses("Đồng ý", "Ấp 1 (mẫu)", "Chưa hài lòng")
        assert "Câu 2/6" in phone.text


@pytest.mark.parametrize("to", ["//evil.example", "/staff", "https://evil.example/s/a", "/s/a/b", ""])
async def test_leaving_leads_to_a_survey_or_to_the_first_page(village: Village, to: str) -> None:
    async with Phone(site_of(village)) as phone:
        answer = await phone.browser.post("/leave", data={"to": to}, follow_redirects=False)
        assert answer.headers["location"] == "/"


async def test_ones_data_and_the_way_out_are_on_every_question(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as mai:
        await mai.opens(f"/s/{code}")
        assert "Dữ liệu của tôi, thôi" not in mai.text  # nothing is kept of a stranger
        assert '<a href="/chat">Hỏi trước khi trả lời</a>' in mai.page.text
        await mai.presses("Đồng ý", "Ấp 1 (mẫu)", "Hài lòng")
        text = await mai.presses("Dữ liệu của tôi, thôi không trả lời")
        assert "Đồng ý tham gia: có" in text and "Rút lại đồng ý" in text
        text = await mai.presses("Rút lại đồng ý")
        assert "Bà con chắc chứ?" in text or "rút" in text.lower()


def test_what_links_say_are_commands() -> None:
    assert {name: load_catalogue().command(word) for name, word in WORDS.items()} == {"data": "data", "place": "place"}


async def test_a_ballot_is_looked_through_with_a_named_button_beside_each_answer(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as mai:
        await mai.finishes(code)
        text = await mai.presses("Xem và sửa phiếu")
        assert 'class="tick"' not in mai.page.text
        assert "1. Đường sá thế nào? Hài lòng Sửa câu 1: Đường sá thế nào?" in text
        text = await mai.presses("Sửa câu 2: Xã cần gì trước?")
        assert "Câu 2/5" in text


async def test_places_are_typed_into_one_line_with_a_label_of_their_own(village: Village) -> None:
    code = village.round(units=[THUAN_HOA, AN_THANH]).code
    async with Phone(site_of(village)) as mai:
        await mai.opens(f"/s/{code}")
        text = await mai.presses("Đồng ý")
        assert "Gõ tên xã, phường" in text and "<textarea" not in mai.page.text
        assert 'enterkeyhint="send"' in mai.page.text
        text = await mai.types("thuan hoa chau thanh")
        assert "<summary>Gõ tên ấp</summary>" in mai.page.text and "<textarea" not in mai.page.text
        assert "Câu 1/5" in await mai.types("ap 2")


async def test_what_is_wrong_stands_in_the_title_and_belongs_to_its_field(village: Village) -> None:
    code = village.round().code
    async with Phone(site_of(village)) as mai:
        await mai.enters(code)
        await mai.presses("Hài lòng", "Bỏ qua")
        assert "<title>Câu 3/5 · Nhà mấy người?" in mai.page.text and "aria-invalid" not in mai.page.text
        await mai.types("nhiều lắm")
        assert "<title>Lỗi: Câu 3/5 · Nhà mấy người?" in mai.page.text
        assert '<div class="said" id="error" role="alert" tabindex="-1" autofocus>' in mai.page.text
        assert 'aria-invalid="true" aria-describedby="error"' in mai.page.text


async def test_a_lesson_is_the_same_lesson_on_the_survey_page(village: Village) -> None:
    code = village.round().code
    guide = village.shared.library.guides["vneid-level2"]
    drawn = next(number for number, step in enumerate(guide.steps, 1) if step.picture)
    async with Phone(site_of(village)) as mai:
        await mai.finishes(code)
        await mai.presses("Danh mục", "Học từng bước", guide.title, "Bắt đầu học", *["Tiếp ▶"] * (drawn - 1))
        assert f'src="/pictures/{guide.steps[drawn - 1].picture}.svg"' in mai.page.text
        assert f"Bước {drawn}/{len(guide.steps)}" in mai.text and "Câu 4/8" not in mai.text


async def test_a_link_sent_in_a_group_shows_which_round_it_is_and_who_asks(village: Village) -> None:
    code = village.round("Hài lòng năm nay").code
    async with Phone(site_of(village)) as crawler:
        await crawler.opens(f"/s/{code}")
        assert '<meta property="og:title" content="Hài lòng năm nay">' in crawler.page.text
        assert '<meta property="og:description" content="UBND xã thử hỏi ý kiến bà con.' in crawler.page.text
        picture = crawler.page.text.partition('og:image" content="http://xa.test')[2].partition('"')[0]
        answer = await crawler.browser.get(picture)
        assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("km-KH,km;q=0.9", "km"),
        ("km", "km"),
        ("en", "en"),
        ("en-US,en;q=0.9", "vi"),
        ("vi-VN,vi;q=0.9", "vi"),
        ("", "vi"),
    ],
)
async def test_a_phone_set_to_khmer_is_answered_in_khmer_at_once(village: Village, wanted: str, language: str) -> None:
    code = village.round().code
    async with Phone(site_of(village), {"accept-language": wanted}) as phone:
        text = await phone.opens(f"/s/{code}")
        assert f'<html lang="{language}">' in phone.page.text
        assert load_catalogue().say(language, "consent.title") in text
        await phone.presses(load_catalogue().say(language, "consent.yes"))
        assert f'<html lang="{language}">' in phone.page.text


async def test_languages_stand_above_the_consent_and_are_changed_there(village: Village) -> None:
    code = village.round(units=[THUAN_HOA, AN_THANH]).code
    async with Phone(site_of(village)) as phone:
        await phone.opens(f"/s/{code}")
        page = phone.page.text
        assert page.index('href="?lang=km" lang="km"') < page.index("<h1")
        assert page.count("ខ្មែរ") == 1  # not again as an answer
        assert "Hello!" in await phone.opens(f"/s/{code}?lang=en")
