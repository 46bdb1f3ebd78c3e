"""An answer that is said anew: on a page gone back to, in an edited message, in words."""

from village import Resident, Village, answers

from storage.tables import Ballot
from surveys.forms.form import Form, Question

TWO_TEXTS = Form(
    "hai-chu",
    {"vi": "Hai chữ"},
    (
        Question("a", "text", {"vi": "Vì sao chưa hài lòng về đường?"}, required=True),
        Question("b", "text", {"vi": "Vì sao chưa hài lòng về điện?"}, required=True),
        Question("n", "integer", {"vi": "Nhà mấy người?"}, required=True),
        Question("ga", "integer", {"vi": "Nuôi mấy con gà?"}, required=True),
    ),
    ("vi",),
)


async def on_page(village: Village, form: Form = TWO_TEXTS) -> Resident:
    mai = village.resident("browser", channel="web")
    await mai.starts(village.round("Hai chữ", form=form).code)
    await mai.taps("Đồng ý", "Ấp 1 (mẫu)")
    return mai


async def test_a_text_on_a_page_gone_back_to_corrects_that_pages_answer(village: Village) -> None:
    mai = await on_page(village)
    first = mai.last.asks
    await mai.does(text="đường ngập", shown=first)
    second = mai.last.asks
    await mai.does(text="đường ngập và tối", shown=first)
    assert answers(village) == [{"a": "đường ngập và tối"}]
    assert mai.last.title == "Vì sao chưa hài lòng về điện?"
    await mai.does(text="hay cúp", shown=second)
    third = mai.last.asks
    await mai.does(text="4", shown=third)
    await mai.does(text="5", shown=third)
    assert mai.last.title == "Nuôi mấy con gà?"
    assert answers(village) == [{"a": "đường ngập và tối", "b": "hay cúp", "n": 5}]


async def test_what_does_not_fit_on_a_page_gone_back_to_is_asked_there_again(village: Village) -> None:
    mai = await on_page(village)
    for text in ("ngập", "cúp"):
        await mai.does(text=text, shown=mai.last.asks)
    third = mai.last.asks
    await mai.does(text="4", shown=third)
    await mai.does(text="nhiều lắm", shown=third)
    assert mai.last.title == "Nhà mấy người?" and answers(village)[0]["n"] == 4


async def test_a_page_of_an_ended_ballot_corrects_it_and_one_of_another_round_leads_back(village: Village) -> None:
    mai = await on_page(village)
    first = mai.last.asks
    for text in ("ngập", "cúp", "4", "9"):
        await mai.does(text=text, shown=mai.last.asks)
    assert "đã được ghi nhận" in mai.last.title
    other = village.round("Đợt khác")
    await mai.starts(other.code)
    await mai.does(text="ngập sâu", shown=first)
    assert mai.last.title == "Đường sá thế nào?"
    assert [row.answers.get("a") for row in village.rows(Ballot)] == ["ngập sâu"]


async def test_a_page_that_was_forged_or_is_somebody_elses_answers_nothing(village: Village) -> None:
    mai = await on_page(village)
    for shown in ("ask:1:0.AAAAAAAAAAA", "ask:1:0", "x", mai.last.asks[:-1] + "_"):
        await mai.does(text="đường ngập", shown=shown)
        assert mai.last.title == "Vì sao chưa hài lòng về đường?"
    assert answers(village) == []


async def test_a_button_on_a_page_gone_back_to_answers_that_page(village: Village) -> None:
    mai = village.resident("browser", channel="web")
    await mai.enters(village.round().code)
    first, no = mai.last.asks, mai.button("Chưa hài lòng").token
    await mai.does(choice=mai.button("Hài lòng").token, shown=first)
    await mai.does(choice=no, shown=first)
    assert answers(village) == [{"duong": "khong"}] and mai.last.title == "Xã cần gì trước?"


async def test_an_edited_message_corrects_the_answer_it_was(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Hai chữ", form=TWO_TEXTS).code)
    await mai.does(kind="text", text="Đường ngập", ref="11")
    await mai.does(kind="text", text="Đường ngập, điện yếu", ref="11", edited=True)
    assert "Đã sửa" in mai.last.text and mai.last.title == "Vì sao chưa hài lòng về điện?"
    assert answers(village) == [{"a": "Đường ngập, điện yếu"}]
    await mai.does(kind="text", text="Đường ngập nặng", ref="11", edited=True)
    assert answers(village) == [{"a": "Đường ngập nặng"}]


async def test_an_edit_of_anything_else_is_told_that_it_was_not_taken(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Hai chữ", form=TWO_TEXTS).code)
    await mai.does(kind="text", text="Đường ngập", ref="11")
    await mai.does(kind="text", text="Cúp điện", ref="12")
    for edit in ({"text": "Đường tối", "ref": "11"}, {"text": "dừng", "ref": "3"}, {"text": "xóa hết", "ref": "4"}):
        await mai.does(kind="text", edited=True, **edit)
        assert "chưa tính" in mai.last.text and mai.last.title == "Nhà mấy người?"
    assert answers(village) == [{"a": "Đường ngập", "b": "Cúp điện"}]


async def test_words_under_a_picture_are_an_answer_and_the_picture_is_not_kept(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Hai chữ", form=TWO_TEXTS).code)
    await mai.does(kind="text", text="Chỗ này ngập", ref="12", pictured=True)
    assert "không giữ lại" in mai.last.text and answers(village) == [{"a": "Chỗ này ngập"}]


async def test_the_words_of_others_are_no_answer_and_no_order(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Hai chữ", form=TWO_TEXTS).code)
    for text in ("Đường ngập", "dạ", "dừng", "xóa hết", "1", "LN-ABCD-EFGH", "làm sao đăng ký tạm trú?"):
        await mai.does(kind="text", text=text, borrowed=True)
        assert mai.last.title == "Vì sao chưa hài lòng về đường?", text
    assert answers(village) == []


async def test_a_wish_to_mend_opens_the_ballot_at_that_question(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("tôi bấm nhầm")
    assert mai.last.title == "Đường sá thế nào?" and "quay lại" in mai.last.text
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("tui bấm lộn rồi")
    assert mai.last.title == "Xã cần gì trước?"
    await mai.says("sửa lại câu 1")
    assert mai.last.title == "Đường sá thế nào?"
    await mai.taps("Hài lòng")
    await mai.says("4")
    await mai.taps("Bỏ qua", "Hài lòng")
    await mai.says("tôi bấm nhầm")
    assert mai.last.title == "Phiếu của bà con"
    await mai.says("sửa lại câu 3")
    assert mai.last.title == "Nhà mấy người?"
    await mai.says("5")
    assert answers(village)[0]["nguoi"] == 5


async def test_a_code_is_read_as_people_say_it(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    for number, said in enumerate(
        ("{0}{1}", "{0} {1}", "ma la LN-{0}-{1}", "mã LN {0} {1}", "mã của tui là {0}{1} nha")
    ):
        while True:
            await mai.says("mã")
            code = mai.last.title.rpartition(" ")[2]
            if any(letter.isdigit() for letter in code):
                break
        page = village.resident(f"phone {number}", channel="web")
        await page.says(said.format(*code.lower().split("-")[1:]))
        assert page.last.title == "Xã cần gì trước?", said


async def test_a_word_of_eight_letters_is_no_code(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Hai chữ", form=TWO_TEXTS).code)
    await mai.says("nhatrang")
    assert answers(village) == [{"a": "nhatrang"}]


async def test_a_question_that_was_answered_can_be_looked_at_until_the_ballot_is_in(village: Village) -> None:
    mai, code = village.resident("browser", channel="web"), village.round().code
    await mai.enters(code)

    async def pressed(at: int) -> list[str] | None:
        page = await village.inbox.question_at("web", "browser", code, at)
        return page and [choice.label for choice in page.choices if choice.selected]

    assert await pressed(1) is None and await pressed(99) is None
    await mai.taps("Chưa hài lòng", "Bỏ qua")
    assert await pressed(0) == ["Chưa hài lòng"]
    assert await village.inbox.question_at("web", "stranger", code, 0) is None
    await mai.says("4")
    await mai.taps("Bỏ qua")
    await mai.says("ngập")
    await mai.taps("Hài lòng")
    assert await pressed(0) is None  # the phone may be in another hand by now


async def test_a_word_under_an_older_message_is_not_said_to_the_question_that_stands(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    for older in ("Đường sá thế nào?\n\nCâu 1/5", "Mã để làm tiếp nơi khác: LN-ABCD-EFGH"):
        await mai.does(kind="text", text="1", replies_to=older)
        assert answers(village) == [{"duong": "co"}] and mai.last.title == "Xã cần gì trước?"
    await mai.does(kind="text", text="1", replies_to="Xã cần gì trước?\n\nCâu 2/5")
    assert answers(village) == [{"duong": "co", "can": ["den"]}]
