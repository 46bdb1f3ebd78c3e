"""`paper`: the figures of `score`, in Word and in PDF, refused before the close, logged, and opened by LibreOffice."""

import csv
import hashlib
import zipfile
from pathlib import Path

import pytest
from office import convert, docx_text, holds, pdf_text
from pypdf import PdfReader
from terminal import Run, create, refused
from village import THUAN_HOA, Village

from storage.tables import IssuedPaper
from surveys.documents.kinds import KINDS, RESULT
from surveys.results.official_format import format_share

GOOD, BAD = "hai_long", "chua_hai_long"
QUESTIONS = ("quy_hoach", "duong_sa", "dien_nuoc", "truong_hoc", "y_te", "van_hoa", "moi_truong", "lam_an", "can_bo")
QUESTIONS += ("an_ninh", "chung")
SITE = "https://langnghe.example"


@pytest.fixture
def paper(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LANGNGHE_WEB__PUBLIC_URL", SITE)
    monkeypatch.setenv("LANGNGHE_ORGANISATION__NAME", "Ủy ban MTTQ xã Thuận Hòa")
    return run


def closed(run: Run, village: Village, folder: Path, ballots: int = 63) -> str:
    """A closed round whose ballots came on paper; every seventh was not satisfied with the roads, four overall."""
    number = str(create(run).json["round"])
    assert run("round", "open", number).code == 0
    hamlets = run("round", "status", number, "--json").json["units"]
    names = [unit["name"] for unit in hamlets if unit["level"] == "hamlet"]
    with (folder / "ballots.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("commune", "hamlet", *QUESTIONS))
        for at in range(ballots):
            answers = dict.fromkeys(QUESTIONS, GOOD)
            answers["duong_sa"] = GOOD if at % 7 else BAD
            answers["chung"] = BAD if at < 4 else GOOD
            sheet.writerow((THUAN_HOA, names[at % len(names)], *answers.values()))
    imported = run("ballots", "import", number, str(folder / "ballots.csv"), "--json")
    assert imported.json["accepted"] == ballots, imported
    assert run("round", "close", number, "--by", "Mai", "--with", "Lan").code == 0
    return number


async def test_word_and_pdf_tell_the_figures_of_score(paper: Run, village: Village, tmp_path: Path) -> None:
    number = closed(paper, village, tmp_path)
    unit = next(one for one in paper("score", number, "--json").json["units"] if one["unit"] == THUAN_HOA)
    figures = [f"{unit['households']:,}".replace(",", "."), format_share(unit["coverage"]), "93,65%", "6,35%"]
    assert format_share(unit["overall"]["rate"]) == "93,65%"
    figures += [format_share(one["rate"]) for one in unit["questions"]]
    for kind in ("minutes", "report"):
        for shape, read in (("docx", docx_text), ("pdf", pdf_text)):
            file = tmp_path / f"{kind}.{shape}"
            made = paper("paper", number, kind, "--unit", THUAN_HOA, "--out", str(file), "--json")
            assert made.code == 0, made.err
            text = read(file)
            missing = [figure for figure in figures if figure not in text]
            assert not missing or (kind, missing) == ("report", ["6,35%"]), (kind, shape, missing)
            assert all(holds(text, one["label"]) for one in unit["questions"])
            for said in (
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "BẢN DỰ THẢO",
                "ký, ghi rõ",
            ):
                assert said in text, (kind, shape, said)
            assert "«" not in text and "Ủy ban MTTQ xã Thuận Hòa" in text
            assert made.json["address"] == f"{SITE}/v/{made.json['code']}" and holds(text, made.json["code"])


async def test_a_paper_with_results_is_entered_with_its_hash_and_logged(
    paper: Run, village: Village, tmp_path: Path
) -> None:
    number = closed(paper, village, tmp_path)
    made = paper("paper", number, "report", "--out", "bao-cao.pdf", "--by", "Lê Thị Ba", "--json").json
    assert made["sha256"] == hashlib.sha256((tmp_path / "bao-cao.pdf").read_bytes()).hexdigest()
    [issued] = village.rows(IssuedPaper)
    assert (issued.code, issued.sha256, issued.kind) == (made["code"], made["sha256"], "report")
    assert set(issued.printed["fields"]) >= RESULT
    entry = paper("audit", "list", "--json").json["entries"][-1]
    assert (entry["action"], entry["actor"], entry["detail"]["sha256"]) == ("paper", "Lê Thị Ba", made["sha256"])
    assert made["code"] not in str(entry)
    assert paper("audit", "verify").code == 0


async def test_before_the_close_there_are_invitations_but_no_results(
    paper: Run, village: Village, tmp_path: Path
) -> None:
    number = str(create(paper).json["round"])
    paper("round", "open", number)
    for kind in ("minutes", "report"):
        assert refused(paper("paper", number, kind, "--out", "x.docx"), "sau khi đóng đợt")
    assert not (tmp_path / "x.docx").exists()
    for kind in ("ballot", "notice", "poster"):
        for shape, read in (("docx", docx_text), ("pdf", pdf_text)):
            file = tmp_path / f"{kind}.{shape}"
            made = paper("paper", number, kind, "--out", str(file), "--json")
            assert (made.code, made.json["code"]) == (0, None)
            assert holds(read(file), made.json["address"]) and "Đợt lệnh" in read(file)
    assert village.rows(IssuedPaper) == []


async def test_a_ballot_holds_every_question_and_choice_of_the_form_and_khmer_beside(
    paper: Run, village: Village, tmp_path: Path
) -> None:
    number = str(create(paper).json["round"])
    assert paper("paper", number, "ballot", "--also", "km", "--out", "phieu.docx").code == 0
    text = docx_text(tmp_path / "phieu.docx")
    assert text.count("☐ Hài lòng / ពេញចិត្ត") == 12 and "Bà con có hài lòng về đường sá" in text
    assert "តើបងប្អូនពេញចិត្តនឹងផ្លូវថ្នល់" in text
    assert paper("paper", number, "ballot", "--also", "km", "--out", "phieu.pdf").code == 0
    fonts = {str(font) for page in PdfReader(tmp_path / "phieu.pdf").pages for font in _fonts(page)}
    assert any("Khmer" in font for font in fonts), fonts


async def test_the_unit_is_named_where_there_are_several_and_must_be_asked(paper: Run, village: Village) -> None:
    number = str(create(paper).json["round"])
    assert refused(paper("paper", number, "poster", "--unit", "31615", "--out", "x.pdf"), "không hỏi", "31615")
    assert refused(paper("paper", number, "poster", "--unit", "99999", "--out", "x.pdf"), "99999")
    assert refused(paper("paper", number, "poster", "--out", "x.odt"), "x.odt")
    assert refused(paper("paper", number, "cards", "--out", "x.pdf"), "households cards")
    assert paper("paper", number, "poster", "--out", "x.pdf", "--template", "y.docx").code == 2


async def test_an_own_template_is_used_and_an_unknown_field_is_named(
    paper: Run, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = str(create(paper).json["round"])
    assert paper("paper", "--copy-templates", "mau").code == 0
    own = tmp_path / "mau" / "poster.docx"
    rewrite(own, b"MERGEFIELD lien_he", b"MERGEFIELD so_quyet_dinh")
    assert refused(
        paper("paper", number, "poster", "--out", "x.docx", "--template", str(own)), "so_quyet_dinh", "lien_he"
    )
    assert not (tmp_path / "x.docx").exists()
    monkeypatch.setenv("LANGNGHE_PAPER__TEMPLATES", "mau")
    assert refused(paper("paper", number, "poster", "--out", "x.docx"), "so_quyet_dinh")
    assert "so_quyet_dinh" in paper("check").err
    rewrite(own, b"MERGEFIELD so_quyet_dinh", b"MERGEFIELD don_vi")
    rewrite(own, "MỜI BÀ CON GÓP Ý".encode(), "MỜI CẢ XÃ GÓP Ý".encode())
    assert paper("paper", number, "poster", "--out", "x.docx").code == 0
    assert "MỜI CẢ XÃ GÓP Ý" in docx_text(tmp_path / "x.docx")
    rewrite(own, b'descr="QR"', b'descr="hoa"')
    made = paper("paper", number, "poster", "--out", "x.docx")
    assert made.code == 0 and "không có mã để quét" in made.err


async def test_a_loudspeaker_says_the_result_as_one_speaks(paper: Run, village: Village, tmp_path: Path) -> None:
    number = closed(paper, village, tmp_path, ballots=40)  # few in each hamlet: withheld in tables
    for kind, told in (("notice", False), ("report", True)):
        for shape, read in (("docx", docx_text), ("pdf", pdf_text)):
            file = tmp_path / f"{kind}.{shape}"
            assert paper("paper", number, kind, "--out", str(file)).code == 0
            assert holds(read(file), "Chỗ ghi “không nêu”") is told, (kind, shape)
            assert holds(read(file), "Kính thưa bà con xã Thuận Hòa!") is not told


async def test_a_folder_of_templates_that_is_not_there_or_holds_a_wrong_name_is_said(
    paper: Run, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = str(create(paper).json["round"])
    monkeypatch.setenv("LANGNGHE_PAPER__TEMPLATES", "mau")
    assert refused(paper("paper", number, "poster", "--out", "x.docx"), "không có thư mục mau", "--copy-templates")
    assert "không có thư mục mau" in paper("check").err
    assert paper("paper", number, "poster", "--out", "x.pdf").code == 0
    assert paper("paper", "--copy-templates", "mau").code == 0
    assert "mẫu giấy riêng: ballot.docx" in paper("check").out
    (Path("mau") / "poster.docx").rename(Path("mau") / "posters.docx")
    assert "posters.docx không thay mẫu nào" in paper("check").err
    assert paper("paper", number, "poster", "--out", "x.docx").code == 0


@pytest.mark.office
async def test_libreoffice_opens_every_paper_without_a_warning(paper: Run, village: Village, tmp_path: Path) -> None:
    number = closed(paper, village, tmp_path)
    files = [tmp_path / f"{kind}.docx" for kind in KINDS]
    for kind, file in zip(KINDS, files, strict=True):
        assert paper("paper", number, kind, "--out", str(file)).code == 0
    for file, made in zip(files, convert(files, tmp_path), strict=True):
        text = pdf_text(made)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "Trang 1 / " in text, file
        assert "«" not in text and "Error" not in text


async def test_a_round_of_a_province_prints_every_paper_with_the_province_s_name(
    paper: Run, village: Village, tmp_path: Path
) -> None:
    number = str(create(paper, unit="92").json["round"])
    assert paper("round", "open", number).code == 0
    assert paper("round", "close", number, "--by", "Mai", "--with", "Lan").code == 0
    for kind in KINDS:
        for shape, read in (("docx", docx_text), ("pdf", pdf_text)):
            file = tmp_path / f"{kind}.{shape}"
            made = paper("paper", number, kind, "--out", str(file))
            assert made.code == 0, (kind, shape, made.err)
            assert holds(read(file).casefold(), "thành phố cần thơ"), (kind, shape)


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Edit a template's document, as somebody with Word would."""
    with zipfile.ZipFile(path) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    assert old in contents["word/document.xml"]
    contents["word/document.xml"] = contents["word/document.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as out:
        for name, content in contents.items():
            out.writestr(name, content)


def _fonts(page: object) -> list[object]:
    resources = page["/Resources"].get_object()  # type: ignore[index]
    return [font.get_object()["/BaseFont"] for font in resources.get("/Font", {}).values()]
