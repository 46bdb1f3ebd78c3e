"""Units as commands name them."""

import pytest
from village import THUAN_HOA, Village

from surveys.errors import SurveyError
from surveys.unit_names import find_units


def found(village: Village, *names: str) -> list[int]:
    return village.database.read_now(lambda connection: find_units(connection, names))


def test_a_unit_is_a_code_or_a_code_and_a_hamlet(village: Village) -> None:
    commune, hamlet, province = found(village, THUAN_HOA, f" {THUAN_HOA}/ap 1 (mau)", "92")
    territory = village.shared.territory.__class__.read
    places = village.database.read_now(territory)
    assert places[commune].name == "Xã Thuận Hòa" and places[province].level == "province"
    assert (places[hamlet].name, places[hamlet].parent_id) == ("Ấp 1 (mẫu)", commune)


@pytest.mark.parametrize("name", ["", "99999", f"{THUAN_HOA}/Ấp 99", "/Ấp 1", "Thuận Hòa", "99999/Ấp 1"])
def test_the_first_unknown_unit_is_named(village: Village, name: str) -> None:
    with pytest.raises(SurveyError, match=r"không có đơn vị “.*”; tìm mã bằng: langnghe places find") as caught:
        found(village, THUAN_HOA, name)
    assert f"“{name}”" in str(caught.value)
