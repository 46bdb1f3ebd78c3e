"""Whatever is typed gets an answer or an honest none: never an error, wherever the conversation stands."""

import pytest
from village import Resident, Village

from storage.tables import Event

BAD = {
    "ten thousand letters": "alo cho tôi hỏi cái này chút nghen bà con ơi " * 222,
    "one endless word": "a" * 10_000,
    "no end of digits": "0123456789" * 1000,
    "only emoji": "🤔🙏😭👨‍👩‍👧‍👦🇻🇳" * 50,
    "chinese": "请问怎么办理暂住登记？",
    "khmer": "តើខ្ញុំត្រូវចុះឈ្មោះស្នាក់នៅយ៉ាងដូចម្តេច?",
    "arabic and hebrew": "كيف أسجل الإقامة؟ איך נרשמים",
    "controls": "làm\x00 sao\x07 đăng\x1b[31m ký\u202e tạm\u200b trú\ufeff\r\n?",
    "halves of pairs": "chào \ud83d bà con \udc00",
    "stacked marks": "t" + "\u0301" * 2000 + "ạm trú",
    "markup": "<script>alert(1)</script><b>làm sao</b> &amp; [x](http://a.b) *đậm* _nghiêng_ `mã` {0} %s {{7*7}}",
    "sql": "'; DROP TABLE person; -- \" OR 1=1 %_\\",
    "signs": "???!!!...@#$%^&*()_+{}|:<>~`",
    "blank": " \t\n\u00a0\u3000 ",
    "a token": "faq:yes:residence-registration.AAAAAAAAAAA",
    "slashes": "/" * 500,
    "a command of others": "/start@other_bot r_" + "x" * 500,
    "newlines": "\n" * 5000 + "tạm trú",
    "mathematical letters": "𝓵à𝓶 𝓼𝓪𝓸 đă𝓷𝓰 𝓴ý 𝓽ạ𝓶 𝓽𝓻ú",
    "a huge number": "9" * 400,
    "digits of others": "٣ ३ ៣ ３ ² ½ Ⅷ ①",
}


async def nowhere(mai: Resident) -> None:
    return None


async def asked(mai: Resident) -> None:
    await mai.enters(mai.village.round().code)


async def asked_for_a_number(mai: Resident) -> None:
    await asked(mai)
    await mai.taps("Hài lòng", "Xong câu này")


async def in_a_lesson(mai: Resident) -> None:
    await mai.starts("g_pay-by-qr")
    await mai.taps("Bắt đầu học")


async def asking_a_person(mai: Resident) -> None:
    mai.village.settle(mai.address)
    await mai.says("gặp người")


@pytest.mark.parametrize("go", [nowhere, asked, asked_for_a_number, in_a_lesson, asking_a_person])
async def test_bad_input_is_answered(village: Village, go: object) -> None:
    mai = village.resident()
    await go(mai)  # type: ignore[operator]
    error = village.shared.catalogue.say("vi", "help.error")
    for name, text in BAD.items():
        before = len(mai.heard)
        await mai.says(text)
        assert len(mai.heard) > before and mai.last.text != error, name
    assert {event.state for event in village.rows(Event)} <= {"done", "new"}
    await mai.says("menu")
    assert mai.last.title == "Mình giúp được gì cho bà con?"


async def test_control_characters_do_not_hide_a_question(village: Village) -> None:
    mai = village.resident()
    for name in ("controls", "mathematical letters"):
        await mai.says(BAD[name])
        assert mai.last.title == "Đăng ký thường trú, tạm trú, lưu trú", name
