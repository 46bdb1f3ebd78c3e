"""Papers that tell results are entered with what they say and their hash, so that anybody can hold one against it."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert

from storage.tables import IssuedPaper
from surveys.atomic_files import replacing
from surveys.documents.document import Format, Paper, render
from surveys.errors import SurveyError


def format_of(out: Path) -> Format:
    """By the file's name. Raises `SurveyError` for anything but .docx and .pdf."""
    match out.suffix.lower():
        case ".docx":
            return "docx"
        case ".pdf":
            return "pdf"
    raise SurveyError(f"tệp {out.name} phải là .docx hoặc .pdf")


def write_paper(
    paper: Paper, out: Path, now: datetime, *, template: Path | None = None, before: Callable[[str], None]
) -> str:
    """Write the paper and return its SHA-256.

    `before` is called with it when the file is whole and not in its place yet; when that fails there is no file.
    Raises `SurveyError` naming an unknown field of a template, and where the file cannot be written.
    """
    content = render(paper, format_of(out), now, template)
    sha256 = hashlib.sha256(content).hexdigest()
    with replacing(out) as beside:
        beside.write_bytes(content)
        before(sha256)
    return sha256


def enter(connection: Connection, paper: Paper, format: Format, sha256: str, now: datetime) -> None:
    """Keep what a paper with results says, under its code. One without is not entered."""
    if not paper.code:
        return
    connection.execute(
        insert(IssuedPaper).values(
            code=paper.code,
            round_id=paper.round,
            unit_id=paper.unit,
            kind=paper.template.name,
            format=format,
            sha256=sha256,
            printed={"fields": dict(paper.contents.fields), "tables": dict(paper.contents.tables)},
            issued_at=now,
        )
    )
