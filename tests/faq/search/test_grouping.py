"""Questions that say the same come together, whatever the spelling."""

from faq.search.grouping import groups

ASKED = [
    "xin giấy phép xây nhà ở đâu",
    "xin giay phep xay nha o dau vay",
    "muốn xây nhà xin phép chỗ nào",
    "con tôi bị sốt có nên đi viện không",
    "con toi bi sot cao co nen di vien khong a",
    "giá lúa hôm nay bao nhiêu",
]


def test_what_says_the_same_is_one_group_and_the_largest_comes_first() -> None:
    found = groups(ASKED)
    assert sorted(found[0]) == [0, 1] or {0, 1} <= set(found[0])
    assert any(sorted(group) == [3, 4] for group in found)
    assert [5] in found


def test_every_question_is_in_one_group() -> None:
    assert sorted(at for group in groups(ASKED) for at in group) == list(range(len(ASKED)))
    assert groups([]) == [] and groups(["🤔", ""]) == [[0], [1]]
