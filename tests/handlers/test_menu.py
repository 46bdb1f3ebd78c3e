"""The menu, the help, and a stop in one tap."""

from village import Village

from handlers.menu import COMMANDS
from storage.tables import Person


async def test_the_menu_names_everything_there_is(village: Village) -> None:
    mai = village.resident()
    await mai.says("menu")
    say = village.shared.catalogue.say
    assert mai.labels == [say("vi", f"menu.{name}") for name in (*COMMANDS[1:], "stop")]


async def test_every_line_of_the_menu_leads_somewhere(village: Village) -> None:
    code = village.round().code
    for number, line in enumerate(COMMANDS[1:]):
        mai = village.resident(str(number))
        await mai.enters(code)
        await mai.says("menu")
        await mai.taps(village.shared.catalogue.say("vi", f"menu.{line}"))
        assert mai.last.title or mai.last.text, line


async def test_free_text_that_fits_nothing_gets_an_honest_none(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("hôm nay trời mưa lớn quá")
    assert "chưa có câu trả lời" in mai.last.title and "Danh mục" in mai.labels


async def test_a_blank_message_is_answered(village: Village) -> None:
    mai = village.resident()
    await mai.says("   ")
    assert mai.last.title == "Xin chào bà con!"


async def test_a_stop_is_one_tap_in_the_menu(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("menu")
    await mai.taps("Ngừng nhận tin")
    assert village.rows(Person)[0].stopped and mai.labels == ["Dùng lại"]


async def test_a_stopped_person_gets_no_invitation_until_they_write_again(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.stops()
    assert village.open(village.draft("Đợt hai").id) == 0
    await mai.says("chào")
    assert village.open(village.draft("Đợt ba").id) == 1


async def test_a_stop_said_twice_is_no_welcome(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.stops()
    await mai.says("dừng")
    assert "Mừng bà con" not in mai.last.text and village.rows(Person)[0].stopped


async def test_a_block_that_the_platform_reports_is_not_answered(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    said = len(mai.heard)
    await mai.does(kind="stop", silent=True)
    assert len(mai.heard) == said and village.rows(Person)[0].stopped
    await mai.does(kind="start", silent=True)
    assert len(mai.heard) == said and not village.rows(Person)[0].stopped


async def test_every_word_of_every_command_is_understood(village: Village) -> None:
    command = village.shared.catalogue.command
    assert command("DANH MUC") == "menu" and command("  Giúp đỡ ") == "help"
    assert command("dừng") == "stop" and command("Dừng") == "stop"
    assert command("dung") == "" and command("đúng") == "" and command("đừng") == ""
    assert command("ma") == "" and command("mã") == "code"
    assert command("menu " * 20) == ""
