"""A household's card in conversation: one ballot for each household, whoever answers, on whatever phone."""

import asyncio
import os
import re
import threading
from datetime import timedelta
from typing import Any

from village import AN_THANH, THUAN_HOA, YES_NO, Resident, Village, answers

from bot.channels.raw import Raw
from handlers.shared import SharedState
from places.register.issuing import Issued, issue, void_codes, void_household
from storage.database import Database
from storage.tables import Ballot, Holder, HouseholdCode, Interview, Participation, Person
from surveys.ballots.participation import cast_household
from surveys.forms.form import Form, Question
from surveys.organisation import Organisation
from surveys.results.results import score
from surveys.rounds.coverage import coverage
from surveys.secrecy.vault import Vault, household_tag

SHORT = Form(
    name="mot-cau",
    title={"vi": "Một câu"},
    languages=("vi",),
    questions=(
        Question(
            "chung", "select_one", {"vi": "Bà con hài lòng không?"}, required=True, options=YES_NO, role="overall"
        ),
    ),
)


def counted(village: Village, name: str = "Đợt hộ", **values: Any) -> Any:
    return village.round(name, counts="household", form=SHORT, **values)


async def votes(resident: Resident, card: Issued, answer: str = "Hài lòng") -> None:
    await resident.starts(f"h_{card.code.long}")
    if "Đồng ý" in resident.labels:
        await resident.taps("Đồng ý")
    if answer in resident.labels:  # not where the household's ballot is in
        await resident.taps(answer)


async def test_a_card_says_who_and_where_so_that_only_the_survey_is_asked(village: Village) -> None:
    open_round = counted(village)
    [card] = village.households("12")
    mai = village.resident("1")
    await mai.starts(f"h_{card.code.long}")
    assert "hộ số 12, Ấp 1 (mẫu), Xã Thuận Hòa" in mai.last.text and "Đồng ý" in mai.labels
    await mai.taps("Đồng ý")
    assert mai.last.title == "Bà con hài lòng không?"
    await mai.taps("Hài lòng")
    assert mai.last.title.startswith("Cảm ơn") and "hộ số 12" in mai.last.note
    [part], [ballot] = village.rows(Participation), village.rows(Ballot)
    assert (part.household_id, part.state, part.mode) == (card.household.id, "submitted", "self")
    assert part.unit_id == ballot.unit_id == village.unit(f"{THUAN_HOA}/Ấp 1 (mẫu)")
    assert ballot.tag == household_tag(village.vault.round_secret(open_round.code), card.household.id)
    assert not village.rows(Interview)


async def test_the_short_code_may_be_typed_in_any_channel(village: Village) -> None:
    counted(village)
    [card] = village.households("12")
    for address, channel in (("1", "telegram"), ("ba", "console"), ("c" * 32, "web")):
        mai = village.resident(address, channel=channel)
        await mai.says(card.code.short.lower().replace("-", " "))
        assert "Đây là thẻ của hộ số 12" in mai.last.text, channel
    assert len(village.rows(Holder)) == 3


async def test_a_second_phone_of_the_house_goes_on_with_the_same_ballot(village: Village) -> None:
    village.round("Đợt dài", counts="household")
    [card] = village.households("12")
    mai, ba = village.resident("1"), village.resident("2")
    await votes(mai, card, "Chưa hài lòng")
    await mai.taps("Chợ")
    await ba.starts(f"h_{card.code.long}")
    await ba.taps("Đồng ý")
    assert ba.last.title == "Xã cần gì trước?" and ba.button("Chợ").selected
    await ba.taps("Xong câu này")
    await mai.says("khảo sát")
    assert mai.last.title == "Nhà mấy người?"
    assert answers(village) == [{"duong": "khong", "can": ["cho"]}]


async def test_the_second_phone_sees_that_the_ballot_is_in_and_changes_that_one(village: Village) -> None:
    open_round = counted(village)
    [card] = village.households("12")
    mai, ba = village.resident("1"), village.resident("2")
    await votes(mai, card)
    await ba.starts(f"h_{card.code.long}")
    await ba.taps("Đồng ý")
    assert "đã được ghi nhận" in ba.last.text
    await ba.taps("Xem và sửa phiếu", "1", "Chưa hài lòng")
    assert answers(village) == [{"chung": "khong"}] and len(village.rows(Participation)) == 1
    assert village.close(open_round.id) == 1


async def test_one_phone_answers_for_many_households_one_ballot_each(village: Village) -> None:
    open_round = counted(village)
    cards = village.households("1", "2", "3")
    mai = village.resident("1")
    for card, answer in zip(cards, ("Hài lòng", "Chưa hài lòng", "Hài lòng"), strict=True):
        await votes(mai, card, answer)
    assert sorted(row["chung"] for row in answers(village)) == ["co", "co", "khong"]
    await mai.taps("Trả lời cho hộ khác")
    assert {label.split(",")[0] for label in mai.labels if label.startswith("hộ số")} == {
        "hộ số 1",
        "hộ số 2",
        "hộ số 3",
    }
    await mai.taps(next(label for label in mai.labels if label.startswith("hộ số 2,")), "Xem và sửa phiếu")
    assert "Chưa hài lòng" in mai.last.text
    assert village.close(open_round.id) == 3


async def test_an_old_button_of_one_household_never_answers_for_another(village: Village) -> None:
    counted(village)
    one, two = village.households("1", "2")
    mai = village.resident("1")
    await mai.starts(f"h_{one.code.long}")
    await mai.taps("Đồng ý")
    old = mai.button("Hài lòng").token
    await mai.starts(f"h_{two.code.long}")
    await mai.presses(old)
    assert "Nút này đã cũ" in mai.last.text and not village.rows(Ballot)


async def test_without_a_card_a_round_of_households_says_how_to_get_one(village: Village) -> None:
    open_round = counted(village)
    mai = village.resident("1")
    await mai.enters(open_round.code)
    assert mai.last.title == "Mời bà con đưa thẻ hộ" and "trưởng ấp" in mai.last.text
    await mai.says("tôi mất thẻ rồi")
    assert "chưa đọc được mã" in mai.last.text
    [card] = village.households("12")
    await mai.says(card.code.short)
    assert mai.last.title == "Bà con hài lòng không?" and not village.rows(Interview)


async def test_a_round_may_take_people_without_a_card_and_says_how_many(village: Village) -> None:
    open_round = counted(village, self_declared=True)
    [card] = village.households("12")
    mai, ba = village.resident("1"), village.resident("2")
    await mai.enters(open_round.code)
    await mai.taps("Hài lòng")
    await votes(ba, card)
    assert len(village.rows(Interview)) == len(village.rows(Participation)) == 1
    assert village.close(open_round.id) == 2
    note = village.database.read_now(lambda connection: score(connection, open_round.id)).to_json()["note"]
    assert "mỗi hộ một phiếu" in note and "1 phiếu là của người không có thẻ hộ" in note


async def test_who_shows_the_card_later_brings_their_ballot_into_the_household(village: Village) -> None:
    open_round = counted(village, self_declared=True)
    [card] = village.households("12")
    mai, ba = village.resident("1"), village.resident("2")
    for person, answer in ((mai, "Chưa hài lòng"), (ba, "Hài lòng")):
        await person.enters(open_round.code)
        await person.taps(answer)
    await mai.says(card.code.short)
    assert answers(village).count({"chung": "khong"}) == 1 and len(village.rows(Ballot)) == 2
    await ba.says(card.code.short)  # the household has one already: theirs gives way
    assert answers(village) == [{"chung": "khong"}] and not village.rows(Interview)
    assert village.close(open_round.id) == 1


async def test_void_unknown_mistyped_and_foreign_codes_get_one_clear_sentence_each(village: Village) -> None:
    open_round = counted(village)
    [card, other] = village.households("12", "13")
    [away] = village.households("5", hamlet=f"{AN_THANH}/Ấp 1 (mẫu)")
    with village.database.transaction() as connection:
        void_codes(connection, card.household.id, open_round.opens_at)
        void_household(connection, other.household, open_round.opens_at)
    mai = village.resident("1")
    for code in (card, other):
        for shown in (code.code.short, f"h_{code.code.long}"):
            await (mai.starts(shown) if shown.startswith("h_") else mai.says(shown))
            assert "đã hủy" in mai.last.text
    await mai.starts("h_" + "a" * 26)
    assert "không tìm thấy thẻ hộ nào" in mai.last.text
    letters = away.code.letters
    await mai.says(f"HO-{letters[:4]}-{letters[4:8]}-{letters[8:11]}{'B' if letters[11] == 'A' else 'A'}")
    assert "gõ nhầm" in mai.last.text
    await mai.starts(open_round.code)
    await mai.says(away.code.short)
    assert "“Đợt hộ” không hỏi ở đó" in mai.last.text and not village.rows(Ballot)


async def test_ten_wrong_codes_cost_an_hour_and_right_ones_cost_nothing(village: Village) -> None:
    counted(village)
    cards = village.households(*map(str, range(12)))
    mai, guesser = village.resident("1"), village.resident("2")
    for card in cards:
        await votes(mai, card)
    assert len(village.rows(Ballot)) == 12
    for _ in range(10):
        await guesser.starts("h_" + "b" * 26)
    await guesser.says(cards[0].code.short)
    assert "Hãy chờ một giờ" in guesser.last.text
    village.shared._guesses = {
        key: [moment - timedelta(hours=1) for moment in moments] for key, moments in village.shared._guesses.items()
    }
    await guesser.says(cards[0].code.short)
    assert "Đây là thẻ" in guesser.last.text


async def test_a_new_card_voids_the_old_one_and_lets_go_of_phones_that_showed_a_stolen_one(village: Village) -> None:
    open_round = counted(village)
    [card] = village.households("12")
    thief, mai = village.resident("1"), village.resident("2")
    await votes(thief, card, "Chưa hài lòng")
    with village.database.transaction() as connection:
        void_codes(connection, card.household.id, open_round.opens_at)
        [new] = issue(connection, village.shared.key, [card.household], "card", open_round.opens_at)
    await thief.says("khảo sát")
    assert thief.last.title == "Mời bà con đưa thẻ hộ" and not village.rows(Holder)
    await thief.says(card.code.short)
    assert "đã hủy" in thief.last.text
    await mai.starts(f"h_{new.code.long}")
    await mai.taps("Đồng ý", "Xem và sửa phiếu", "1", "Hài lòng")
    assert answers(village) == [{"chung": "co"}]


async def test_a_ballot_on_paper_is_neither_shown_nor_changed_on_a_phone(village: Village) -> None:
    open_round = counted(village)
    [card] = village.households("12")
    with village.database.transaction() as connection:
        secret = village.vault.round_secret(open_round.code)
        given = {"chung": "khong"}
        cast_household(
            connection,
            open_round.id,
            card.household.id,
            secret=secret,
            mode="paper",
            answers=given,
            now=open_round.opens_at,
        )
    mai = village.resident("1")
    await mai.starts(f"h_{card.code.long}")
    await mai.taps("Đồng ý")
    assert "đã có phiếu bằng giấy" in mai.last.text and "Xem và sửa phiếu" not in mai.labels
    await mai.says("1")
    assert answers(village) == [given]


async def test_a_households_ballot_is_carried_on_elsewhere_with_a_short_code(village: Village) -> None:
    village.round("Đợt dài", counts="household")
    [card] = village.households("12")
    mai = village.resident("1")
    await votes(mai, card, "Chưa hài lòng")
    await mai.says("mã tiếp tục")
    found = re.search(r"LN-[A-Z2-9]{4}-[A-Z2-9]{4}", mai.last.title)
    assert found
    ba = village.resident("ba", channel="console")
    await ba.says(found.group())
    assert "Đã nối" in ba.last.text and ba.last.title == "Xã cần gì trước?"
    await ba.says("cho")
    await mai.says("khảo sát")
    assert mai.last.title == ba.last.title == "Nhà mấy người?" and len(village.rows(Ballot)) == 1


async def test_two_phones_of_a_house_in_one_batch_are_answered_one_after_the_other(village: Village) -> None:
    counted(village)
    [card] = village.households("12")
    phones = [village.resident(str(number)) for number in (1, 2)]
    for phone in phones:
        await phone.starts(f"h_{card.code.long}")
        await phone.taps("Đồng ý")
    raws = [
        {"key": f"k{phone.address}", "address": phone.address, "kind": "choice", "choice": phone.button(label).token}
        for phone, label in zip(phones, ("Hài lòng", "Chưa hài lòng"), strict=True)
    ]
    await village.inbox.accept("telegram", [Raw(raw["key"], raw["address"], raw) for raw in raws])
    assert await village.inbox.work("telegram") == 2
    assert answers(village) == [{"chung": "co"}] and len(village.rows(Participation)) == 1


async def test_coverage_counts_households_before_the_close_and_after_it(village: Village) -> None:
    open_round = counted(village)
    cards = village.households("1", "2")
    mai, ba = village.resident("1"), village.resident("2")
    await votes(mai, cards[0])
    await votes(mai, cards[1])
    await ba.starts(f"h_{cards[0].code.long}")

    def handed_in() -> int:
        units = village.database.read_now(lambda connection: coverage(connection, open_round.id))
        return next(unit.ballots for unit in units if unit.name == "Ấp 1 (mẫu)")

    assert handed_in() == 2
    village.close(open_round.id)
    assert handed_in() == 2


async def test_who_deletes_their_data_takes_along_a_ballot_that_only_they_hold(village: Village) -> None:
    counted(village)
    one, two = village.households("1", "2")
    mai, ba = village.resident("1"), village.resident("2")
    await votes(mai, one)
    await votes(mai, two)
    await ba.starts(f"h_{one.code.long}")
    await mai.says("dữ liệu của tôi")
    assert "đang giữ thẻ của hộ số" in mai.last.text
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert len(village.rows(Person)) == 1 and len(village.rows(Holder)) == 1
    assert [row.household_id for row in village.rows(Participation)] == [one.household.id]


async def test_only_keyed_digests_of_the_codes_are_stored(village: Village) -> None:
    [card] = village.households("12")
    [row] = village.rows(HouseholdCode)
    assert card.code.long not in str(row) and card.code.letters not in str(row)
    assert len(row.digest) == len(row.short_digest) == 64


async def test_forty_threads_with_one_code_leave_one_ballot_each_round(village: Village) -> None:
    """LANGNGHE_VOTES=100 for the long form."""
    [card] = village.households("12")
    rounds = int(os.environ.get("LANGNGHE_VOTES", "2"))
    databases = [Database(village.url) for _ in range(4)]
    inboxes = []
    for database in databases:
        shared = SharedState(Vault(village.folder / "secrets"), Organisation("UBND xã thử"))
        inboxes.append(village.another_inbox(database, shared))
    for number in range(rounds):
        open_round = counted(village, f"Đợt {number}")
        start, done = threading.Barrier(40), []

        def vote(at: int, open_round: Any = open_round, start: Any = start, done: Any = done) -> None:
            start.wait()
            if at % 8 == 0:
                with databases[at % 4].transaction() as connection:
                    secret, given = village.vault.round_secret(open_round.code), {"chung": "co"}
                    mode, now = ("paper", "kiosk")[at % 16 == 0], open_round.opens_at
                    cast_household(
                        connection, open_round.id, card.household.id, secret=secret, mode=mode, answers=given, now=now
                    )
            else:
                channel = ("telegram", "console", "web")[at % 3]
                mai = Resident(village, f"{open_round.id:016x}{at:016x}", channel, "vi", inbox=inboxes[at % 4])
                asyncio.run(votes(mai, card, "Hài lòng" if at % 2 else "Chưa hài lòng"))
            done.append(at)

        threads = [threading.Thread(target=vote, args=(at,)) for at in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done) == list(range(40)), "nobody is answered with an error"
        for table in (Ballot, Participation):
            assert len([row for row in village.rows(table) if row.round_id == open_round.id]) == 1
        assert village.close(open_round.id) == 1
    for database in databases:
        database.close()
