"""Messages with their kind, for what is told by likeness: one "kind | message" a line."""

from collections.abc import Sequence
from pathlib import Path

OTHER = "other"  # of no kind, though it may sound like one

Examples = Sequence[tuple[str, str]]  # (kind or "other", message)


def load_examples(path: Path) -> Examples:
    """The examples of a file, one "kind | message" a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parted = (line.partition("|") for line in lines if line.strip() and not line.startswith("#"))
    return [(kind.strip(), text.strip()) for kind, _, text in parted]
