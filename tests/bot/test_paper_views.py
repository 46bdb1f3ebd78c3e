"""Minutes of hamlets in which hardly anybody is dissatisfied: officials read each, everybody a band."""

from pathlib import Path

import pytest
from office import docx_text
from surveyed import COMMUNE, survey
from terminal import Run
from village import Village

from surveys.results.official_format import format_share

ONE_STORE = pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
BALLOTS = 500  # in five hamlets


@ONE_STORE
def test_the_minutes_tell_officials_each_hamlet_and_the_posted_copy_a_band(
    run: Run, village: Village, tmp_path: Path
) -> None:
    number = survey(run, village, tmp_path, 700, BALLOTS, 23, 61)
    hamlets = [unit for unit in run("score", number, "--json").json["units"] if unit["level"] == "hamlet"]
    shares = [format_share(hamlet["overall"]["rate"]) for hamlet in hamlets]
    assert len(hamlets) == 5 and all(0 < hamlet["questions"][-1]["not_satisfied"] < 10 for hamlet in hamlets)

    def printed(kind: str, *options: str) -> str:
        out = tmp_path / "paper.docx"
        assert run("paper", number, kind, "--out", str(out), *options).code == 0
        return docx_text(out)

    inside, posted = printed("minutes"), printed("minutes", "--public")
    assert all(share in inside for share in shares) and "không nêu" not in inside
    assert "lưu hành nội bộ" in inside and "gộp các ấp không công bố riêng" in inside
    assert posted.count("từ 90% trở lên") == 5 and not any(share in posted for share in shares)
    assert "lưu hành nội bộ" not in posted
    own = printed("minutes", "--unit", f"{COMMUNE}/{hamlets[0]['name']}")
    assert str(hamlets[0]["questions"][-1]["satisfied"]) in own and "không nêu" not in own


@ONE_STORE
def test_what_officials_export_shows_both_estimates_by_their_names(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 700, BALLOTS, 23, 61)
    theirs, public = (run("score", number, *view, "--json").json for view in ((), ("--public",)))
    assert (theirs["view"], public["view"]) == ("officials", "public")
    commune, everybodys = theirs["units"][0], public["units"][0]
    assert commune["collapsed"] == [] and "chung" in everybodys["collapsed"]
    assert commune["overall"]["rate"] == everybodys["overall"]["rate"]
    assert commune["overall"]["se"] != everybodys["overall"]["se"]
    said = run("score", number, "--public").out
    assert said.count("hài lòng chung từ 90% trở lên") == 5
