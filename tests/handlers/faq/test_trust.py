"""Questions about the survey itself are answered in the first sentence, from the person's own round."""

import json
from pathlib import Path

import pytest
from village import Village, answers

from faq.content.entries import FOLDER
from faq.content.examples import OTHER, load_examples
from handlers.faq.trust import NEXT
from storage.tables import Consent, FaqQuestion
from vietnamese.folding import fold

HELD_OUT = Path(__file__).parents[2] / "faq" / "trust_held_out.jsonl"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ai hỏi vậy", "UBND xã thử nhờ mình hỏi bà con ở Xã Thuận Hòa về “Đợt thử”"),
        ("hỏi chi vậy", "Để tính mức độ hài lòng"), ("có mất tiền không", "Không mất tiền"),
        ("trưởng ấp có biết tui trả lời gì không", "Trưởng ấp, cán bộ xã không xem được"),
        ("chê có bị cắt hộ nghèo hông", "Không bị gì"), ("mấy ông giữ cái gì của tui", "Mình giữ"),
        ("có bắt buộc không", "Không bắt buộc"), ("bao nhieu cau", "6 câu, chừng 2 phút"),
        ("cái này có phải lừa đảo hông", "Bà con nghi ngờ là đúng; muốn kiểm lại thì hỏi nhà văn hóa ấp"),
        ("chừng nào có kết quả", "Đợt này đóng"), ("mỗi nhà mấy phiếu", "Đợt này mỗi người một phiếu"),
        ("người hay máy vậy", "Mình là máy trả lời tự động"),
    ],
)  # fmt: skip
async def test_under_the_consent_question_the_answer_comes_first(village: Village, typed: str, first: str) -> None:
    mai = village.resident()
    await mai.starts(village.round().code)
    await mai.says(typed)
    answer, question = mai.heard[-2:]
    assert answer.title.startswith(first) and question.title == "Xin chào bà con!"
    assert not village.rows(Consent) and not village.rows(FaqQuestion)


async def test_in_mid_survey_the_question_stands_again_and_nothing_is_answered(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("ai hỏi vậy")
    answer, question = mai.heard[-2:]
    assert "UBND xã thử" in answer.title
    assert question.title == "Đường sá thế nào?" and not answers(village)


async def test_whether_mine_counts_is_told_from_my_ballot(village: Village) -> None:
    mai = village.resident()
    code = village.round().code
    await mai.enters(code)
    await mai.says("phiếu của tui có được đếm không")
    assert mai.heard[-2].title.startswith("Bà con chưa có phiếu nào")
    await mai.taps("Hài lòng")
    await mai.says("phiếu của tui có được đếm không")
    assert mai.heard[-2].title.startswith("Phiếu của bà con còn dở")
    lan = village.resident("1002")
    await lan.finishes(code)
    await lan.says("phiếu của tui có được đếm không")
    assert lan.last.title.startswith("Phiếu của bà con đã được ghi nhận")


async def test_a_household_round_says_one_ballot_for_each_household(village: Village) -> None:
    mai = village.resident()
    await mai.starts(village.round(counts="household", self_declared=True).code)
    await mai.says("moi nha duoc tra loi may phieu")
    assert mai.heard[-2].title.startswith("Đợt này mỗi hộ một phiếu")


async def test_without_a_round_it_says_so(village: Village) -> None:
    mai = village.resident()
    await mai.says("ai hỏi vậy")
    assert mai.last.title.startswith("Hiện chưa có đợt") and "UBND xã thử" in mai.last.text


async def test_after_an_answer_its_cost_is_meant(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("làm lại căn cước bị mất")
    await mai.says("có tốn tiền không")
    assert "căn cước" in mai.heard[-2].title.lower()


async def test_one_question_leads_to_the_next_by_a_button(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("ai hỏi vậy")
    await mai.taps("Có phải lừa đảo không?")
    assert mai.last.title.startswith("Bà con nghi ngờ là đúng")


async def test_the_topic_about_the_survey_is_told_from_the_round_too(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("menu")
    await mai.taps("Hỏi đáp", "Tổ công nghệ số, học kỹ năng số", "Về khảo sát mức độ hài lòng")
    assert mai.last.title.startswith("UBND xã thử nhờ mình hỏi") and "soha" not in mai.read


@pytest.mark.parametrize("language", ["en", "km"])
async def test_it_is_told_in_their_language(village: Village, language: str) -> None:
    john = village.resident(language=language)
    await john.starts(village.round().code)
    await john.says("ai hỏi vậy")
    assert "UBND xã thử" in john.heard[-2].title and "nhờ mình hỏi" not in john.heard[-2].title


def test_every_topic_has_examples_and_what_is_held_out_is_none_of_them() -> None:
    examples = load_examples(FOLDER / "trust.txt")
    assert {kind for kind, _ in examples} - {OTHER} == set(NEXT) - {"overview"}
    learnt = {fold(text) for _, text in examples}
    held_out = [json.loads(line)["text"] for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    assert len(held_out) >= 120 and [text for text in held_out if fold(text) in learnt] == []
