"""The judge: what phones received, against what the program's ledger says of it. Never the ledger alone."""

from collections import Counter

from books import check_ballots
from screens import CATALOGUE
from simulation.universe import FIRST, Universe

from standin import TelegramStandIn
from storage.tables import Delivery, Event, Interview

EXPLAINED = {"uncertain", "unreachable", "rejected", "cancelled", "expired"}
TITLES = {
    "invite": CATALOGUE.say("vi", "invite.title", organisation="").strip(),
    "reminder-1": CATALOGUE.say("vi", "reminder.title"),
}
COPIES = 2  # of a reply, at most


def judge(universe: Universe) -> None:
    """Raises `AssertionError`, naming the seed, where a promise is broken."""
    found = wrongs(universe.telegram, universe.plan.invited, _told(universe))
    said = f"seed {universe.seed}, {universe.crashes} crashes in {universe.steps} steps"
    assert not found, f"{said}: {found[:5]}"
    assert universe.telegram.violations == [], f"{said}: {universe.telegram.violations[:2]}"
    events = Counter(row.state for row in universe.rows(Event.state))
    assert not events - Counter(done=events["done"]), f"{said}: events are {events}"
    assert all(resident.finished for resident in universe.residents), f"{said}: somebody could not finish"
    check_ballots(universe, universe.residents)
    assert all(row.state == "submitted" for row in universe.rows(Interview.state)), said


def wrongs(telegram: TelegramStandIn, invited: int, told: dict[tuple[int, str], str]) -> list[str]:
    """Who was missed without a word, who got something twice. `told`: the state of each message that was owed."""
    got = Counter(
        (sent.chat_id, kind)
        for sent in telegram.ledger
        for kind, title in TITLES.items()
        if sent.kind == "send" and title in sent.text
    )
    found = [f"{person} got {count} of {kind}" for (person, kind), count in got.items() if count > 1]
    for person in range(FIRST, FIRST + invited):
        if (person, "invite") not in told:
            found.append(f"{person} was never owed an invitation")
    for (person, kind), state in told.items():
        if not got[person, kind] and state not in EXPLAINED:
            found.append(f"{person} missed {kind}, which is {state}")
        if got[person, kind] and state not in ("sent", "uncertain"):
            found.append(f"{person} got {kind}, which is {state}")
    return found


def _told(universe: Universe) -> dict[tuple[int, str], str]:
    rows = universe.rows(Delivery.address, Delivery.kind, Delivery.state, where=Delivery.kind.in_(TITLES))
    return {(int(row.address), row.kind): row.state for row in rows}
