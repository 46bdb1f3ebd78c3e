from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Connection, select

from places.errors import PlaceError, RowErrors
from places.find import find
from places.importing import apply, diff, lines, read
from places.units import Territory, load_shipped
from storage.tables.territory import Unit

HEADING = "level,code,name,parent,households,valid_from,office,phone"


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "don-vi.csv"
    path.write_text("\n".join([HEADING, *rows]), encoding="utf-8-sig")
    return path


def take_in(conn: Connection, path: Path) -> Territory:
    apply(conn, diff(Territory.read(conn), read(path), path.name))
    return Territory.read(conn)


def hamlets(territory: Territory, code: str = "31582") -> dict[str, int | None]:
    commune = territory.by_code(code)
    assert commune is not None
    return {hamlet.name: hamlet.households for hamlet in territory.hamlets(commune.id)}


@pytest.fixture(autouse=True)
def shipped(conn: Connection) -> None:
    load_shipped(conn)


def test_new_hamlets_come_in_below_their_commune_and_from_its_first_day(conn: Connection, tmp_path: Path) -> None:
    territory = take_in(conn, write(tmp_path, "hamlet,,Ấp Phước Hòa,31582,1.250,,,", "ấp,,Ấp Trà Canh,31582,,,,"))
    assert hamlets(territory) == {"Ấp Phước Hòa": 1250, "Ấp Trà Canh": None}
    first = territory.hamlets(territory.by_code("31582").id)[0]  # type: ignore[union-attr]
    assert (first.code, first.valid_from, first.sample) == ("31582", date(2025, 7, 1), False)


def test_new_figures_change_a_unit_and_empty_cells_leave_it_as_it_is(conn: Connection, tmp_path: Path) -> None:
    take_in(conn, write(tmp_path, "commune,31582,Xã Thuận Hòa,92,7000,2025-07-01,Ấp Trà Quýt,02990"))
    territory = take_in(conn, write(tmp_path, "xã,31582,Xã Thuận Hoà,92,7100,,,"))
    place = territory.by_code("31582")
    assert place is not None
    assert (place.households, place.office, place.phone) == (7100, "Ấp Trà Quýt", "02990")
    assert len(territory.communes()) == 103


def test_the_same_file_again_changes_nothing(conn: Connection, tmp_path: Path) -> None:
    path = write(tmp_path, "hamlet,,Ấp 1,31582,60,01/07/2025,,", "commune,31582,Xã Thuận Hòa,92,7000,2025-07-01,,")
    territory = take_in(conn, path)
    changes = diff(territory, read(path))
    assert not changes
    assert {place.name for place in changes.unchanged} == {"Ấp 1", "Xã Thuận Hòa"}


def test_the_diff_is_shown_in_words(conn: Connection, tmp_path: Path) -> None:
    path = write(tmp_path, "hamlet,,Ấp 2,31582,60,,,", "commune,31582,Xã Thuận Hòa,92,7000,2025-07-01,,")
    assert lines(diff(Territory.read(conn), read(path))) == [
        "+ Ấp 2 (31582), số hộ 60",
        "~ Xã Thuận Hòa (31582): số hộ (trống) → 7000",
    ]


def test_a_new_province_with_commune_and_hamlet_comes_in_one_file_in_any_order(
    conn: Connection, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "hamlet,,Ấp Giữa,00123,40,,,",
        "commune,123,Xã Mới,1,,2025-07-01,,",
        "province,1,Tỉnh Mới,,,2025-07-01,,",
    )
    territory = take_in(conn, path)
    assert hamlets(territory, "00123") == {"Ấp Giữa": 40}
    place = territory.by_code("00123")
    assert place is not None and place.province == "Tỉnh Mới"


def test_hamlets_of_one_name_in_two_communes_are_two(conn: Connection, tmp_path: Path) -> None:
    territory = take_in(conn, write(tmp_path, "hamlet,,Ấp 1,31582,1,,,", "hamlet,,Ấp 1,31615,2,,,"))
    assert (hamlets(territory), hamlets(territory, "31615")) == ({"Ấp 1": 1}, {"Ấp 1": 2})


def test_hamlets_that_differ_in_accents_only_are_two(conn: Connection, tmp_path: Path) -> None:
    territory = take_in(conn, write(tmp_path, "hamlet,,Ấp Hòa An,31582,1,,,", "hamlet,,Ấp Hóa An,31582,2,,,"))
    assert len(hamlets(territory)) == 2


def test_a_code_taken_over_by_a_new_name_ends_the_old_unit_which_stays_findable(
    conn: Connection, tmp_path: Path
) -> None:
    take_in(conn, write(tmp_path, "hamlet,,Ấp Cũ,31582,10,,,"))
    path = write(tmp_path, "commune,31582,Xã Thuận Phú,92,8000,2026-07-01,,", "hamlet,,Ấp Đầu,31582,90,,,")
    assert "- Xã Thuận Hòa (31582) hết hiệu lực, mã này dùng cho tên mới" in lines(
        diff(Territory.read(conn), read(path))
    )
    territory = take_in(conn, path)
    new = territory.by_code("31582")
    old = territory.by_code("31582", date(2026, 6, 30))
    assert new is not None and old is not None
    assert (old.name, old.valid_to, new.name) == ("Xã Thuận Hòa", date(2026, 7, 1), "Xã Thuận Phú")
    assert hamlets(territory) == {"Ấp Đầu": 90}
    assert find(territory, "thuan hoa can tho")[0].place == new
    assert find(territory, "phu tan soc trang")[0].place == new


WRONG = {
    "level": ("huyện,31582,x,92,,,,", "cột level phải là"),
    "no name": ("hamlet,,,31582,,,,", "cột name trống"),
    "code": ("commune,3158x,Xã X,92,,,,", "cột code phải là mã 5 chữ số"),
    "no parent": ("hamlet,,Ấp 1,,,,,", "cột parent phải là mã 5 chữ số"),
    "unknown parent": ("hamlet,,Ấp 1,99999,,,,", "không có đơn vị nào mang mã 99999"),
    "a province as a commune": ("commune,99998,Xã X,93,,2025-07-01,,", "không có đơn vị nào mang mã 93"),
    "households in words": ("hamlet,,Ấp 1,31582,nhiều,,,", "cột households phải là số hộ"),
    "a fraction": ('hamlet,,Ấp 1,31582,"1,5",,,', "cột households phải là số hộ"),
    "a negative": ("hamlet,,Ấp 1,31582,-5,,,", "cột households phải là số hộ"),
    "too many households": ("hamlet,,Ấp 1,31582,99999999,,,", "cột households phải là số hộ"),
    "date": ("hamlet,,Ấp 1,31582,,31/02/2025,,", "cột valid_from phải là ngày"),
    "no date": ("commune,99998,Xã X,92,,,,", "phải có cột valid_from"),
    "code in use": ("commune,31582,Xã X,92,,2025-07-01,,", "mã 31582 đang là Xã Thuận Hòa"),
    "another date": ("commune,31582,Xã Thuận Hòa,92,,2025-01-01,,", "đang có hiệu lực từ 2025-07-01"),
}


@pytest.mark.parametrize(("row", "reason"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_is_named_and_nothing_is_written(conn: Connection, tmp_path: Path, row: str, reason: str) -> None:
    before = conn.execute(select(Unit)).all()
    with pytest.raises(RowErrors) as refused:
        take_in(conn, write(tmp_path, "hamlet,,Ấp Tốt,31582,60,,,", row))
    assert refused.value.problems[0].startswith("hàng 3: ")
    assert reason in str(refused.value)
    assert str(refused.value).startswith("don-vi.csv: ")
    assert conn.execute(select(Unit)).all() == before


def test_all_wrong_rows_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(RowErrors) as refused:
        read(write(tmp_path, *["x,,y,,,,,"] * 7))
    assert [problem.split(":")[0] for problem in refused.value.problems] == [f"hàng {n}" for n in range(2, 9)]
    assert "và 2 chỗ khác" in str(refused.value)


def test_a_row_given_twice_is_named_with_the_first(tmp_path: Path) -> None:
    with pytest.raises(RowErrors, match="hàng 3: Ấp Hoà An đã có ở hàng 2"):
        read(write(tmp_path, "hamlet,,Ấp Hòa An,31582,1,,,", "hamlet,,Ấp Hoà An,31582,2,,,"))


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("level,name\nhamlet,x\n", encoding="utf-8")
    with pytest.raises(PlaceError, match="thiếu cột code, parent, households, valid_from"):
        read(path)


def test_a_workbook_is_read_like_a_csv(conn: Connection, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADING.split(","))
    book.active.append(["hamlet", None, "Ấp 1", 31582, 60, date(2025, 7, 1), None, None])
    book.save(tmp_path / "a.xlsx")
    assert hamlets(take_in(conn, tmp_path / "a.xlsx")) == {"Ấp 1": 60}
