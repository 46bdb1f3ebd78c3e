"""Take the README's pictures from the demo: `make docs`, or `python tools/take_pictures.py`.

Starts the demo on a free port in a folder of its own, photographs it with tools/screenshots.py, stops it.
Needs Chromium.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from storage.database import Database
from storage.tables import Round
from surveys.ballots.kiosks import open_kiosk
from surveys.documents.contents import Organiser
from surveys.documents.document import compose
from surveys.documents.typst_pdf import pictures
from surveys.permissions import targets

TOOLS = Path(__file__).resolve().parent
ORGANISER = "Ủy ban MTTQ Việt Nam xã Thuận Hòa"
PICTURES = TOOLS.parent / "docs" / "pictures"
LARGEST = 160_000  # bytes of one picture: the README loads on a phone's connection
STOPS_WITHIN = 20  # seconds that the demo has to end
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def main() -> int:
    """Write docs/pictures/*.png; returns 1 when a picture is too large."""
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as address:
        password = (Path(folder) / "demo-sign-in.txt").read_text(encoding="utf-8").strip()
        options = ["--url", address, "--out", str(PICTURES), "--staff-name", "demo", "--staff-password", password]
        options += ["--kiosk", f"{address}/kiosk/start/{kiosk_token(Path(folder) / 'langnghe.db')}"]
        subprocess.run([sys.executable, TOOLS / "screenshots.py", *options], check=True)
        (PICTURES / "paper.png").write_bytes(first_page(Path(folder) / "langnghe.db"))
    large = [path.name for path in PICTURES.glob("*.png") if path.stat().st_size > LARGEST]
    if large:
        print(f"larger than {LARGEST} bytes: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


def kiosk_token(path: Path) -> str:
    """Of a kiosk for the first open round, in its first commune."""
    database = Database(f"sqlite:///{path}")
    try:
        with database.transaction() as connection:
            round_id = connection.scalar(select(Round.id).where(Round.state == "open").order_by(Round.id))
            assert round_id is not None
            unit = targets(connection, round_id)[0]
            return open_kiosk(connection, round_id, unit, "1234", datetime.now(UTC)).token
    finally:
        database.close()


def first_page(path: Path) -> bytes:
    """Of the counting minutes of the demo's published round, as a PNG."""
    database = Database(f"sqlite:///{path}")
    try:
        paper = database.read_now(
            lambda connection: compose(
                connection, 1, "minutes", unit="31582", organiser=Organiser(ORGANISER), site="https://langnghe.example"
            )
        )
    finally:
        database.close()
    return pictures(paper.template.name, paper.values(), ppi=80)[0]


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """The address of a demo that runs in this folder for as long as the block does."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--data", folder, "--no-browser"],
        cwd=TOOLS.parent,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield printed_address(demo)
    finally:
        demo.terminate()
        demo.communicate(timeout=STOPS_WITHIN)


def printed_address(demo: "subprocess.Popen[str]") -> str:
    """The first address that the demo prints: from then on it answers. Raises `RuntimeError` when it ends before."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if match := ADDRESS.search(line):
            return match[0]
    raise RuntimeError("the demo ended without printing an address")


if __name__ == "__main__":
    sys.exit(main())
