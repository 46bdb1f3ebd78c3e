from datetime import date

import pytest
from sqlalchemy import Connection, func, select, update

from places.sample import load_sample
from places.units import Territory, load_shipped
from storage.tables.territory import FormerUnit, Unit


def commune(territory: Territory, code: str) -> int:
    place = territory.by_code(code)
    assert place is not None
    return place.id


def test_the_shipped_territory_is_can_tho_with_its_103_communes(conn: Connection) -> None:
    assert load_shipped(conn) == 104
    territory = Territory.read(conn)
    (province,) = territory.children(None)
    assert (province.code, province.name, province.level) == ("92", "Thành phố Cần Thơ", "province")
    assert len(territory.children(province.id)) == len(territory.communes()) == 103
    assert conn.execute(select(func.count()).select_from(FormerUnit)).scalar_one() == 266


def test_loading_again_changes_nothing(conn: Connection) -> None:
    load_sample(conn)
    before = conn.execute(select(Unit)).all(), conn.execute(select(FormerUnit)).all()
    assert load_shipped(conn) == 0
    load_sample(conn)
    assert (conn.execute(select(Unit)).all(), conn.execute(select(FormerUnit)).all()) == before


def test_figures_somebody_entered_survive_loading_again(conn: Connection) -> None:
    load_shipped(conn)
    conn.execute(update(Unit).where(Unit.code == "31582").values(households=7000))
    load_shipped(conn)
    territory = Territory.read(conn)
    assert territory.households(commune(territory, "31582")) == 7000


def test_a_re_used_code_means_what_it_means_today(territory: Territory) -> None:
    place = territory.by_code("31582")
    assert place is not None and place.name == "Xã Thuận Hòa"
    assert [(name.code, name.name, name.district, name.province) for name in place.former] == [
        ("31576", "Xã Thuận Hòa", "Huyện Châu Thành", "Tỉnh Sóc Trăng"),
        ("31582", "Xã Phú Tân", "Huyện Châu Thành", "Tỉnh Sóc Trăng"),
    ]


def test_cu_lao_dung_of_today_does_not_hold_the_town_of_that_name(territory: Territory) -> None:
    today = territory[commune(territory, "31633")]
    assert today.name == "Xã Cù Lao Dung"
    assert "Thị trấn Cù Lao Dung" not in {name.name for name in today.former}
    assert "Thị trấn Cù Lao Dung" in {name.name for name in territory[commune(territory, "31615")].former}


def test_a_unit_that_went_to_two_is_known_to_have_gone_in_part(territory: Territory) -> None:
    parts = {name.whole for place in territory.places for name in place.former if name.code == "31178"}
    assert parts == {False}


def test_a_code_is_looked_up_on_a_day(conn: Connection) -> None:
    load_shipped(conn)
    conn.execute(update(Unit).where(Unit.code == "31582").values(valid_to=date(2026, 7, 1)))
    territory = Territory.read(conn)
    assert territory.by_code("31582") is None
    assert territory.by_code("31582", date(2025, 6, 30)) is None
    assert territory.by_code("31582", date(2025, 7, 1)) is not None
    assert territory.by_code("31582", date(2026, 6, 30)) is not None
    assert territory.by_code("31582", date(2026, 7, 1)) is None


def test_a_unit_covers_itself_and_what_lies_in_it(territory: Territory) -> None:
    thuan_hoa, an_thanh, province = (commune(territory, code) for code in ("31582", "31615", "92"))
    hamlet = territory.hamlets(thuan_hoa)[0]
    assert territory.covers(thuan_hoa, thuan_hoa)
    assert territory.covers(thuan_hoa, hamlet.id)
    assert territory.covers(province, hamlet.id)
    assert not territory.covers(an_thanh, hamlet.id)
    assert not territory.covers(hamlet.id, thuan_hoa)
    assert not territory.covers(province, 10**9)
    assert [place.level for place in territory.path(hamlet.id)] == ["hamlet", "commune", "province"]
    assert hamlet.province == "Thành phố Cần Thơ"


def test_below_is_the_whole_subtree(territory: Territory) -> None:
    thuan_hoa = commune(territory, "31582")
    assert {place.id for place in territory.below(thuan_hoa)} == {
        thuan_hoa,
        *(hamlet.id for hamlet in territory.hamlets(thuan_hoa)),
    }
    assert len(territory.below(commune(territory, "92"))) == len(territory.places)


def test_households_are_the_units_own_or_the_sum_of_its_hamlets(territory: Territory) -> None:
    thuan_hoa, an_thanh = commune(territory, "31582"), commune(territory, "31615")
    assert territory.households(thuan_hoa) == sum(hamlet.households or 0 for hamlet in territory.hamlets(thuan_hoa))
    assert territory.households(commune(territory, "92")) == (
        (territory.households(thuan_hoa) or 0) + (territory.households(an_thanh) or 0)
    )
    assert territory.households(commune(territory, "31120")) is None


@pytest.mark.parametrize("code", ["31582", "31615"])
def test_sample_hamlets_are_marked_as_made_up(territory: Territory, code: str) -> None:
    hamlets = territory.hamlets(commune(territory, code))
    assert 6 <= len(hamlets) <= 8
    assert all(hamlet.sample and "mẫu" in hamlet.name and hamlet.code == code for hamlet in hamlets)
    assert [hamlet.name for hamlet in hamlets][:3] == ["Ấp 1 (mẫu)", "Ấp 2 (mẫu)", "Ấp 3 (mẫu)"]


def test_no_official_unit_is_marked_as_sample(territory: Territory) -> None:
    assert not any(place.sample for place in territory.places if place.level != "hamlet")


def test_children_are_in_order_of_their_numbers(conn: Connection) -> None:
    load_shipped(conn)
    parent = conn.execute(select(Unit.id).where(Unit.code == "31582")).scalar_one()
    for name in ("Ấp 10", "Ấp 2", "Ấp 1"):
        conn.execute(
            Unit.__table__.insert().values(
                level="hamlet", code="31582", name=name, parent_id=parent, valid_from=date(2025, 7, 1)
            )
        )
    assert [place.name for place in Territory.read(conn).hamlets(parent)] == ["Ấp 1", "Ấp 2", "Ấp 10"]


def test_an_unknown_id_is_none(territory: Territory) -> None:
    assert territory.get(None) is None
    assert territory.get(10**9) is None
