"""Household cards, as a PDF or from a Word template: eight to a page, each hamlet on sheets of its own.

A code is known only at the moment when it is made, so the cards are printed then, or never.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from surveys.atomic_files import replacing
from surveys.documents import word
from surveys.documents.kinds import CARDS
from surveys.documents.typst_pdf import press, qr_svg

PER_SHEET = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One household's card: what it shows is all that is known of the household."""

    commune: str
    hamlet: str
    household: str  # the register's own number
    link: str  # what the QR opens: `…/h/CODE`
    short: str  # the code for typing


def write_cards(
    cards: Sequence[Card], out: Path, *, organiser: str, now: datetime, before: Callable[[], None], templates: str = ""
) -> None:
    """Write the cards in the order given; a new hamlet begins a new sheet.

    `before` is called when the file is whole and not in its place yet, such as to store the codes: when it fails
    there is no file. A `.docx` is filled from the template, or that of the folder `templates`. The file can be read by
    its owner only. Raises `SurveyError` where it cannot be written, or for a template that will not do.
    """
    with replacing(out) as beside:
        if out.suffix.lower() == ".docx":
            template = word.own_template(templates, CARDS) or word.shipped(CARDS)
            beside.write_bytes(word.fill_cards(template, list(_lines(cards)), organiser))
        else:
            beside.write_bytes(press("cards", card_values(cards, organiser), now))
        before()


def _lines(cards: Sequence[Card]) -> Iterator[tuple[dict[str, str], str]]:
    """The fields and the link of each card; empty ones fill up a hamlet's last sheet."""
    for _, group in groupby(cards, key=lambda card: (card.commune, card.hamlet)):
        hamlet = list(group)
        for card in hamlet:
            fields = {"the_ho": card.household, "the_ap": card.hamlet, "the_xa": card.commune, "the_ma": card.short}
            yield fields, card.link
        yield from [({}, "")] * (-len(hamlet) % PER_SHEET)


def card_values(cards: Sequence[Card], organiser: str) -> dict[str, object]:
    """What the layout is filled with: the cards by hamlet, in sheets of eight."""
    hamlets: list[list[Card]] = []
    for card in cards:
        if not hamlets or (hamlets[-1][0].commune, hamlets[-1][0].hamlet) != (card.commune, card.hamlet):
            hamlets.append([])
        hamlets[-1].append(card)
    return {
        "organiser": organiser,
        "hamlets": [
            {
                "hamlet": cards[0].hamlet,
                "commune": cards[0].commune,
                "sheets": [
                    [{"household": card.household, "short": card.short, "qr": qr_svg(card.link)} for card in sheet]
                    for sheet in (cards[at : at + PER_SHEET] for at in range(0, len(cards), PER_SHEET))
                ],
            }
            for cards in hamlets
        ],
    }
