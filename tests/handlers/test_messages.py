"""Messages fitted to channels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.channel import TelegramChannel, keyboard, render
from bot.channels.web import WebChannel
from handlers.catalogue import LANGUAGES
from handlers.fitting import plan, split
from handlers.messages import Attachment, Capabilities, Choice, Message, prefaced, quoted, utf16
from surveys.forms.xlsform import read_form, shipped_forms

TELEGRAM = TelegramChannel.capabilities
PLAIN = Capabilities(text_limit=2000, button_limit=0, label_limit=0)
FIVE = Capabilities(text_limit=2000, button_limit=5, label_limit=20)


def length(part: object) -> int:
    """UTF-16 units that Telegram counts: those of the text without its markup."""
    pieces = (getattr(part, name) for name in ("title", "text", "note"))
    return utf16("\n\n".join(piece for piece in pieces if piece))


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"t{number}", label) for number, label in enumerate(labels, 1))


def test_a_short_message_is_one_part_as_it_is() -> None:
    [part] = plan(Message("Chào", "Tựa", "Ghi chú", choices("Có", "Không"), replaces="7"), TELEGRAM)
    assert (part.text, part.title, part.note, part.replaces) == ("Chào", "Tựa", "Ghi chú", "7")
    assert [button.label for button in part.buttons] == ["Có", "Không"]


@pytest.mark.parametrize("letter", ["a", "ệ", "😀", "ខ្មែរ", "từ "])
@pytest.mark.parametrize("count", [4095, 4096, 4097, 20_000])
def test_long_text_is_split_below_4096_utf16_units_and_nothing_is_lost(letter: str, count: int) -> None:
    text = (letter * count)[:count]
    parts = plan(Message(text, "Tựa", "Ghi chú", choices("Có")), TELEGRAM)
    assert all(length(part) <= 4096 for part in parts)
    assert "".join(part.text for part in parts).replace(" ", "") == text.replace(" ", "")
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.title for part in parts] == ["Tựa"] + [""] * (len(parts) - 1)
    assert parts[-1].note == "Ghi chú"


def test_only_the_first_part_replaces_an_older_message() -> None:
    parts = plan(Message("x " * 5000, replaces="7"), TELEGRAM)
    assert [part.replaces for part in parts] == ["7"] + [""] * (len(parts) - 1)
    assert plan(Message("x", replaces="7"), PLAIN)[0].replaces == ""


@given(st.text(min_size=0, max_size=300), st.integers(10, 60))
def test_split_pieces_fit_and_keep_every_letter(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(utf16(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_channel_without_buttons_gets_a_numbered_list() -> None:
    [part] = plan(Message("Câu hỏi", choices=choices("Có", "Không")), PLAIN)
    assert part.text == "Câu hỏi\n\n1. Có\n2. Không" and part.buttons == ()


def test_labels_too_long_for_buttons_are_numbered_and_the_buttons_carry_the_numbers() -> None:
    [part] = plan(Message("", choices=choices("Ngắn", "Một câu trả lời rất là dài dòng")), FIVE)
    assert part.text == "1. Ngắn\n2. Một câu trả lời rất là dài dòng"
    assert [(button.label, button.token) for button in part.buttons] == [("1", "t1"), ("2", "t2")]


def test_more_choices_than_buttons_leave_the_list_alone() -> None:
    [part] = plan(Message("", choices=choices(*"abcdef")), FIVE)
    assert part.text.endswith("6. f") and part.buttons == ()


def test_ticks_and_links_show_in_the_list() -> None:
    ticked = Choice("t1", "Đèn đường", selected=True)
    link = Choice("", "Trang kết quả", url="https://xa.example/ket-qua")
    [part] = plan(Message("", choices=(ticked, link)), PLAIN)
    assert part.text == "1. ☑ Đèn đường\nTrang kết quả: https://xa.example/ket-qua"


def test_attachments_go_only_where_they_can() -> None:
    paper = Attachment("bien-ban.pdf", "application/pdf", b"%PDF")
    assert plan(Message("x", attachment=paper), PLAIN)[0].attachment is None
    able = Capabilities(2000, 0, 0, attachments=True)
    assert plan(Message("x", attachment=paper), able)[0].attachment is paper


def test_a_message_survives_the_ledger() -> None:
    message = Message(
        "Chữ",
        "Tựa",
        "Ghi",
        (Choice("t", "Có", selected=True, aside=True), Choice("", "Mở", url="https://xa.example")),
        "number",
        (2, 9),
        "77",
        urgency="broadcast",
    )
    assert Message.from_dict(message.to_dict()) == message
    assert Message.from_dict(Message("x").to_dict()) == Message("x")


def test_a_preface_stands_before_the_text_and_alone_without_one() -> None:
    assert prefaced(Message("b"), "a").text == "a\n\nb"
    assert prefaced(Message("", "T"), "a").text == "a"


def test_what_was_typed_is_repeated_on_one_short_line() -> None:
    assert quoted("a\n b\t c") == "a b c"
    assert len(quoted("x" * 500)) == 40


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(shipped_forms()))
def test_every_shipped_question_fits_one_telegram_message_with_its_own_buttons(name: str, language: str) -> None:
    form = read_form(shipped_forms()[name])
    for question in form.questions:
        labels = [form.text(option.label, language) for option in question.options]
        message = Message(
            form.text(question.hint, language),
            form.text(question.label, language),
            "x" * 200,
            choices(*labels),
        )
        [part] = plan(message, TELEGRAM)
        assert length(part) <= 1000, question.name  # one screen of a phone
        assert [button.label for button in part.buttons] == labels, question.name
        assert keyboard(part.buttons) is None or len(render(part)) < 4096


def test_a_way_out_of_a_typed_question_has_no_number_where_there_are_no_buttons() -> None:
    choices = (Choice("a", "◀ Quay lại", aside=True), Choice("b", "Bỏ qua", aside=True))
    [part] = plan(Message(text="Bà con bao nhiêu tuổi?", choices=choices, accepts="number"), PLAIN)
    assert "1." not in part.text and "“Quay lại” · “Bỏ qua”" in part.text
    [listed] = plan(Message(text="Hài lòng không?", choices=(Choice("c", "Hài lòng"), *choices)), PLAIN)
    assert "1. Hài lòng\n2. ◀ Quay lại\n3. Bỏ qua" in listed.text


def test_a_link_that_a_channel_cannot_open_is_left_out() -> None:
    dial = Choice("", "Gọi 114", url="tel:114")
    message = Message("Gọi 114.", choices=(dial, Choice("", "Trang", url="https://xa.example"), *choices("Báo")))
    [part] = plan(message, TELEGRAM)
    assert [button.label for button in part.buttons] == ["Trang", "Báo"]
    [part] = plan(message, WebChannel.capabilities)
    assert part.buttons[0] == dial
    [part] = plan(message, PLAIN)
    assert "tel:" not in part.text and "https://xa.example" in part.text
