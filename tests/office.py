"""Papers read back: the text of a .docx, the text of a PDF, and LibreOffice where it is installed."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICES = ("soffice", "libreoffice")


def docx_text(path: Path) -> str:
    """What a reader sees: paragraphs and footers, a line each."""
    with zipfile.ZipFile(path) as parts:
        roots = [
            etree.fromstring(parts.read(name))
            for name in sorted(parts.namelist())
            if name.startswith(("word/document", "word/footer", "word/header")) and name.endswith(".xml")
        ]
    paragraphs = (paragraph for root in roots for paragraph in root.iter(f"{W}p"))
    return "\n".join("".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in paragraphs)


def holds(text: str, words: str) -> bool:
    """Whether a text holds these words, wherever its lines are broken."""
    return "".join(words.split()) in "".join(text.split())


def pdf_text(path: Path) -> str:
    """All pages, on one line: a PDF breaks lines where it likes."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def convert(paths: list[Path], folder: Path) -> list[Path]:
    """The PDFs that LibreOffice makes of Word files, and it says nothing but so. Without one the test is skipped in one
    visible line, or fails under LANGNGHE_REQUIRE_ALL=1."""
    office = next((found for name in OFFICES if (found := shutil.which(name))), None)
    if office is None:
        if os.environ.get("LANGNGHE_REQUIRE_ALL") == "1":
            pytest.fail("no LibreOffice was found (apt-get install libreoffice-writer-nogui)")
        pytest.skip("no LibreOffice was found (apt-get install libreoffice-writer-nogui)")
    done = subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *map(str, paths)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if line and "javaldx" not in line]  # Java is not needed
    assert (done.returncode, said) == (0, []), done.stderr
    made = [folder / f"{path.stem}.pdf" for path in paths]
    assert all(path.exists() for path in made), done.stdout
    return made
