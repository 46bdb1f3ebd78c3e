import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from surveys.errors import SurveyError
from surveys.rules.rule_sets import Rule, RuleError, read_rule, shipped_rules

GOOD = """
title = "Thử"
basis = "Văn bản thử"
source = "https://example.org"
status = "unconfirmed"
valid_from = 2024-10-01
level = "commune"
quota = 0.7

[[marks]]
name = "Hài lòng chung"
of = "overall"
at_least = 0.98
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "thu.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_is_read_from_any_file(tmp_path: Path):
    rule = read_rule(written(tmp_path, GOOD))
    assert (rule.id, rule.title, rule.status, rule.level) == ("thu", "Thử", "unconfirmed", "commune")
    assert (rule.valid_from, rule.valid_to) == (date(2024, 10, 1), None)
    assert (rule.quota, rule.quota_strict) == (Fraction(7, 10), False)
    assert [(mark.name, mark.of, mark.at_least) for mark in rule.marks] == [
        ("Hài lòng chung", "overall", Fraction(98, 100))
    ]


def test_dates_may_be_written_as_text(tmp_path: Path):
    text = GOOD.replace("2024-10-01", '"2024-10-01"\nvalid_to = "2025-12-31"')
    rule = read_rule(str(written(tmp_path, text)))
    assert (rule.valid_from, rule.valid_to) == (date(2024, 10, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param('title = "Thử"', "", "title", id="missing key"),
        pytest.param('title = "Thử"', 'title = " "', "title", id="empty text"),
        pytest.param('title = "Thử"', "title = 5", "title", id="number for a text"),
        pytest.param("quota = 0.7", "quota = 70", "quota", id="per cent for a share"),
        pytest.param("quota = 0.7", "quota = -0.1", "quota", id="negative share"),
        pytest.param("quota = 0.7", "quota = true", "quota", id="flag for a share"),
        pytest.param("quota = 0.7", "quota = nan", "quota", id="not a number"),
        pytest.param("quota = 0.7", 'quota = "0.7"', "quota", id="text for a share"),
        pytest.param("quota = 0.7", "quota = 0.7\nnguong = 1", "nguong", id="unknown key"),
        pytest.param("quota = 0.7", "quota = 0.7\nquota_strict = 1", "quota_strict", id="number for a flag"),
        pytest.param('"unconfirmed"', '"maybe"', "status", id="unknown status"),
        pytest.param('"commune"', '"village"', "level", id="unknown level"),
        pytest.param("2024-10-01", "2024", "valid_from", id="number for a date"),
        pytest.param("2024-10-01", '"10/2024"', "valid_from", id="date in another order"),
        pytest.param("2024-10-01", "2024-10-01T00:00:00", "valid_from", id="moment for a date"),
        pytest.param("level", "valid_to = 2020-01-01\nlevel", "valid_to", id="ends before it begins"),
        pytest.param('"overall"', '"everything"', "of", id="unknown subject"),
        pytest.param("at_least = 0.98", "at_least = 98", "at_least", id="per cent for a mark"),
        pytest.param("at_least = 0.98", "at_least = 0.98\nat_most = 1", "at_most", id="unknown key of a mark"),
        pytest.param('"Hài lòng chung"', '"coverage"', "marks", id="reserved name of a mark"),
        pytest.param("[[marks]]", "[marks]", "marks", id="one table for a list"),
    ],
)
def test_a_wrong_file_is_refused_by_its_name_and_key(tmp_path: Path, old: str, new: str, key: str):
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(RuleError) as refusal:
        read_rule(path)
    assert str(refusal.value).startswith("thu.toml")
    assert f"“{key}”" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_two_marks_cannot_share_a_name(tmp_path: Path):
    with pytest.raises(RuleError, match="marks"):
        read_rule(written(tmp_path, GOOD + GOOD[GOOD.index("[[marks]]") :]))


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "thu.toml"
    path.write_bytes(content)
    with pytest.raises(RuleError, match=r"thu\.toml"):
        read_rule(path)


def test_an_unknown_id_is_answered_with_the_ids_there_are():
    with pytest.raises(SurveyError, match="hd90-trieu-son-2024"):
        read_rule("khong-co")


def test_a_frozen_rule_comes_back_equal_through_json():
    for rule in shipped_rules():
        assert Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def test_a_frozen_rule_keeps_its_end_and_its_lack_of_one():
    rule = read_rule("hd90-trieu-son-2024")
    for end in (None, date(2025, 12, 31)):
        ended = replace(rule, valid_to=end)
        assert Rule.from_dict(ended.to_dict()) == ended


def test_a_damaged_frozen_rule_is_refused():
    definition = read_rule("hd90-trieu-son-2024").to_dict()
    with pytest.raises(RuleError, match="quota"):
        Rule.from_dict({**definition, "quota": 92})


def test_every_shipped_rule_names_its_sources_and_claims_no_confirmation():
    rules = shipped_rules()
    assert {"hd78-2017", "hd90-tan-phuoc-2024", "hd90-trieu-son-2024", "xa-nang-cao-chua-xac-nhan"} <= {
        rule.id for rule in rules
    }
    for rule in rules:
        assert all(re.match("https?://", source) for source in rule.source.split(" ; "))
        assert rule.status == "unconfirmed"


def test_the_shipped_values_are_the_published_ones():
    published = {
        "hd78-2017": ("0.60", {"overall": "0.90"}),
        "hd78-hai-duong-2018": ("0.60", {"overall": "0.80"}),
        "gia-lam-2020": ("0.70", {"overall": "0.80"}),
        "hd90-tan-phuoc-2024": ("0.70", {"overall": "0.80"}),
        "hd90-trieu-son-2024": ("0.92", {"content_mean": "0.95", "overall": "0.98"}),
        "xa-nang-cao-chua-xac-nhan": ("0.70", {"content_mean": "0.95", "overall": "0.98"}),
    }
    shipped = {rule.id: (rule.quota, {mark.of: mark.at_least for mark in rule.marks}) for rule in shipped_rules()}
    assert shipped == {
        id: (Fraction(quota), {of: Fraction(share) for of, share in marks.items()})
        for id, (quota, marks) in published.items()
    }


def test_more_than_is_not_at_least():
    rule = read_rule("hd78-2017")
    assert rule.quota_strict and all(mark.strict for mark in rule.marks)
