"""PDF by typst: our layouts in `pdf/*.typ`, fonts from packages, no office suite and no network.

What is printed reaches a layout as JSON strings, which typst sets as text: nothing in them can run.
"""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import fontpkg_noto_sans_khmer
import segno
import typst

LAYOUTS = Path(__file__).parent / "pdf"


def press(layout: str, values: Mapping[str, Any], now: datetime) -> bytes:
    """The PDF of a layout filled with plain values. Raises `RuntimeError` when the layout itself is wrong."""
    pages, warnings = _compiler(layout, values).compile_with_warnings(
        format="pdf", timestamp=now.replace(microsecond=0), pdf_tags=False
    )
    if warnings:
        raise RuntimeError(f"{layout}.typ: {warnings[0]}")
    assert isinstance(pages, bytes)
    return pages


def pictures(layout: str, values: Mapping[str, Any], ppi: int = 100) -> list[bytes]:
    """The same as a PNG for each page, to look at."""
    pages = _compiler(layout, values).compile(format="png", ppi=ppi)
    assert pages is not None
    return [pages] if isinstance(pages, bytes) else pages


def qr_svg(address: str) -> str:
    """A QR code as SVG, without a margin: the layout leaves one."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def qr_png(address: str) -> bytes:
    """A QR code as PNG with its margin, for Word."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", border=2, scale=8)
    return drawn.getvalue()


def _compiler(layout: str, values: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        LAYOUTS / f"{layout}.typ",
        root=LAYOUTS,
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(values, ensure_ascii=False)},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    packages = (fontpkg_noto_sans, fontpkg_noto_sans_khmer)
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[package.ROOT / "files" for package in packages],
    )
