import pytest
from effort import effort
from hypothesis import given, settings
from hypothesis import strategies as st

from places.find import find, find_within, places_json
from places.units import Territory
from vietnamese.folding import fold

# What people type, and the commune that must come first.
FIRST = [
    # today's names
    ("thuan hoa", "31582"),
    ("Thuận Hòa", "31582"),
    ("Thuận Hoà", "31582"),
    ("xã thuận hòa", "31582"),
    ("x. thuan hoa", "31582"),
    ("xa Thuan Hoa huyen Chau Thanh", "31582"),
    ("thuan hoa soc trang", "31582"),
    ("thuan hoa, can tho", "31582"),
    ("an thanh", "31615"),
    ("An Thạnh, Cù Lao Dung", "31615"),
    ("xà phiên", "31495"),
    ("phuong binh", "31426"),
    ("Phường An Bình", "31150"),
    ("phú lợi", "31510"),
    ("ninh kieu", "31135"),
    ("q. ninh kieu", "31135"),
    ("soc trang", "31507"),
    ("nga bay", "31340"),
    ("ngã 7", "31340"),
    ("nga 5", "31732"),
    ("co do", "31261"),
    ("ke sach st", "31528"),
    ("tp cần thơ", "92"),
    # old names
    ("phú tân, châu thành, sóc trăng", "31582"),
    ("Xã Phú Tân (cũ), H. Châu Thành, T. Sóc Trăng", "31582"),
    ("soc trang chau thanh phu tan", "31582"),
    ("phu tan chau thanh hau giang", "31378"),
    ("an thanh nhat", "31615"),
    ("An Thạnh Nhất", "31615"),
    ("an thanh nhut", "31615"),
    ("an thanh 1 cu lao dung", "31615"),
    ("An Thạnh Đông", "31615"),
    ("an thanh 3", "31633"),
    ("an thanh nam", "31633"),
    ("đại ân 1", "31633"),
    ("dai an 2", "31673"),
    ("thuan hoa long my hau giang", "31495"),
    ("phu huu long phu", "31654"),
    ("hung phu my tu", "31579"),
    ("chau thanh soc trang", "31569"),
    ("thạnh phú mỹ xuyên", "31708"),
    ("x.Hồ Đắc Kiện - H.Châu Thành - T.Sóc Trăng", "31570"),
    ("mot ngan", "31342"),
    ("Nhơn Nghĩa A", "31342"),
    ("p1 soc trang", "31510"),
    ("phuong 1 vinh chau", "31783"),
    ("phường 2 ngã năm", "31732"),
    ("p3 vi thanh", "31321"),
    ("phuong iii vị thanh", "31321"),
    # what was said beside the name decides
    ("cu lao dung", "31633"),
    ("xã cù lao dung", "31633"),
    ("thị trấn cù lao dung", "31615"),
    ("tt cu lao dung", "31615"),
    ("Vĩnh Thạnh", "31232"),
    ("Vĩnh Thành", "31777"),
    ("thanh phu co do", "31249"),
    # parts, joined words, keys without an input method, slips
    ("lao dung", "31633"),
    ("hoi thuong", "31679"),
    ("ninh ki", "31135"),
    ("thuanhoa", "31582"),
    ("anthanh1", "31615"),
    ("thuaanj hoaf", "31582"),
    ("thua6n5 hoa2", "31582"),
    ("tuan hoa", "31582"),
    ("an thahn", "31615"),
    ("cu loa dung", "31633"),
    ("hồ đắc kiệm", "31570"),
    ("mi tu", "31567"),
    ("hoa thuan", "31582"),
    # in a sentence, with a hamlet
    ("tui ở thuận hòa hồi xưa là phú tân đó em", "31582"),
    ("dạ nhà con ở xã An Thạnh ạ", "31615"),
    ("ấp 3 xã thuận hòa huyện châu thành", "31582"),
    ("ap phuoc hoa, phu tan, chau thanh, soc trang", "31582"),
    # codes
    ("31582", "31582"),
    ("31618", "31615"),
    ("31615", "31615"),
]

NOTHING = [
    "", " ", "?", "xa", "phuong", "có", "ok", "thôi", "1", "123", "99999", "an", "asdfgh", "không biết",
    "xin chào", "dạ vâng", "hài lòng", "không hài lòng", "bình thường", "an toàn", "rất tốt", "ha noi", "/start",
    "tôi muốn đăng ký khai sinh", "cho em hỏi làm căn cước", "đường xấu quá", "👍", "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), FIRST)
def test_the_place_that_is_meant_comes_first(territory: Territory, typed: str, code: str) -> None:
    assert [match.place.code for match in find(territory, typed)][:1] == [code]


@pytest.mark.parametrize("typed", NOTHING)
def test_what_names_no_place_finds_none(territory: Territory, typed: str) -> None:
    assert find(territory, typed) == []


@pytest.mark.parametrize("typed", ["phu tan chau thanh", "Phú Tân, Châu Thành", "chau thanh phu tan", "xa phu tan cu"])
def test_the_two_phu_tan_are_both_offered_with_their_provinces(territory: Territory, typed: str) -> None:
    first, second, *_ = find(territory, typed)
    assert first.score == second.score
    assert {first.place.code: first.was[0].province, second.place.code: second.was[0].province} == {
        "31582": "Tỉnh Sóc Trăng",
        "31378": "Tỉnh Hậu Giang",
    }


def test_the_province_tells_the_two_phu_tan_apart(territory: Territory) -> None:
    assert [match.place.code for match in find(territory, "phu tan chau thanh soc trang")] == ["31582"]


def test_a_name_of_today_comes_before_the_same_name_of_old(territory: Territory) -> None:
    today, old = find(territory, "thuan hoa")
    assert (today.place.code, old.place.code) == ("31582", "31495")
    assert today.score > old.score
    assert [str(name) for name in old.was] == ["Xã Thuận Hòa (Huyện Long Mỹ, Tỉnh Hậu Giang)"]


def test_a_unit_that_went_to_two_places_offers_both(territory: Territory) -> None:
    assert {match.place.code for match in find(territory, "bui huu nghia")} == {"31120", "31168"}


def test_the_three_former_wards_number_one_are_all_offered(territory: Territory) -> None:
    assert {match.place.code for match in find(territory, "phường 1")} >= {"31510", "31732", "31783"}


def test_the_limit_is_kept(territory: Territory) -> None:
    assert len(find(territory, "phuong 1", limit=2)) == 2


def test_every_name_of_today_finds_its_place_with_and_without_accents(territory: Territory) -> None:
    for place in territory.communes():
        assert find(territory, place.name)[0].place == place
        assert find(territory, fold(place.name))[0].place == place


def test_every_former_name_in_full_finds_where_it_went(territory: Territory) -> None:
    for place in territory.communes():
        for name in place.former:
            found = find(territory, f"{name.name}, {name.district}, {name.province}")
            assert place in [match.place for match in found if match.score >= found[0].score - 0.1], str(name)


def test_a_query_is_no_more_work_than_counting_to_two_hundred_thousand(territory: Territory) -> None:
    queries = [typed for typed, _ in FIRST]
    assert effort(lambda: [find(territory, query) for query in queries]) / len(queries) < 2


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=80) | st.text(st.sampled_from("anthuhpxoc123 ,.ấạ"), max_size=80))
def test_no_text_makes_finding_raise_and_scores_are_shares(territory: Territory, text: str) -> None:
    for match in find(territory, text):
        assert 0 <= match.score <= 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("1", "Ấp 1 (mẫu)"),
        ("ấp 2", "Ấp 2 (mẫu)"),
        ("ap 2 xa thuan hoa", "Ấp 2 (mẫu)"),
        ("ấp ba", "Ấp 3 (mẫu)"),
        ("ap4", "Ấp 4 (mẫu)"),
        ("Ấp 7, Phú Tân", "Ấp 7 (mẫu)"),
        ("Ấp 1 (mẫu)", "Ấp 1 (mẫu)"),
    ],
)
def test_a_hamlet_is_found_within_its_commune(territory: Territory, typed: str, name: str) -> None:
    commune = territory.by_code("31582")
    assert commune is not None
    assert [match.place.name for match in find_within(territory, commune.id, typed)] == [name]


@pytest.mark.parametrize("typed", ["ấp 9", "ap", "không biết", ""])
def test_a_hamlet_that_is_not_there_is_not_found(territory: Territory, typed: str) -> None:
    commune = territory.by_code("31582")
    assert commune is not None
    assert find_within(territory, commune.id, typed) == []


def test_the_json_names_code_province_and_old_names(territory: Territory) -> None:
    assert places_json(find(territory, "phu tan soc trang")) == {
        "places": [
            {
                "code": "31582",
                "name": "Xã Thuận Hòa",
                "level": "commune",
                "province": "Thành phố Cần Thơ",
                "was": ["Xã Phú Tân (Huyện Châu Thành, Tỉnh Sóc Trăng)"],
                "score": 0.94,
            }
        ]
    }
