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
_ARROW = re.compile(r"^[◀‹] ?| ?[▶›→]$")
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
            "step": step,
            "parted": parted,
            "spoken": spoken,
            "whole": whole,
        }
        self._check()

    def words(self, language: str) -> Callable[..., str]:
        """Says a text of the pages, by its key, in this language."""
        return partial(self._catalogue.say, language)

    def render(
        self, request: Request, template: str, *, language: str = "", status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page, in the given language or in the one that the visitor wants, else in Vietnamese."""
        chosen = chosen_language(request)
        language = language or wanted_language(request) or LANGUAGES[0]
        words = {"t": self.words(language), "why": lambda word: self._said.say(language, f"why.{word}")}
        html = self._environment.get_template(template).render(
            values, **words, language=language, origin=self._origin(request)
        )
        response = HTMLResponse(html, status_code=status)
        if chosen and request.cookies.get(LANGUAGE_COOKIE) != chosen:
            response.set_cookie(
                LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=self._secure
            )
        return response

    def _origin(self, request: Request) -> str:
        """Where these pages are seen, for what must be a whole address."""
        return f"{'https' if self._secure else request.url.scheme}://{request.url.netloc}"

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
    return message.note.partition(" · ")[2] if step(message) else message.note


def step(message: Message) -> str:
    """The number in front of the note, such as "Câu 2/13" or "Bước 2/8"; nothing where there is none."""
    first = message.note.partition(" · ")[0]
    return first if message.progress and "{}/{}".format(*message.progress) in first else ""


def parted(message: Message) -> tuple[str, str]:
    """Why what was said could not be taken, and the message's own text."""
    if not message.refuses:
        return "", message.text
    reason, _, text = message.text.partition("\n\n")
    return reason, text


def spoken(label: str) -> str:
    """What a reader says of a label whose arrows are only to be seen; empty where that is the label itself."""
    said = _ARROW.sub("", label)
    return said if said != label else ""


def whole(title: str) -> str:
    """A title that breaks between its words, never inside “bà con”."""
    return title.replace("bà con", "bà\N{NO-BREAK SPACE}con").replace("Bà con", "Bà\N{NO-BREAK SPACE}con")


def brief(message: Message) -> bool:
    """Whether all answers are so short, such as numbers, that several fit on a line."""
    labels = [choice.label for choice in message.choices if not choice.aside]
    return bool(labels) and max(map(len, labels)) <= 3


def wanted_language(request: Request) -> str:
    """The language picked, or else the one that the browser asks for; empty when neither says.

    Many phones here were sold set to English and are read by people who know little of it: "en-US" says how a phone
    was sold, a plain "en" that somebody asked for it. Nobody gets Khmer by accident.
    """
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip().lower()
    asked = "km" if first.partition("-")[0] == "km" else first
    return chosen_language(request) or (asked if asked in LANGUAGES else "")


def chosen_language(request: Request) -> str:
    """The language the visitor picked, by `?lang=` or earlier; empty when none was picked."""
    for language in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if language in LANGUAGES:
            return str(language)
    return ""
