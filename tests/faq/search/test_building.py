import os

from faq.content import entries
from faq.search.building import build, is_built
from faq.search.index import Index
from faq.search.shipped_index import place_of


def test_only_the_newest_indexes_of_a_site_are_kept(few, index, tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "load_entries", lambda: few)
    monkeypatch.setattr(Index, "build", lambda *_: index)
    build([], tmp_path)
    lessons = [[("qr-payment", f"câu {number}")] for number in range(5)]
    for at, taught in enumerate(lessons):
        build(taught, tmp_path)
        os.utime(place_of(taught, tmp_path)[0], (at, at))  # one moment after the other
    assert [is_built(taught, tmp_path) for taught in ([], *lessons)] == [True, False, False, True, True, True]
