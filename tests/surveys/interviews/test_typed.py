"""Typed answers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.form import Form, Option, Question, Value
from surveys.interviews.typed import Misread, match_options, read_answer
from vietnamese.folding import fold

FORM = Form("f", {"vi": "F"}, (), ("vi", "en", "km"))
TODAY = date(2026, 11, 20)
SATISFIED = (
    Option("hai_long", {"vi": "Hài lòng", "en": "Satisfied", "km": "ពេញចិត្ត"}, True),
    Option("chua_hai_long", {"vi": "Chưa hài lòng", "en": "Not satisfied", "km": "មិនទាន់ពេញចិត្ត"}, False),
)
YES_NO = (
    Option("co", {"vi": "Có", "en": "Yes"}),
    Option("khong", {"vi": "Không", "en": "No"}),
    Option("khong_ro", {"vi": "Không rõ", "en": "Not sure"}),
)
TROUBLE = (Option("khong", {"vi": "Không"}, True), Option("co", {"vi": "Có"}, False))
SCALE = tuple(
    Option(str(number), {"vi": label})
    for number, label in enumerate(
        ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"], 1
    )
)
WAYS = (
    Option("tai_xa", {"vi": "Đến xã làm", "en": "At the commune office"}),
    Option("tren_mang", {"vi": "Làm trên mạng", "en": "Online"}),
    Option("nho_lam", {"vi": "Nhờ người làm giùm", "en": "Someone did it for me"}),
    Option("chua_lam", {"vi": "Lâu nay chưa làm", "en": "None lately"}),
)
USED = (
    Option("da", {"vi": "Đã nhờ giúp"}),
    Option("co_biet", {"vi": "Biết, chưa nhờ"}),
    Option("khong", {"vi": "Không biết"}),
)
NETWORK = (
    Option("internet", {"vi": "Internet và wifi"}),
    Option("phone", {"vi": "Điện thoại"}),
    Option("loud", {"vi": "Loa, đài"}),
    Option("none", {"vi": "Không có gì"}),
)


def names(options: tuple[Option, ...], text: str, language: str = "vi") -> list[str]:
    return [option.name for option in match_options(options, text, language, FORM)]


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "số 1",
        "câu 1",
        "1.",
        "(1)",
        "1 nha",
        "đáp án 1",
        "một",
        "Hài lòng",
        "HÀI LÒNG",
        "hai long",
        "hài lòng ạ",
        "dạ hài lòng",
        "tôi hài lòng",
        "rất hài lòng",
        "hài lòng lắm luôn",
        "hailong",
        "hai lonh",
        "hài lòg",
        "satisfied",
        "hai_long",
        "ពេញចិត្ត",
        "dạ có",
        "có",
        "ok",
        "👍",
        "hài lòng.",
        "hai long nha con",
    ],
)
def test_the_satisfied_answer_as_people_type_it(text: str) -> None:
    assert names(SATISFIED, text) == ["hai_long"]


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "số 2",
        "số hai",
        "Chưa hài lòng",
        "chua hai long",
        "khong hai long",
        "ko hai long",
        "hông hài lòng",
        "k hài lòng",
        "chưa",
        "không",
        "ko",
        "chưa hài lòng lắm",
        "tôi chưa được hài lòng lắm",
        "not satisfied",
        "chưa thật sự hài lòng",
        "dạ chưa hài lòng",
        "hổng hài lòng",
        "khum hài lòng",
        "chuahailong",
        "chua hai logn",
        "មិនទាន់ពេញចិត្ត",
        "chua_hai_long",
        "dạ không",
        "👎",
        "chưa hài",
    ],
)
def test_the_dissatisfied_answer_as_people_type_it(text: str) -> None:
    assert names(SATISFIED, text) == ["chua_hai_long"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "3",
        "0",
        "12",
        "đường xấu quá",
        "không phải là không hài lòng",
        "xin chào",
        "?",
        "...",
        "hài hước",
        "hài lòng về đường nhưng chưa hài lòng về điện",
        "chu hai long",
        "x" * 5000,
        "hài lòng không?",
    ],
)
def test_what_is_no_answer_is_taken_for_none(text: str) -> None:
    assert names(SATISFIED, text) == []


def test_a_number_word_that_also_begins_a_label_is_ambiguous() -> None:
    assert set(names(SATISFIED, "hai")) == {"hai_long", "chua_hai_long"}


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        (YES_NO, "dạ có", ["co"]),
        (YES_NO, "ừ", ["co"]),
        (YES_NO, "ko", ["khong"]),
        (YES_NO, "dạ không", ["khong"]),
        (YES_NO, "không rõ", ["khong_ro"]),
        (YES_NO, "ko ro", ["khong_ro"]),
        (YES_NO, "3", ["khong_ro"]),
        (YES_NO, "yes", ["co"]),
        (YES_NO, "not sure", ["khong_ro"]),
        (TROUBLE, "dạ có", ["co"]),
        (TROUBLE, "dạ không", ["khong"]),
        (SCALE, "5", ["5"]),
        (SCALE, "rất hài lòng", ["5"]),
        (SCALE, "hài lòng", ["4"]),
        (SCALE, "ko hai long", ["2"]),
        (SCALE, "rat khong hai long", ["1"]),
        (SCALE, "rất không", ["1"]),
        (SCALE, "binh thuog", ["3"]),
        (SCALE, "rất", ["5"]),
        (SCALE, "mức 4", ["4"]),
        (WAYS, "trên mạng", ["tren_mang"]),
        (WAYS, "lam tren mag", ["tren_mang"]),
        (WAYS, "online", ["tren_mang"]),
        (WAYS, "đến xã", ["tai_xa"]),
        (WAYS, "nhờ ng", ["nho_lam"]),
        (WAYS, "lâu nay chưa", ["chua_lam"]),
        (WAYS, "tren_mang", ["tren_mang"]),
        (WAYS, "ba", ["nho_lam"]),
        (WAYS, "làm", ["tren_mang"]),
        (USED, "đã nhờ", ["da"]),
        (USED, "chưa nhờ", ["co_biet"]),
        (USED, "không biết", ["khong"]),
        (USED, "hông biết", ["khong"]),
        (USED, "biết", []),
        (USED, "co_biet", ["co_biet"]),
    ],
)
def test_other_choices_as_people_type_them(options: tuple[Option, ...], text: str, expected: list[str]) -> None:
    assert names(options, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,3,4", ["internet", "loud", "none"]),
        ("1 3", ["internet", "loud"]),
        ("3 và 1", ["internet", "loud"]),
        ("1;2", ["internet", "phone"]),
        ("1.2", ["internet", "phone"]),
        ("điện thoại, loa", ["phone", "loud"]),
        ("Internet và wifi", ["internet"]),
        ("internet va wifi; dien thoai", ["internet", "phone"]),
        ("Loa, đài", ["loud"]),
        ("wifi và điện thoại", ["internet", "phone"]),
        ("2,2", ["phone"]),
        ("1, 9", "not_an_option"),
        ("ba con vịt", "not_an_option"),
        (",", "not_an_option"),
    ],
)
def test_several_answers_at_once(text: str, expected: list[str] | str) -> None:
    question = Question("q", "select_multiple", {"vi": "Q"}, options=NETWORK)
    result = read_answer(question, NETWORK, text, form=FORM, language="vi", today=TODAY)
    assert result == (Misread(expected) if isinstance(expected, str) else expected)


NOT_A_NUMBER, NOT_A_DATE = Misread("not_a_number"), Misread("not_a_date")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("integer", "5", 5),
        ("integer", "-3", -3),
        ("integer", "1.200", 1200),
        ("integer", "1,200", 1200),
        ("integer", "1 200", 1200),
        ("integer", "bảy mươi", 70),
        ("integer", "70t", 70),
        ("integer", "dạ 4 người", 4),
        ("integer", "3,0", 3),
        ("integer", "1,5", NOT_A_NUMBER),
        ("integer", "2-3 người", NOT_A_NUMBER),
        ("integer", "nhiều lắm", NOT_A_NUMBER),
        ("integer", "9" * 40, NOT_A_NUMBER),
        ("integer", "1e5", NOT_A_NUMBER),
        ("decimal", "1,5", 1.5),
        ("decimal", "1.5", 1.5),
        ("decimal", "0.500", 0.5),
        ("decimal", "1.200", 1200),
        ("decimal", "1.200,5", 1200.5),
        ("decimal", "1,200.5", 1200.5),
        ("decimal", "1,5 ha", 1.5),
        ("decimal", "2,5 triệu", NOT_A_NUMBER),
        ("decimal", "nan", NOT_A_NUMBER),
        ("decimal", "inf", NOT_A_NUMBER),
        ("date", "20/11/2026", "2026-11-20"),
        ("date", "20-11-2026", "2026-11-20"),
        ("date", "2026-11-20", "2026-11-20"),
        ("date", "1.2.2026", "2026-02-01"),
        ("date", "ngày 2 tháng 9 năm 2025", "2025-09-02"),
        ("date", "hôm nay", "2026-11-20"),
        ("date", "bữa qua", "2026-11-19"),
        ("date", "31/2/2026", NOT_A_DATE),
        ("date", "20/11", NOT_A_DATE),
        ("date", "mai mốt", NOT_A_DATE),
        ("text", "  đường xấu\x00  ", "đường xấu"),
        ("text", "   ", None),
        ("text", "a" * 1000, "a" * 1000),
        ("text", "a" * 1001, Misread("too_long")),
    ],
)
def test_numbers_dates_and_texts(kind: str, text: str, expected: Value | Misread) -> None:
    question = Question("q", kind, {"vi": "Q"})  # type: ignore[arg-type]
    result = read_answer(question, (), text, form=FORM, language="vi", today=TODAY)
    assert result == expected
    assert type(result) is type(expected)


@given(st.text(max_size=60), st.sampled_from([SATISFIED, YES_NO, SCALE, WAYS, NETWORK]))
def test_whatever_is_typed_reading_never_fails(text: str, options: tuple[Option, ...]) -> None:
    for kind in ("select_one", "select_multiple", "integer", "decimal", "date", "text", "acknowledge"):
        question = Question("q", kind, {"vi": "Q"}, options=options)  # type: ignore[arg-type]
        read_answer(question, options, text, form=FORM, language="vi", today=TODAY)


@given(st.sampled_from(["không", "ko", "chưa", "hông", "chẳng"]), st.text("aáàảãạđêioư lnghm", max_size=12))
def test_a_negation_is_never_read_as_satisfied(negation: str, rest: str) -> None:
    assert "hai_long" not in names(SATISFIED, f"{negation} {rest}")
    assert fold(negation)


LEVELS = tuple(
    Option(str(number), {"vi": label})
    for number, label in (
        (5, "5 – Rất hài lòng"),
        (4, "4 – Hài lòng"),
        (3, "3 – Bình thường"),
        (2, "2 – Không hài lòng"),
        (1, "1 – Rất không hài lòng"),
    )
)
POINTS = tuple(Option(f"d{number}", {"vi": f"{number} điểm"}) for number in (5, 4, 3, 2, 1))
NAMED = tuple(Option(str(number), {"vi": label}) for number, label in ((3, "Tốt"), (2, "Được"), (1, "Chưa tốt")))
AGES = tuple(
    Option(name, {"vi": label}) for name, label in (("tre", "18–30 tuổi"), ("gia", "Trên 60 tuổi"), ("x", "Khác"))
)


@pytest.mark.parametrize(
    ("options", "text", "meant"),
    [
        (LEVELS, "5", ["5"]), (LEVELS, "1", ["1"]), (LEVELS, "4", ["4"]), (LEVELS, "mức 5", ["5"]),
        (LEVELS, "số 4", ["4"]), (LEVELS, "năm", ["5"]), (LEVELS, "6", []),
        (POINTS, "5", ["d5"]), (POINTS, "4", ["d4"]), (POINTS, "1", ["d1"]), (POINTS, "5 điểm", ["d5"]),
        (SCALE, "5", ["5"]), (NAMED, "1", ["1", "3"]), (NAMED, "2", ["2"]), (AGES, "2", ["gia"]),
    ],
)  # fmt: skip
def test_a_figure_that_stands_in_labels_means_that_label(
    options: tuple[Option, ...], text: str, meant: list[str]
) -> None:
    assert sorted(names(options, text)) == sorted(meant)


def test_a_figure_that_is_both_a_number_shown_and_a_label_is_asked_about() -> None:
    both = match_options(LEVELS, "5", "vi", FORM, numbered=True)
    assert {option.name for option in both} == {"5", "1"}
    assert [option.name for option in match_options(LEVELS, "3", "vi", FORM, numbered=True)] == ["3"]
