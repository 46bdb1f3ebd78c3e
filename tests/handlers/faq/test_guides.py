"""Lessons: one action a step, forth and back, something to try, a question; where somebody is, is kept."""

import pytest
from village import Village

from storage.tables import GuideProgress

LESSON = "Trả tiền bằng mã QR"
STEPS = 7


@pytest.mark.both_stores
async def test_a_lesson_is_walked_through_to_its_question(village: Village) -> None:
    mai = village.resident()
    await mai.says("menu")
    await mai.taps("Học từng bước", "Xem thêm")
    await mai.taps(LESSON)
    assert mai.last.text.startswith("Cần có: Điện thoại")
    await mai.taps("Bắt đầu học")
    for step in range(1, STEPS + 1):
        assert mai.last.progress == (step, STEPS) and mai.last.note == f"Bước {step}/{STEPS} · {LESSON}"
        await mai.taps("Tiếp ▶")
    assert mai.last.title == "Làm thử"
    await mai.taps("Làm thử rồi")
    assert mai.labels[:3] == ["Màu của tấm bảng mã", "Tên chủ tài khoản hiện trên máy", "Mã lớn hay nhỏ"]
    await mai.taps("Mã lớn hay nhỏ")
    assert mai.last.title.startswith("Chưa đúng") and not village.rows(GuideProgress)[0].done
    await mai.taps("Trả lời lại", "Tên chủ tài khoản hiện trên máy")
    assert mai.last.title == "Đúng rồi!" and mai.last.note.startswith("Nguồn: ") and village.rows(GuideProgress)[0].done


async def test_one_goes_back_and_the_message_is_turned_like_a_page(village: Village) -> None:
    mai = village.resident()
    await mai.starts("g_pay-by-qr")
    await mai.taps("Bắt đầu học", "Tiếp ▶")
    second = mai.last.title
    await mai.taps("Tiếp ▶", "◀ Quay lại")
    assert mai.last.title == second and mai.last.replaces == "m1"


async def test_it_is_typed_too(village: Village) -> None:
    mai = village.resident(channel="console")
    await mai.says("bài học")
    await mai.says("tra tien bang ma qr") if LESSON in mai.labels else await mai.says("xem them")
    await mai.says("tra tien bang ma qr")
    await mai.says("1")
    assert mai.last.progress == (1, STEPS)
    for typed, step in (("tiếp", 2), ("tiep tuc", 3), ("quay lai", 2), ("xong", 3), ("1", 4), ("2", 3)):
        await mai.says(typed)
        assert mai.last.progress == (step, STEPS), typed


async def test_where_somebody_was_is_kept(village: Village) -> None:
    mai = village.resident()
    await mai.starts("g_pay-by-qr")
    await mai.taps("Bắt đầu học", "Tiếp ▶", "Tiếp ▶")
    await mai.says("menu")
    await mai.taps("Học từng bước", "Xem thêm")
    assert f"3/{STEPS} {LESSON}" in mai.labels
    await mai.taps(f"3/{STEPS} {LESSON}", "Học tiếp từ bước 3")
    assert mai.last.progress == (3, STEPS)


async def test_a_lesson_in_mid_survey_leads_back_to_it(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("bài học")
    await mai.says("1")
    await mai.taps("Bắt đầu học", "Danh mục", "Trả lời khảo sát")
    assert mai.last.title == "Đường sá thế nào?"


async def test_an_answer_leads_to_its_lesson(village: Village) -> None:
    mai = village.resident()
    await mai.says("quét mã qr trả tiền ở chợ làm sao")
    await mai.taps(f"Học từng bước: {LESSON}")
    assert mai.last.title == LESSON


async def test_a_sketch_comes_with_its_words(village: Village) -> None:
    mai = village.resident()
    await mai.starts("g_pay-by-qr")
    await mai.taps("Bắt đầu học")
    seen = [mai.last.picture]
    for _ in range(STEPS - 1):
        await mai.taps("Tiếp ▶")
        seen.append(mai.last.picture)
    assert [picture.name for picture in seen if picture] == ["pay-by-qr-1", "pay-by-qr-2"]
    assert next(picture for picture in seen if picture).says == "Điện thoại đưa lên mã QR của quầy hàng"


async def test_a_link_to_no_lesson_is_said_to_be_dead(village: Village) -> None:
    mai = village.resident()
    await mai.starts("g_khong-co-bai-nay")
    assert "không còn dùng được" in mai.last.text
