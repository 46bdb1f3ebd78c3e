"""Templates and their texts. A template that names a text we lack stops the program at start."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from handlers.catalogue import LANGUAGES, Labels, load_catalogue
from handlers.messages import Message
from surveys.ballots.states import How
from surveys.labels import CatalogueError
from surveys.local_time import say_date, say_moment
from surveys.results.verdicts import Verdict
from surveys.rounds.states import Mode, RoundState
from surveys.rounds.units import CountedUnit
from web import number_format
from web.assets import Assets

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "lang"
YEAR = 365 * 24 * 3600  # seconds
LABELS: Labels = (  # on pages
    ("state.round", tuple(RoundState)),
    ("mode", tuple(Mode)),
    ("helped", tuple(How)),
    ("kiosk.kept", get_args(CountedUnit)),
    ("results", get_args(Verdict)),
)
_NAMED = re.compile(r"\bt\('([\w.]+)'[,)]")


class Pages:
    """Renders our own pages; everything in them is escaped."""

    def __init__(self, *, sample: bool = False, secure: bool = False) -> None:
        self.assets = Assets()
        self._catalogue = load_catalogue(HERE / "texts", LABELS)
        self._said = load_catalogue()
        self._secure = secure
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {"static": self.assets.address, "sample": sample, "languages": LANGUAGES}
        self._environment.filters |= {
            "count": number_format.count,
            "percent": number_format.percent,
            "official": number_format.official,
            "day": say_date,
            "moment": say_moment,
            "hint": hint,
            "brief": brief,
        }
        self._check()

    def words(self, language: str) -> Callable[..., str]:
        """Says a text of the pages, by its key, in this language."""
        return partial(self._catalogue.say, language)

    def render(
        self, request: Request, template: str, *, language: str = "", status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page, in the given language or in the one that the visitor chose, else in Vietnamese."""
        chosen = chosen_language(request)
        language = language or chosen or LANGUAGES[0]
        words = {"t": self.words(language), "why": lambda word: self._said.say(language, f"why.{word}")}
        html = self._environment.get_template(template).render(values, **words, language=language)
        response = HTMLResponse(html, status_code=status)
        if chosen and request.cookies.get(LANGUAGE_COOKIE) != chosen:
            response.set_cookie(
                LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=self._secure
            )
        return response

    def _check(self) -> None:
        """Compile every template, and find every text that one names."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)
            for key in _NAMED.findall((HERE / "templates" / name).read_text(encoding="utf-8")):
                try:
                    self._catalogue.say(LANGUAGES[0], key)
                except KeyError:
                    raise CatalogueError(f"web/texts/vi.toml: {key} is missing ({name} uses it)") from None


def hint(message: Message) -> str:
    """The note without the question's number in front, which pages show as a bar."""
    first, _, rest = message.note.partition(" · ")
    numbered = message.progress and "{}/{}".format(*message.progress) in first
    return rest if numbered else message.note


def brief(message: Message) -> bool:
    """Whether all answers are so short, such as numbers, that several fit on a line."""
    labels = [choice.label for choice in message.choices if not choice.aside]
    return bool(labels) and max(map(len, labels)) <= 3


def chosen_language(request: Request) -> str:
    """The language the visitor picked, by `?lang=` or earlier; empty when none was picked."""
    for language in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if language in LANGUAGES:
            return str(language)
    return ""
