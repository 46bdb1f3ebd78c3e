from dataclasses import replace
from datetime import date

import pytest

from faq.content.check import check, check_guides, confusable
from faq.content.entries import load_none_examples
from faq.content.lessons import load_guides
from faq.content.topics import load_topics

TODAY = date(2026, 1, 1)


@pytest.fixture
def entry(entries):
    return next(entry for entry in entries if entry.id == "qr-payment")


def found(entry, entries, today=TODAY, none=()):
    others = tuple(other for other in entries if other.id != entry.id)
    return [str(finding) for finding in check([*others, entry], none, load_topics(), today) if finding.serious]


def test_the_shipped_entries_have_nothing_to_mend_but_dates(entries):
    assert [finding for finding in check(entries, load_none_examples(), load_topics(), TODAY) if finding.serious] == []


def test_an_entry_past_its_review_date_is_overdue(entry, entries):
    assert "quá hạn" in found(replace(entry, review_by=date(2025, 12, 31)), entries)[0]
    assert found(replace(entry, review_by=TODAY), entries) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sources": ()}, "qr-payment.md:1: không ghi nguồn"),
        ({"body": "a" * 751}, "dài 751 ký tự"),
        ({"neighbours": ("nowhere",)}, "không có mục lân cận “nowhere”"),
        ({"neighbours": ("qr-payment",)}, "không có mục lân cận “qr-payment”"),
        ({"examples": ("quét mã",) * 3}, "có 3 câu mẫu, cần ít nhất 40"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(entry, entries, change, told):
    (finding,) = found(replace(entry, **change), entries)
    assert told in finding


def test_a_marker_without_a_fact_is_named_by_its_line(entry, entries):
    (finding,) = found(replace(entry, body="Một. {1}\nHai. {99}", body_line=70), entries)
    assert finding == "qr-payment.md:71: chủ đề không có dữ kiện {99}"


def test_markers_do_not_count_towards_the_length(entry, entries):
    assert found(replace(entry, body="a" * 740 + " {1} {2} {3}"), entries) == []


def test_the_same_words_cannot_ask_for_two_topics_nor_for_none(entry, entries):
    taken = next(other for other in entries if other.id == "id-card").examples[0]
    (finding,) = found(replace(entry, examples=(*entry.examples, taken.upper() + "!!")), entries)
    assert "đã có trong id-card.md" in finding
    (finding,) = found(entry, entries, none=[entry.examples[0]])
    assert finding.startswith("none.txt: ")


def test_a_topic_without_entry_and_an_entry_without_topic_are_told(entries):
    findings = [str(finding) for finding in check(entries[1:], (), load_topics(), TODAY)]
    assert f"topics.json: chủ đề “{entries[0].id}” chưa có mục hỏi đáp" in findings
    findings = [str(finding) for finding in check([replace(entries[0], id="new")], (), load_topics(), TODAY)]
    assert any("không có chủ đề “new”" in finding for finding in findings)


def test_an_entry_without_source_is_only_remarked_where_no_fact_has_one(entries):
    unsourced = [finding for finding in check(entries, (), load_topics(), TODAY) if "nguồn" in finding.what]
    assert unsourced and not any(finding.serious for finding in unsourced)


def test_topics_that_are_taken_for_each_other_are_remarked_most_confused_first(few, index):
    confused = index.confused.copy()
    confused[:] = 0
    confused[0, 1], confused[2, 0], confused[3, 0] = len(few[0].examples) // 2, len(few[2].examples) // 4, 1
    findings = confusable(few, replace(index, confused=confused))
    assert [finding.place for finding in findings] == [f"{few[0].id}.md", f"{few[2].id}.md"]
    assert few[1].id in findings[0].what
    assert not any(finding.serious for finding in findings)


def test_a_figure_has_to_stand_in_a_fact_that_its_line_names(entry, entries):
    number = next(number for number, fact in enumerate(load_topics()[entry.id].facts, 1) if "73" not in fact)
    body = f"Gọi 1900 7373. {{{number}}}\nSau 73 ngày.\nHỏi trang gia-mao.com."
    told = found(replace(entry, body=body, body_line=70), entries)
    assert [one.split(":")[1] for one in told] == ["70", "70", "71", "72"]
    assert "“7373”" in told[1] and "“gia-mao.com”" in told[3]


def test_a_doubtful_fact_must_be_hedged(entries):
    topics = load_topics()
    entry = next(one for one in entries if topics[one.id].doubtful)
    (number, *_) = topics[entry.id].doubtful
    (finding,) = found(replace(entry, body=f"Chắc chắn như vậy. {{{number}}}"), entries)
    assert "dè dặt" in finding
    assert found(replace(entry, body=f"Có thể như vậy. {{{number}}}"), entries) == []


def test_a_marker_that_no_reader_would_want_to_see_is_told(entry, entries):
    (finding,) = found(replace(entry, body="Một, hai. {một}"), entries)
    assert "viết sai" in finding


def test_the_figures_of_a_lesson_stand_in_its_facts():
    guide = next(guide for guide in load_guides() if guide.id == "pay-by-qr")
    first = replace(guide.steps[0], body="Gọi 1900 7373.")
    told = [str(one) for one in check_guides([replace(guide, steps=(first, *guide.steps[1:]))], load_topics(), TODAY)]
    assert [one for one in told if "“7373”" in one and one.startswith(f"guides/pay-by-qr.md:{first.line}")]
