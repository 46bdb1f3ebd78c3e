"""What an export tells of places and texts: enough to count, too little to find a person."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from closed import COMMUNE, HAMLET, add, conn, crowd, here, stored
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from surveys.export.round import export
from surveys.export.rows import merged_hamlets
from surveys.results.suppression import SMALL

__all__ = ["conn", "stored"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 40)), max_size=20))
def test_no_hamlet_with_few_rows_is_told_or_can_be_worked_out(counted: list[tuple[str, int]]) -> None:
    numbered = [(commune, id, number) for id, (commune, number) in enumerate(counted)]
    merged = merged_hamlets(numbered)
    told: dict[str, list[int]] = defaultdict(list)
    hidden: dict[str, list[int]] = defaultdict(list)
    for commune, id, number in numbered:
        if number:
            (hidden if id in merged else told)[commune].append(number)
    for commune in "ABC":
        assert all(number >= SMALL for number in told[commune])
        if told[commune] and hidden[commune]:  # what is left when the told ones are taken from the commune
            assert len(hidden[commune]) > 1
            assert sum(hidden[commune]) >= SMALL
        if all(number >= SMALL for number in told[commune] + hidden[commune]):
            assert hidden[commune] == []


@pytest.mark.both_stores
def test_hamlets_with_few_ballots_are_told_as_their_commune(stored: Connection, tmp_path: Path) -> None:
    crowd(stored, 9, HAMLET)
    crowd(stored, 15, HAMLET + 1, start=3000)
    crowd(stored, 30, HAMLET + 2, start=5000)
    crowd(stored, 2, COMMUNE, start=7000)
    exported = export(stored, 1, "csv", tmp_path / "dot.csv")
    told = [row["hamlet"] for row in rows(tmp_path / "dot.csv")]
    assert (exported.merged, told.count("Ấp 3"), told.count(""), len(told)) == (2, 30, 26, 56)


@pytest.mark.both_stores
def test_a_row_with_a_text_has_no_hamlet_and_leaves_enough_without(stored: Connection, tmp_path: Path) -> None:
    for tag in range(12):
        add(stored, tag, {"chung": "co", "ly_do": "đường hư" if tag < 3 else None})
    crowd(stored, 30, HAMLET + 1)
    crowd(stored, 30, HAMLET + 2, start=5000)
    export(stored, 1, "csv", tmp_path / "dot.csv")
    found = rows(tmp_path / "dot.csv")
    assert {row["hamlet"] for row in found if row["ly_do"]} == {""}
    assert "Ấp 1" not in {row["hamlet"] for row in found}  # nine rows are left of it
    export(stored, 1, "csv", tmp_path / "dot.csv", texts="none")
    found = rows(tmp_path / "dot.csv")
    assert "ly_do" not in found[0]
    assert [row["hamlet"] for row in found].count("Ấp 1") == 12


@pytest.mark.both_stores
def test_texts_apart_have_their_commune_and_an_order_of_their_own(stored: Connection, tmp_path: Path) -> None:
    for tag in range(200):
        add(stored, tag, {"chung": "co", "ly_do": f"ý {tag}, gọi 0912 345 {tag:03}"})
    exported = export(stored, 1, "json", tmp_path / "dot.json", texts="apart")
    assert exported.texts_file == tmp_path / "dot-texts.csv"
    assert here(tmp_path) == ["dot-texts.csv", "dot.json"]
    assert "ý 1" not in (tmp_path / "dot.json").read_text(encoding="utf-8")
    texts = rows(tmp_path / "dot-texts.csv")
    assert list(texts[0]) == ["commune_code", "commune", "question", "label", "text"]
    told = [row["text"] for row in texts]
    assert sorted(told) == sorted(f"ý {tag}, gọi [số]" for tag in range(200))
    assert told != [f"ý {tag}, gọi [số]" for tag in range(200)]
    assert "Ấp" not in (tmp_path / "dot-texts.csv").read_text(encoding="utf-8")
