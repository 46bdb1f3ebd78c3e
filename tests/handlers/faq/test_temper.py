"""An insult gets a calm sentence and a person, an accusation the way to complain; nothing of the survey is lost."""

import pytest
from village import Village, answers


@pytest.mark.parametrize("typed", ["đụ má tụi bây làm ăn như cc", "đồ quỷ trả lời ngu quá", "bực mình quá"])
async def test_anger_is_answered_with_a_calm_sentence_and_a_person(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says(typed)
    assert "xin lỗi" in mai.last.text and mai.labels == ["Nhờ người giúp", "Cách gửi phản ánh", "Danh mục"]
    await mai.taps("Cách gửi phản ánh")
    assert "phản ánh" in mai.last.text


@pytest.mark.parametrize(
    "typed", ["tui muốn tố cáo trưởng ấp ăn tiền hộ nghèo", "can bo lam kho tui khong chiu ky giay"]
)
async def test_an_accusation_leads_to_the_way_to_complain(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says(typed)
    assert mai.last.title == "Gửi phản ánh, kiến nghị" or "phản ánh" in mai.last.title.lower()
    assert "không phải chỗ nêu tên ai" in mai.last.text and "tiếp dân" in mai.last.text


async def test_in_mid_survey_it_answers_nothing_and_the_question_stands_again(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("bực quá hỏi hoài")
    assert "xin lỗi" in mai.heard[-2].text and mai.last.title == "Đường sá thế nào?" and not answers(village)


async def test_a_question_asked_in_anger_is_answered(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("bực quá, quên mật khẩu vneid thì làm sao")
    assert mai.last.title == "Quên mật khẩu hoặc passcode VNeID"


async def test_help_shows_lessons_and_people(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("hướng dẫn")
    assert {"Học từng bước", "Nhờ người giúp", "Hỏi đáp"} <= set(mai.labels)
