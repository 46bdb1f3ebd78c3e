"""Files that are whole or not there."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from surveys.errors import SurveyError


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file beside `out`, for its owner only, that takes its place once the block has ended well.

    Raises `SurveyError` where it cannot be written.
    """
    try:
        handle, name = mkstemp(prefix=f".{out.name}.", suffix=out.suffix, dir=out.parent)
        os.close(handle)
        beside = Path(name)
        try:
            yield beside
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise SurveyError(f"không ghi được tệp {out} ({error.strerror or error})") from error


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
