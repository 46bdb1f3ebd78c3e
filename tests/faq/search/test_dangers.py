"""Danger told by likeness: learnt from examples, kept in a file, read again."""

import pytest

from faq.danger import danger
from faq.library import Library
from faq.search.dangers import DangerIndex
from faq.search.index import StaleIndex
from faq.search.shipped_index import place_of_dangers

EXAMPLES = [
    *(("fire", text) for text in ("lửa bén lên mái lá", "mái lá bén lửa rồi", "lửa bén vách lá rồi bà con ơi")),
    *(("disaster", text) for text in ("bờ kè nứt toác ra rồi", "kè nứt toác cả khúc", "nứt toác bờ kè bà con ơi")),
    *(("water", text) for text in ("nó hụt chân dưới bến", "đứa nhỏ hụt chân dưới bến", "hụt chân rồi bà con ơi")),
    *(
        ("harmless", text)
        for text in ("làm khai sinh ở đâu", "giấy khai sinh cho con", "mái nhà màu gì", "ở đâu bán lá")
    ),
]


@pytest.fixture(scope="module")
def index():
    return DangerIndex.learn(EXAMPLES)


def test_what_is_like_an_example_is_of_its_kind(index):
    assert index.judge("lửa bén mái rồi")[0] == "fire" and index.judge("hụt chân dưới bến rồi")[0] == "water"
    assert index.judge("lửa bén mái lá rồi")[1] > 0.5 > 0 > index.judge("khai sinh cho con ở đâu")[1]


def test_likeness_adds_to_the_phrases_and_doubts_them(index):
    told = {"trời ơi lửa táp vách lá nhà bà tư": ("fire", 0.9), "nhà cháy hàng tết": ("fire", -0.9)}
    judge = lambda text: told.get(text, ("fire", -0.1))  # noqa: E731
    assert danger("mái lá bén rồi bà con", lambda text: ("fire", 0.9)) == "fire"
    assert danger("nhà cháy rồi", lambda text: ("fire", -0.9)) is None
    assert danger("nhà cháy rồi", judge) == "fire"
    assert danger("xong câu", lambda text: ("fire", 0.9)) is None  # too few words to be like anything
    assert danger("ជួយផង ភ្លើងឆេះផ្ទះ", lambda text: ("life", -0.9)) == "fire"


def test_a_story_is_not_doubted(index):
    story = "hôm qua tôi đi chợ mua rau rồi về nhà nấu cơm. " * 5 + "giờ chồng tôi cầm dao đòi giết tôi"
    assert danger(story, lambda text: ("fire", -0.9)) == "violence"


def test_it_comes_back_from_its_file_as_it_was(index, tmp_path):
    index.save(tmp_path / "dangers.npz", "key")
    again = DangerIndex.load(tmp_path / "dangers.npz", "key")
    assert again.judge("lửa bén mái rồi") == index.judge("lửa bén mái rồi")
    with pytest.raises(StaleIndex):
        DangerIndex.load(tmp_path / "dangers.npz", "other")
    (tmp_path / "dangers.npz").write_bytes(b"PK broken")
    with pytest.raises(StaleIndex):
        DangerIndex.load(tmp_path / "dangers.npz", "key")


def test_a_running_program_takes_it_up_once_it_is_built(index, tmp_path):
    library = Library(folder=tmp_path)
    assert library.danger("bờ kè nứt toác rồi kìa") is None
    index.save(*place_of_dangers(tmp_path))
    assert library.danger("bờ kè nứt toác rồi kìa") == "disaster"
