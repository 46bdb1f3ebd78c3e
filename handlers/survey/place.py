"""Where a person lives: typed as they know it, chosen from a list, or carried by a QR code."""

from handlers.messages import Message, quoted, refused
from handlers.visit import Visit
from places.find import Match, find, find_within
from places.units import Place

_SURE = 0.85  # a match this good …
_AHEAD = 0.12  # … and this far ahead of the next is taken without asking
_LIST = 8  # communes offered before anything is typed


def question(visit: Visit) -> Message:
    """Which commune? Those of the round that a link named come first, or of all open rounds."""
    shared = visit.shared
    wanted = shared.rounds.get(visit.person.round_id or 0)
    communes = shared.communes_asked([wanted] if wanted else list(shared.rounds.values()))
    return Message(
        title=visit.text("place.title"),
        text=visit.text("place.text"),
        choices=tuple(visit.choice(f"place:{place.id}", place.name) for place in communes[:_LIST]),
        accepts="place",
        asks=visit.asking("place"),
    )


def hamlet_question(visit: Visit) -> Message:
    """Which hamlet of the commune? Not knowing is an answer too."""
    commune = visit.shared.territory[visit.person.unit_id or 0]
    hamlets = visit.shared.territory.hamlets(commune.id)
    return Message(
        title=visit.text("place.hamlet", commune=commune.name),
        text="",
        choices=(
            *(visit.choice(f"place:h:{hamlet.id}", hamlet.name) for hamlet in hamlets),
            visit.choice("place:h:0", visit.text("place.no_hamlet")),
            visit.choice("place:other", visit.text("place.again"), aside=True),
        ),
        accepts="hamlet",
        asks=visit.asking("hamlet"),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    territory = visit.shared.territory
    match arguments:
        case ["other"]:
            forget_place(visit)
        case ["h", number] if visit.person.unit_id is not None:
            hamlet = territory.get(int(number))
            if hamlet is None or hamlet.parent_id == visit.person.unit_id:
                _live_in(visit, visit.person.unit_id, hamlet.id if hamlet else None)
        case [number] if (place := territory.get(int(number))) is not None:
            settle(visit, place)


def typed(visit: Visit, text: str) -> None:
    """A place as somebody typed it: taken when sure, offered when not, asked again when not found."""
    token = visit.offered(text)
    if token:
        visit.press_button(token)
        return
    if visit.person.unit_id is not None:
        _typed_hamlet(visit, text)
        return
    matches = [match for match in find(visit.shared.territory, text) if match.place.level != "province"]
    if not matches:
        visit.say(refused(question(visit), visit.text("place.unknown", text=quoted(text))))
    elif _sure(matches):
        settle(visit, matches[0].place)
    else:
        visit.say(
            Message(
                text=visit.text("place.which"),
                choices=(
                    *(visit.choice(f"place:{match.place.id}", _label(visit, match)) for match in matches),
                    visit.choice("place:other", visit.text("place.again"), aside=True),
                ),
                accepts="place",
                asks=visit.asking("place"),
            )
        )


def settle(visit: Visit, place: Place) -> None:
    """Live here from now on; a hamlet settles its commune too."""
    if place.level == "hamlet" and place.parent_id is not None:
        _live_in(visit, place.parent_id, place.id)
    elif place.level == "commune":
        visit.let_go()
        visit.person.unit_id, visit.person.hamlet_id = place.id, None
        visit.person.hamlet_asked = not visit.shared.territory.hamlets(place.id)
        if visit.person.hamlet_asked:
            _move_ballots(visit)


def forget_place(visit: Visit) -> None:
    visit.let_go()
    visit.person.unit_id = visit.person.hamlet_id = None
    visit.person.hamlet_asked = False


def _live_in(visit: Visit, commune_id: int, hamlet_id: int | None) -> None:
    visit.let_go()
    visit.person.unit_id, visit.person.hamlet_id, visit.person.hamlet_asked = commune_id, hamlet_id, True
    _move_ballots(visit)


def _move_ballots(visit: Visit) -> None:
    """A ballot in a round that asks here too counts where its person lives now."""
    place_id = visit.person.place_id
    for interview in visit.interviews.values():
        open_round = visit.shared.rounds[interview.round_id]
        if interview.household_id is None and place_id is not None and visit.shared.asks(open_round, place_id):
            interview.unit_id = place_id


def _typed_hamlet(visit: Visit, text: str) -> None:
    commune_id = visit.person.unit_id or 0
    matches = find_within(visit.shared.territory, commune_id, text)
    if matches and _sure(matches):
        settle(visit, matches[0].place)
        return
    commune = visit.shared.territory[commune_id]
    visit.say(refused(hamlet_question(visit), visit.text("place.hamlet_unknown", commune=commune.name)))


def _sure(matches: list[Match]) -> bool:
    ahead = len(matches) == 1 or matches[0].score - matches[1].score >= _AHEAD
    return matches[0].score >= _SURE and ahead


def _label(visit: Visit, match: Match) -> str:
    if not match.was:
        return match.place.name
    return visit.text("place.formerly", name=match.place.name, former=str(match.was[0]))
