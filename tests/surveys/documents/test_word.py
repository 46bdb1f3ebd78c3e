"""Word templates: made by a script, all fields known, nothing in them that runs, the QR put in its place."""

import io
import sys
import zipfile
from pathlib import Path

import pytest
from mailmerge import MailMerge

from surveys.documents import word
from surveys.documents.contents import Contents
from surveys.documents.kinds import EDITABLE, TABLES, TEMPLATES
from surveys.errors import SurveyError

ROOT = Path(__file__).parents[3]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def changed(folder: Path, **contents: bytes) -> Path:
    """The shipped poster with other contents in some of its parts."""
    path = folder / "own.docx"
    whole = parts(word.shipped(TEMPLATES["poster"]).read_bytes())
    with zipfile.ZipFile(path, "w") as out:
        for name, content in (whole | contents).items():
            out.writestr(name, content)
    return path


@pytest.mark.parametrize("name", EDITABLE)
def test_the_shipped_templates_are_what_the_script_makes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "tools"), *sys.path])
    from word_templates import build

    assert parts(build(name)) == parts(word.shipped(EDITABLE[name]).read_bytes())


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_field_is_filled_and_every_row_repeated(name: str) -> None:
    template = TEMPLATES[name]
    fields = {field: f"<{field}> & \x02" for field in template.fields}
    tables = {table: [{column: f"{column} {row}" for column in TABLES[table]} for row in (1, 2)] for table in TABLES}
    filled = word.fill(word.shipped(template), template, Contents(fields, tables), "https://langnghe.example/v/x")
    named = word.check(word.shipped(template), template)
    document = parts(filled)["word/document.xml"].decode() + parts(filled)["word/footer1.xml"].decode()
    for field in named & template.fields:
        assert f"&lt;{field}&gt; &amp; " in document
    for table in template.tables:
        for column in set(TABLES[table]) & named:
            assert f"{column} 1" in document and f"{column} 2" in document
    with MailMerge(io.BytesIO(filled)) as merged:
        assert merged.get_merge_fields() == set()
    assert parts(filled)["word/media/qr.png"] != parts(word.shipped(template).read_bytes())["word/media/qr.png"]


def test_a_file_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"xin chao", b"PK\x03\x04" + bytes(40)):
        (tmp_path / "own.docx").write_bytes(content)
        with pytest.raises(SurveyError, match="không phải tệp Word"):
            word.check(tmp_path / "own.docx", TEMPLATES["poster"])
    with pytest.raises(SurveyError, match="không có tệp mẫu"):
        word.check(tmp_path / "none.docx", TEMPLATES["poster"])
    with pytest.raises(SurveyError, match="không phải tệp Word"):
        word.check(changed(tmp_path, **{"word/document.xml": b"<not xml"}), TEMPLATES["poster"])


def test_a_template_in_which_something_could_run_is_refused(tmp_path: Path) -> None:
    poster = parts(word.shipped(TEMPLATES["poster"]).read_bytes())["word/document.xml"]
    for changes in (
        {"word/vbaProject.bin": b"x"},
        {"word/document.xml": poster.replace(b"MERGEFIELD lien_he", b"DDEAUTO c:\\\\x.exe")},
        {"word/document.xml": poster.replace(b"MERGEFIELD lien_he", b"INCLUDETEXT /etc/passwd")},
    ):
        with pytest.raises(SurveyError, match="macro"):
            word.check(changed(tmp_path, **changes), TEMPLATES["poster"])


def test_a_template_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("word/document.xml", bytes(word.LARGEST + 1))
    with pytest.raises(SurveyError, match="quá lớn"):
        word.check(path, TEMPLATES["poster"])
