from dataclasses import replace
from pathlib import Path

import pytest

from faq.content.entries import EntryError, load_entries, load_none_examples, read_entry, render
from faq.content.sources import Source, source_line

GOOD = """+++
id = "qr-payment"
group = "payment"
title = "Trả tiền bằng mã QR"
title_en = "QR payment"
title_km = "QR"
neighbours = []
review_by = 2027-02-28
sources = [{ url = "https://www.example.vn/bai/1", as_of = "2025-11" }]
examples = [
  "quét mã sao",
  "tạo mã QR",
]
+++
1. Mở ứng dụng. {1}
2. Quét mã, xem tên rồi mới chuyển. {2} {3}
"""


def written(folder: Path, text: str, name: str = "qr-payment.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_is_read_with_everything_it_says(tmp_path):
    entry = read_entry(written(tmp_path, GOOD))
    assert entry.id == "qr-payment"
    assert entry.examples == ("quét mã sao", "tạo mã QR")
    assert entry.markers == (1, 2, 3)
    assert entry.as_of == "2025-11"
    assert (tmp_path / "qr-payment.md").read_text().splitlines()[entry.body_line - 1].startswith("1. Mở")


def test_a_person_reads_no_markers_and_where_it_comes_from(tmp_path):
    assert render(read_entry(written(tmp_path, GOOD))) == (
        "1. Mở ứng dụng.\n2. Quét mã, xem tên rồi mới chuyển.\n\nNguồn: example.vn (tính đến 11/2025)"
    )


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ([], "Nguồn: chưa có văn bản, bà con hỏi lại xã cho chắc"),
        ([Source("seed article (2022)", "2022-2023")], "Nguồn: bài viết của địa phương (tính đến 2023)"),
        ([Source("https://a.vn/x", "about 2025-12")], "Nguồn: a.vn (tính đến 12/2025)"),
        ([Source("https://a.vn/x", "undated")], "Nguồn: a.vn (không ghi ngày)"),
        ([Source("http://a.vn/x", "2024"), Source("https://a.vn/y", "2025-03")], "Nguồn: a.vn (tính đến 03/2025)"),
        (
            [Source("http://b.vn/x", "undated"), Source("https://a.vn/y", "2025-03"), Source("https://c.vn/y", "2024")],
            "Nguồn: a.vn (tính đến 03/2025), c.vn (2024)",
        ),
        (
            [
                Source("https://luat.example/x", "2014"),
                Source("https://plo.vn/x", "2025-12"),
                Source("https://dichvucong.gov.vn/x", "2025-07"),
                Source("https://blog.example/x", "2026-01"),
            ],
            "Nguồn: dichvucong.gov.vn (tính đến 07/2025), plo.vn (12/2025)",
        ),
        ([Source("https://luat.example/x", "2014")], "Nguồn: luat.example (tính đến 2014)"),
    ],
)
def test_sources_are_short_and_dated(sources, line):
    assert source_line(sources) == line


@pytest.mark.parametrize(
    ("found", "put", "told"),
    [
        ('group = "payment"', "", "qr-payment.md:1: thiếu “group”"),
        ('id = "qr-payment"', 'id = "QR"', "qr-payment.md:2: mã “QR”"),
        ("review_by = 2027-02-28", 'review_by = "mai"', "qr-payment.md:8: “review_by” phải là ngày"),
        ('"https://www.example.vn/bai/1"', "7", "qr-payment.md:9: “sources”"),
        ('  "tạo mã QR",', "  5,", "qr-payment.md:10: “examples”"),
        ("neighbours = []", "neighbours = []\ncolour = 1", "qr-payment.md:8: không biết “colour”"),
        ('title_en = "QR payment"', "title_en = QR", "qr-payment.md:5: "),
    ],
)
def test_a_slip_is_named_by_file_and_line(tmp_path, found, put, told):
    with pytest.raises(EntryError, match=r"^" + told.replace("(", r"\(")):
        read_entry(written(tmp_path, GOOD.replace(found, put)))


def test_every_slip_of_every_file_is_told_at_once(tmp_path):
    written(tmp_path, "no front matter", "a.md")
    written(tmp_path, GOOD.rpartition("+++")[0] + "+++\n", "qr-payment.md")
    with pytest.raises(EntryError) as error:
        load_entries(tmp_path)
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == ["a.md", "qr-payment.md"]


def test_a_file_that_is_no_text_or_far_too_large_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(b"+++\n\xff\xfe")
    (tmp_path / "b.md").write_text("x" * 300_000)
    with pytest.raises(EntryError, match=r"UTF-8\nb\.md: lớn hơn"):
        load_entries(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(EntryError, match="không có mục"):
        load_entries(tmp_path)


def test_notes_and_empty_lines_are_no_examples(tmp_path):
    path = written(tmp_path, "# hộ chiếu\nlàm hộ chiếu\n\n  chào \n", "none.txt")
    assert load_none_examples(path) == ("làm hộ chiếu", "chào")
    assert load_none_examples(tmp_path / "absent.txt") == ()


def test_an_entry_is_a_value(entries):
    assert replace(entries[0]) == entries[0]
