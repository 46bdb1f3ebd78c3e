"""The feedback loop: what residents asked is seen by the editor, taught in one step, and answered without a restart."""

import pytest
from terminal import Run
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry, FaqExample, FaqQuestion

UNKNOWN = "con gà nhà hàng xóm gáy om sòm suốt đêm thì phải bán cho ai mua"


@pytest.mark.both_stores
async def test_an_unanswered_question_is_taught_and_answered_without_a_restart(run: Run, village: Village) -> None:
    village.settle("1001", "1002")
    mai, sau = village.resident(), village.resident("1002")
    await mai.says(UNKNOWN + ", tôi tên Nguyễn Thị Mẫu, 0912 345 678")
    await sau.says("con ga nha hang xom gay om som suot dem phai ban cho ai mua")
    await sau.says("giá lúa Đài Thơm hôm nay thương lái mua bao nhiêu một ký")
    group = run("faq", "review", "--json").json["groups"][0]
    assert group["asked"] == 2
    texts = [each["text"] for each in group["questions"]]
    assert not any("Mẫu" in text or "0912" in text for text in texts)
    assert group["questions"][0]["unit"] == "Xã Thuận Hòa"
    taught = run("faq", "learn", "feedback-complaint", group["questions"][0]["id"], "--alike")
    assert taught.out.count("feedback-complaint ←") == 2
    assert [row.state for row in village.rows(FaqQuestion)].count("learnt") == 2
    village.shared._looked = -99.0  # five seconds later
    await sau.says("con ga nha hang xom gay om som suot dem phai ban cho ai mua")
    assert sau.last.title == village.shared.library.entries["feedback-complaint"].title
    assert len(run("faq", "taught", "--json").json["examples"]) == 2
    assert run("faq", "unlearn", "1").code == 0 and len(village.rows(FaqExample)) == 1
    assert [entry.action for entry in village.rows(AuditEntry)] == ["faq.learn", "faq.unlearn"]


@pytest.mark.both_stores
async def test_a_disliked_answer_shows_which_and_can_be_dismissed(run: Run, village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says("làm sao đăng ký tạm trú?")
    await mai.taps("Chưa đúng ý")
    assert "đã trả lời residence-registration, chưa đúng ý" in run("faq", "review").out
    [group] = run("faq", "review", "--json").json["groups"]
    assert run("faq", "dismiss", group["questions"][0]["id"]).out.strip() == "đã bỏ 1 câu hỏi"
    assert run("faq", "review", "--json").json == {"groups": []}


@pytest.mark.both_stores
async def test_counts_by_topic_and_commune(run: Run, village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says("làm sao đăng ký tạm trú?")
    await mai.taps("Có ích")
    await mai.says(UNKNOWN)
    rows = run("faq", "counts", "--json").json["topics"]
    assert {"topic": "residence-registration", "unit": "Xã Thuận Hòa", "answered": 1, "suggested": 0, "unanswered": 0,
            "useful": 1, "not_useful": 0} in rows  # fmt: skip
    assert {row["topic"] for row in rows} == {"residence-registration", None}
    assert run("faq", "counts", "--unit", THUAN_HOA, "--json").json["topics"] == rows
    assert run("faq", "counts", "--unit", AN_THANH, "--json").json == {"topics": []}
    assert "residence-registration" in run("faq", "counts").out


def test_slips_are_named(run: Run, village: Village) -> None:
    for words, complaint in (
        (("learn", "khong-co", "1"), "không có chủ đề “khong-co”"),
        (("learn", "none", "abc"), "không có câu hỏi “abc”"),
        (("learn", "none", "xyz"), "không phải mã câu hỏi"),
        (("unlearn", "5"), "không có câu mẫu số 5"),
    ):
        done = run("faq", *words)
        assert done.code == 1 and complaint in done.err and done.out == ""
    assert not village.rows(FaqExample)
