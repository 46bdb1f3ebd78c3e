"""WordprocessingML by hand: paragraphs, tables, merge fields, one QR picture; the same bytes every time.

In a text `{name}` becomes a merge field, `**…**` is bold, `_…_` is italic.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

FONT, KHMER = "Times New Roman", "Khmer OS Siemreap"
MOMENT = (2026, 1, 1, 0, 0, 0)  # of every part of the file
_INLINE = re.compile(r"\{(\w+)\}|(\*\*|_)(.+?)\2")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MILLIMETRE = 56.7  # twentieths of a point


def paragraph(
    text: str = "", *, align: str = "both", size: float = 13, before: int = 0, after: int = 80, keep: bool = False
) -> str:
    """`keep` holds it on the page of what follows."""
    kept = "<w:keepNext/><w:keepLines/>" if keep else ""
    style = f'{kept}<w:spacing w:before="{before}" w:after="{after}"/><w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{style}</w:pPr>{_runs(text, size)}</w:p>"


def table(widths: Sequence[int], rows: Sequence[str], *, lines: bool = True) -> str:
    """Columns in millimetres; with lines around the cells or without."""
    names = ("top", "left", "bottom", "right", "insideH", "insideV")
    drawn = "".join(f'<w:{name} w:val="{"single" if lines else "nil"}" w:sz="4"/>' for name in names)
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    properties = (
        f'<w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{drawn}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def row(widths: Sequence[int], cells: Sequence[str], *, head: bool = False, height: int = 0) -> str:
    """Cells that are paragraphs already; a head is repeated on every page. `height` in millimetres; 0: as needed."""
    high = f'<w:trHeight w:val="{_twips(height)}" w:hRule="exact"/>' if height else ""
    properties = f"<w:trPr><w:cantSplit/>{high}{'<w:tblHeader/>' if head else ''}</w:trPr>"
    made = (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/><w:vAlign w:val="{"center" if head else "top"}"/>'
        f"</w:tcPr>{cell}</w:tc>"
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<w:tr>{properties}{''.join(made)}</w:tr>"


def qr_picture(millimetres: int, align: str = "center") -> str:
    """The picture that becomes the paper's QR code, known by its alternative text."""
    side = millimetres * 36000
    return (
        f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr><w:r><w:drawing><wp:inline {_DRAWING} distT="0" distB="0" '
        f'distL="0" distR="0"><wp:extent cx="{side}" cy="{side}"/><wp:docPr id="1" name="QR" descr="QR"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="1" name="QR"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rQr"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def document(
    body: Sequence[str],
    footer: str,
    qr: bytes,
    title: str,
    *,
    margins: tuple[int, int, int, int] = (20, 17, 18, 25),
    columns: int = 1,
) -> bytes:
    """The file: A4, margins (top, right, bottom, left; millimetres) as official papers have them, a footer with the
    page's number."""
    top, right, bottom, left = map(_twips, margins)
    flow = f'<w:cols w:num="{columns}" w:space="{_twips(5)}"/>' if columns > 1 else ""
    section = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="{_twips(min(10, margins[0]))}" w:footer="{_twips(min(9, margins[2] // 2))}" w:gutter="0"/>'
        f"{flow}</w:sectPr>"
    )
    pages = [_run("Trang ", 9, ""), _field("PAGE", "1", 9), _run(" / ", 9, ""), _field("NUMPAGES", "1", 9)]
    number = f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{"".join(pages)}</w:p>'
    foot = paragraph(footer, align="center", size=9, after=0) + number
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            ("rDocument", f"{_OFFICE}/officeDocument", "word/document.xml"),
            (
                "rCore",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "docProps/core.xml": _core(title),
        "word/document.xml": f"{_HEAD}<w:document {_W} {_R}><w:body>{''.join(body)}{section}</w:body></w:document>",
        "word/footer1.xml": f"{_HEAD}<w:ftr {_W} {_R}>{foot}</w:ftr>",
        "word/settings.xml": f'{_HEAD}<w:settings {_W}><w:defaultTabStop w:val="720"/></w:settings>',
        "word/styles.xml": _styles(),
        "word/_rels/document.xml.rels": _relations(
            ("rFooter", f"{_OFFICE}/footer", "footer1.xml"),
            ("rQr", f"{_OFFICE}/image", "media/qr.png"),
            ("rSettings", f"{_OFFICE}/settings", "settings.xml"),
            ("rStyles", f"{_OFFICE}/styles", "styles.xml"),
        ),
        "word/media/qr.png": qr,
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as out:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)
    return written.getvalue()


def _runs(text: str, size: float, marks: str = "") -> str:
    made, at = [], 0
    for found in _INLINE.finditer(text):
        made.append(_run(text[at : found.start()], size, marks))
        if found[1]:
            made.append(_field(f"MERGEFIELD {found[1]}", f"«{found[1]}»", size, marks))
        else:
            made.append(_runs(found[3], size, marks + ("<w:b/><w:bCs/>" if found[2] == "**" else "<w:i/><w:iCs/>")))
        at = found.end()
    return "".join([*made, _run(text[at:], size, marks)])


def _run(text: str, size: float, marks: str) -> str:
    if not text:
        return ""
    khmer = any("ក" <= letter <= "៿" for letter in text)
    return f'<w:r>{_look(size, marks, khmer)}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(instruction: str, shown: str, size: float, marks: str = "") -> str:
    """A field as Word writes it, so that what fills it looks as it does."""
    look = _look(size, marks)
    pieces = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{escape(shown)}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{look}{piece}</w:r>" for piece in pieces)


def _look(size: float, marks: str, khmer: bool = False) -> str:
    half = round(size * 2)
    script = "<w:cs/>" if khmer else ""
    return f'<w:rPr>{marks}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>{script}</w:rPr>'


def _styles() -> str:
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{KHMER}"/>'
    return (
        f'{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="26"/>'
        '<w:lang w:val="vi-VN" w:bidi="km-KH"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>'
    )


def _types() -> str:
    kinds = {"document": "document.main", "footer1": "footer", "settings": "settings", "styles": "styles"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'{overrides}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    made = "".join(f'<Relationship Id="{id}" Type="{type_}" Target="{target}"/>' for id, type_, target in relations)
    return (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{made}</Relationships>"
    )


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * MILLIMETRE)
