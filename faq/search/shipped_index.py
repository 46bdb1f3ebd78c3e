"""The index of the entries that come with the program: built once, kept beside them, built anew when they change."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from faq.content.entries import ENTRIES, NONE_EXAMPLES, load_entries, load_none_examples
from faq.content.entries import FOLDER as CONTENT

if TYPE_CHECKING:
    from faq.search.encoder import Encoder
    from faq.search.index import Index

SEARCH = Path(__file__).parent
LIKENESSES = ("dangers", "trust", "temper")  # each learnt from its file of examples
Taught = tuple[str, str]  # (topic, question); topic "": no topic answers it


def load_index(folder: Path | None = None, encoder: "Encoder | None" = None) -> "Index":
    """The index, from `folder` (by default beside the entries, or in the user's cache) where it is up to date.

    Building takes under a minute. Raises `EntryError`, `EncoderError`.
    """
    from faq.search.index import Index, StaleIndex  # numpy: 60 ms and 11 MB that not every program needs

    try:
        return Index.load(*place_of((), folder, encoder.name if encoder else ""), encoder)
    except StaleIndex:
        return build_index(folder, encoder)


def build_index(folder: Path | None = None, encoder: "Encoder | None" = None) -> "Index":
    """Build the index whatever there is, and keep it. Raises `EntryError`, `EncoderError`."""
    from faq.search.index import Index

    index = Index.build(load_entries(), load_none_examples(), encoder)
    index.save(*place_of((), folder, encoder.name if encoder else ""))
    return index


def place_of(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> tuple[Path, str]:
    """Where the index lies that has learnt this, with this encoder, and the key that it carries."""
    folder = folder or folder_of_indexes()
    if not taught and not encoder:
        return folder / "index.npz", fingerprint()
    digest = hashlib.sha256(json.dumps([list(taught), encoder]).encode()).hexdigest()
    return folder / f"site-{digest[:16]}.npz", f"{fingerprint()} {digest}"


def place_of_likeness(name: str, folder: Path | None = None) -> tuple[Path, str]:
    """Where that lies which has learnt from `faq/content/<name>.txt`, and the key that it carries."""
    digest = hashlib.sha256((CONTENT / f"{name}.txt").read_bytes()).hexdigest()
    return (folder or folder_of_indexes()) / f"{name}.npz", f"{fingerprint()} {digest}"


def fingerprint() -> str:
    """Changes with any entry, any message of no topic, and the code that learns from them."""
    code = [*sorted(SEARCH.glob("*.py")), *sorted(CONTENT.glob("*.py"))]
    digest = hashlib.sha256()
    for path in [*sorted(ENTRIES.glob("*.md")), NONE_EXAMPLES, SEARCH / "words.toml", *code]:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def folder_of_indexes() -> Path:
    """Where indexes are kept: beside the entries, or in the user's cache where nothing can be written there."""
    if os.access(SEARCH, os.W_OK):
        return SEARCH / "built"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "langnghe"
