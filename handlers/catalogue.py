"""Every text we say, by language. A missing key or placeholder stops the program at start."""

import hashlib
import string
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from handlers.tickets.states import UNDER_WAY
from surveys.ballots.states import How
from surveys.labels import CatalogueError, flattened, require_labels
from surveys.privacy.requests import KINDS
from surveys.rounds.delivery_reasons import Why
from surveys.rounds.states import NOT_ALONE, PartState, RoundState
from vietnamese.folding import fold

LANGUAGES = ("vi", "km", "en")  # Vietnamese first: the default
WORDING = ("text", "account_app", "account_page", "rights_app", "rights_page", "carrier")  # of the consent question
FOLDER = Path(__file__).parent / "texts"
# The closed sets that a catalogue says: under each prefix there is a text for every value.
Labels = tuple[tuple[str, tuple[str, ...]], ...]
LABELS: Labels = (  # in conversations
    ("state.round", tuple(RoundState)),
    ("why", tuple(Why)),
    ("assist", tuple(How)),
    ("household.by", NOT_ALONE),
    ("data", tuple(PartState)),
    ("data.kind", KINDS),
    ("want", UNDER_WAY),
)


class Catalogue:
    """Texts by language and dotted key, such as `consent.yes`; words that are commands."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], words: Mapping[str, str]) -> None:
        self._texts = texts
        self._words = words

    def say(self, language: str, key: str, /, **values: object) -> str:
        text = self._texts.get(language, self._texts["vi"])[key]
        return text.format_map(values) if values else text

    def command(self, text: str) -> str:
        """The command that a whole message names in any language, such as "help"; or nothing."""
        if len(text) > 40:
            return ""
        return self._words.get(f"={text.strip().lower()}") or self._words.get(fold(text), "")

    @property
    def consent_version(self) -> str:
        """Changes whenever the wording of the consent question does, in any language."""
        wording = "\0".join(self._texts[language][f"consent.{key}"] for language in LANGUAGES for key in WORDING)
        return hashlib.sha256(wording.encode()).hexdigest()[:12]


@cache
def load_catalogue(folder: Path = FOLDER, labels: Labels = LABELS) -> Catalogue:
    """Read all languages. Raises `CatalogueError` naming the file and the key.

    `labels`: the closed sets of which every value must have its text, in every language.
    """
    texts: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    for language in LANGUAGES:
        try:
            sections = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        except ValueError as error:
            raise CatalogueError(f"{language}.toml: {error}") from None
        for command, names in sections.pop("words", {}).items():
            for name in names:
                word = name if name.startswith("=") else fold(name)
                if words.setdefault(word, command) != command:
                    raise CatalogueError(f"{language}.toml: words.{command}: {name!r} already means another command")
        texts[language] = {
            key: text if key.endswith(".contact") else text.strip("\n") for key, text in flattened(sections)
        }
        for prefix, values in labels:
            require_labels(texts[language], f"{folder.parent.name}/{folder.name}/{language}.toml", prefix, values)
    model = texts["vi"]
    for language, own in texts.items():
        for key in sorted(model.keys() ^ own.keys()):
            raise CatalogueError(f"{language}.toml or vi.toml: {key} is missing")
        for key, text in own.items():
            if (found := _placeholders(text)) is None or found != _placeholders(model[key]):
                raise CatalogueError(f"{language}.toml: {key} has other placeholders than vi.toml, or a broken one")
    return Catalogue(texts, words)


def _placeholders(text: str) -> set[str] | None:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:  # an open brace
        return None
