"""Form files taken in within bounds, whoever made them."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from surveys.forms.problems import FormError, Problem, whole_file

FILE_LIMIT = 5_000_000  # bytes
UNPACKED_LIMIT = 50_000_000  # bytes; zipfile never unpacks more than an archive declares
MEMBER_LIMIT = 200  # files in an .xlsx
TABLE_RULE = re.compile(r"[\s|:\-]+")  # the line under the headings of a Markdown table, or an empty row
CELL_END = re.compile(r"(?<!\\)\|")


def read_content(path: Path) -> bytes:
    """The bytes that pyxform may read. Raises `FormError` for what is too large or of another kind."""
    if path.suffix.lower() not in (".md", ".xlsx"):
        raise whole_file("bảng hỏi phải là tệp .xlsx hoặc .md")
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= FILE_LIMIT else b""
    except OSError as error:
        raise whole_file(f"không mở được tệp {path.name}") from error
    if size > FILE_LIMIT:
        raise whole_file(f"tệp lớn hơn {FILE_LIMIT // 1_000_000} MB")
    return _tables(content) if path.suffix.lower() == ".md" else _bounded(content)


def _bounded(content: bytes) -> bytes:
    """The archive itself, once it is known to unpack to a sane size."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise whole_file("tệp .xlsx bị hỏng") from error
    if len(members) > MEMBER_LIMIT or sum(member.file_size for member in members) > UNPACKED_LIMIT:
        raise whole_file("tệp .xlsx giải nén ra quá lớn")
    return content


def _tables(content: bytes) -> bytes:
    """The table lines of a Markdown text: what stands around them is for the reader."""
    try:
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise whole_file("tệp .md phải lưu ở bảng mã UTF-8") from error
    rows = [line for line in lines if line.startswith("|") and not TABLE_RULE.fullmatch(line)]
    sheet, row, cells = "", 0, 0
    for line in rows:
        name, given = line.split("|")[1].strip(), len(CELL_END.findall(line))
        sheet, row, cells = (name, 1, given) if name else (sheet, row + 1, cells)
        if given > cells:
            raise FormError([Problem(sheet, row, "", "dòng này có nhiều ô hơn dòng tên cột")])
    return "\n".join(rows).encode()
