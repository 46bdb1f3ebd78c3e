"""Word papers: a template's own merge fields are filled with plain texts. Nothing in a template can run.

Staff edit the templates in Word; a field that we do not know is refused by its name, before anything is written.
A picture whose alternative text is `QR` becomes the paper's QR code.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from mailmerge import MailMerge

from surveys.documents.contents import Contents
from surveys.documents.kinds import CARDS, EDITABLE, TABLES, Template
from surveys.errors import SurveyError

SHIPPED = Path(__file__).parent / "word"
NO_FOLDER = "paper.templates: không có thư mục {folder}; chép mẫu ra đó bằng: langnghe paper --copy-templates {folder}"
LARGEST = 20_000_000  # bytes of a template, unpacked
QR = "QR"  # the alternative text of the picture that becomes the QR code
_ACTIVE = re.compile(rb"vbaProject|DDEAUTO|\bDDE\b|INCLUDETEXT|INCLUDEPICTURE|MACROBUTTON|attachedTemplate")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}


def shipped(template: Template) -> Path:
    """The template that comes with the program."""
    return SHIPPED / f"{template.name}.docx"


def copy_shipped(folder: Path) -> list[Path]:
    """Copy the shipped templates into a folder, to be edited. What is there stays. Raises `SurveyError`."""
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for template in EDITABLE.values():
            path = folder / f"{template.name}.docx"
            if not path.exists():
                path.write_bytes(shipped(template).read_bytes())
                copied.append(path)
    except OSError as error:
        raise SurveyError(f"không chép được mẫu vào {folder} ({error.strerror or error})") from error
    return copied


def check_folder(folder: str) -> tuple[list[str], list[str]]:
    """The names of an office's own templates in a folder, and what is wrong with them and beside them."""
    if not folder:
        return [], []
    if not Path(folder).is_dir():
        return [], [NO_FOLDER.format(folder=folder)]
    names, problems = [], []
    for path in sorted(Path(folder).glob("[!~.]*.docx")):  # Word's own lock files begin with ~
        template = EDITABLE.get(path.stem)
        if template is None:
            problems.append(f"mẫu {path} không thay mẫu nào; đặt tên là một trong: {', '.join(EDITABLE)} (.docx)")
            continue
        names.append(path.name)
        try:
            check(path, template)
        except SurveyError as error:
            problems.append(str(error))
    return names, problems


def own_template(folder: str, template: Template) -> Path | None:
    """The one in an office's own folder, where it is there. Raises `SurveyError` where the folder is not."""
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SurveyError(NO_FOLDER.format(folder=folder))
    path = Path(folder) / f"{template.name}.docx"
    return path if path.exists() else None


def check(path: Path, template: Template) -> frozenset[str]:
    """The merge fields that a template names. Raises `SurveyError` naming the first that this paper does not have."""
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise SurveyError(f"mẫu {path} quá lớn; tối đa {LARGEST // 1_000_000} MB")
            if any(_ACTIVE.search(name.encode()) or _ACTIVE.search(parts.read(name)) for name in parts.namelist()):
                raise SurveyError(f"mẫu {path} có macro hoặc liên kết tự chạy; hãy bỏ đi rồi lưu lại thành .docx")
        with MailMerge(path) as document:
            named = frozenset(document.get_merge_fields())
    except SurveyError:
        raise
    except FileNotFoundError:
        raise SurveyError(f"không có tệp mẫu {path}") from None
    except Exception as error:  # whatever a file that is no .docx makes the parsers say
        raise SurveyError(f"mẫu {path} không phải tệp Word .docx đọc được ({type(error).__name__})") from error
    unknown = sorted(named - template.known)
    if unknown:
        raise SurveyError(
            f"mẫu {path} có trường “{unknown[0]}” mà {template.title} không có; các trường dùng được: "
            + ", ".join(sorted(template.known))
        )
    return named


def fill(path: Path, template: Template, contents: Contents, address: str) -> bytes:
    """The template with every field filled, and its QR picture leading to `address`. Raises `SurveyError`."""
    named = check(path, template)
    filled = io.BytesIO()
    with MailMerge(path) as document:
        for table in template.tables:
            anchor = next((column for column in TABLES[table] if column in named), None)
            if anchor is not None:
                rows = contents.tables.get(table, ())
                document.merge_rows(anchor, [_clean(row) for row in rows] or [dict.fromkeys(TABLES[table], "")])
        document.merge(**_clean(contents.fields))
        document.write(filled)
    return _with_qr(filled.getvalue(), address)


def fill_cards(path: Path, cards: Sequence[tuple[Mapping[str, str], str]], organiser: str) -> bytes:
    """One line of the template's table for each card: its fields and where its QR leads; without fields an empty one.

    Raises `SurveyError`, also where the line has no field `the_ma` or no QR picture.
    """
    if "the_ma" not in check(path, CARDS) or not has_qr(path):
        raise SurveyError(f"mẫu {path} thiếu trường “the_ma” hoặc hình có văn bản thay thế “QR” trong ô của thẻ")
    filled = io.BytesIO()
    with MailMerge(path) as document:
        blank = dict.fromkeys(TABLES["the"], "")
        document.merge_rows("the_ma", [_clean(blank | dict(fields)) for fields, _ in cards])
        document.merge(**_clean({"co_quan": organiser}))
        document.write(filled)
    return _with_qrs(filled.getvalue(), [link for _, link in cards], path)


def has_qr(path: Path) -> bool:
    """Whether a template has a picture for the QR code."""
    with zipfile.ZipFile(path) as parts:
        return any(_pictures(parts))


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    """Without the control characters that XML cannot hold."""
    return {name: _CONTROLS.sub("", text) for name, text in texts.items()}


def _with_qr(filled: bytes, address: str) -> bytes:
    from surveys.documents.typst_pdf import qr_png

    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(filled)) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        codes = set(_pictures(parts))
        for name in parts.namelist():
            out.writestr(name, qr_png(address) if name in codes else parts.read(name))
    return written.getvalue()


def _with_qrs(filled: bytes, links: Sequence[str], path: Path) -> bytes:
    """Each card's picture made its own; where a card is empty, so is its place."""
    from surveys.documents.typst_pdf import qr_png

    written, main = io.BytesIO(), "word/document.xml"
    with zipfile.ZipFile(io.BytesIO(filled)) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        body: Any = etree.fromstring(parts.read(main))
        relations = etree.fromstring(parts.read("word/_rels/document.xml.rels"))
        drawings = body.xpath(f"//w:drawing[.//wp:docPr[@descr='{QR}']]", namespaces=_NAMES)
        if len(drawings) != len(links):
            raise SurveyError(f"mẫu {path} cần đúng một hình “{QR}”, trong ô của thẻ")
        for number, (drawing, link) in enumerate(zip(drawings, links, strict=True), 1):
            if not link:
                for run in drawing.xpath("ancestor::w:tr[1]//w:r", namespaces=_NAMES):
                    run.getparent().remove(run)
                continue
            drawing.xpath(".//wp:docPr", namespaces=_NAMES)[0].set("id", str(number))
            drawing.xpath(".//a:blip", namespaces=_NAMES)[0].set(f"{{{_NAMES['r']}}}embed", f"rCard{number}")
            made = {"Id": f"rCard{number}", "Type": f"{_NAMES['r']}/image", "Target": f"media/card{number}.png"}
            etree.SubElement(relations, _RELATIONS, made)
            out.writestr(f"word/media/card{number}.png", qr_png(link))
        changed = {main: body, "word/_rels/document.xml.rels": relations}
        for name in parts.namelist():
            out.writestr(name, etree.tostring(changed[name]) if name in changed else parts.read(name))
    return written.getvalue()


def _pictures(parts: zipfile.ZipFile) -> Iterator[str]:
    """The parts that hold the pictures named `QR`."""
    for name in parts.namelist():
        if not re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            continue
        folder, file = posixpath.split(name)
        relations = f"{folder}/_rels/{file}.rels"
        if relations not in parts.namelist():
            continue
        targets = {
            one.get("Id"): one.get("Target", "") for one in etree.fromstring(parts.read(relations)).iter(_RELATIONS)
        }
        drawing = f"//wp:docPr[@descr='{QR}']/ancestor::*[self::wp:inline or self::wp:anchor]//a:blip/@r:embed"
        embedded: Any = etree.fromstring(parts.read(name)).xpath(drawing, namespaces=_NAMES)
        for target in filter(None, map(targets.get, embedded)):
            yield posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
