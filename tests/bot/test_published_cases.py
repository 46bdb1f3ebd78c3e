"""Published surveys recomputed from paper ballots that come in by the same door as everybody's."""

from pathlib import Path

import pytest
from office import docx_text, pdf_text
from surveyed import survey
from terminal import Run
from village import Village


def test_vinh_hiep_2021(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 2222, 1355, 12, 75)
    commune = run("score", number, "--json").json["units"][0]
    assert (commune["ballots"], commune["households"], commune["coverage"]) == (1355, 2222, 1355 / 2222)
    closing = next(question for question in commune["questions"] if question["name"] == "chung")
    assert (closing["satisfied"], closing["not_satisfied"], closing["blank"]) == (1343, 12, 0)
    assert commune["overall"]["rate"] == 1343 / 1355
    assert commune["all_satisfied"]["rate"] == 1280 / 1355  # "94,46%" if it counts ballots satisfied on all ten
    assert commune["overall"]["low"] < 1343 / 1355 < commune["overall"]["high"]
    printed = run("score", number).out
    assert "60,98%" in printed and "99,11%" in printed
    assert "CHƯA XÁC NHẬN" in printed and "Căn cứ" in printed
    for text in papers(run, number, tmp_path):
        assert {"2.222", "1.355", "60,98%", "1.343", "99,11%", "0,89%"} <= set(words(text))


def test_tan_phuoc_2024_is_never_printed_as_all(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 16_226, 11_683, 4, 264)
    commune = run("score", number, "--json").json["units"][0]
    closing = next(question for question in commune["questions"] if question["name"] == "chung")
    assert (commune["coverage"], closing["not_satisfied"]) == (11_683 / 16_226, 4)
    assert commune["overall"]["rate"] == 11_679 / 11_683
    printed = run("score", number).out
    assert "72,00%" in printed and "99,97%" in printed
    assert "100,00%" not in next(line for line in printed.splitlines() if "11679 hài lòng" in line)
    for text in papers(run, number, tmp_path):
        assert {"16.226", "11.683", "72,00%", "11.679", "99,97%", "0,03%"} <= set(words(text))
        assert "11.679 99,97% 4 0,03% 0" in " ".join(text.split())


@pytest.mark.slow
def test_thanh_oai_2020_falls_when_the_silent_count_as_dissatisfied(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 60_160, 39_200, 1525, 1525)
    commune = run("score", number, "--json").json["units"][0]
    assert commune["overall"]["rate"] == pytest.approx(0.9611, abs=0.00005)
    assert commune["if_all_silent_dissatisfied"] == 37_675 / 60_160
    assert commune["if_all_silent_dissatisfied"] == pytest.approx(0.626, abs=0.0005)
    printed = run("score", number).out
    assert "96,11%" in printed and "62,62%" in printed
    assert {"39.200", "60.160", "96,11%"} <= set(words(papers(run, number, tmp_path)[0]))
    report = tmp_path / "bao-cao.pdf"
    assert run("paper", number, "report", "--out", str(report)).code == 0
    assert "62,62%" in words(pdf_text(report))


def papers(run: Run, number: str, folder: Path) -> list[str]:
    """The counting minutes as they are printed and as they are edited."""
    texts = []
    for shape, read in (("pdf", pdf_text), ("docx", docx_text)):
        file = folder / f"bien-ban.{shape}"
        assert run("paper", number, "minutes", "--out", str(file)).code == 0
        texts.append(read(file))
    return texts


def words(text: str) -> list[str]:
    return [word.strip("().,;:") for word in text.split()]
