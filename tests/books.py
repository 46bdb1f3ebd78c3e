"""The program's books against what the residents did: nothing lost, nothing twice, nothing left behind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from program import Program
from residents import Resident

from storage.tables import Address, Ballot, Delivery, Event, Interview, Round, Unit
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import ballot_tag


def check_events(program: Program, events: int) -> None:
    """Each event is in the inbox once, handled and emptied, and was answered once."""
    inbox = program.rows(Event.event_key, Event.state, Event.payload, Event.reason)
    states = Counter(row.state for row in inbox)
    assert states == {"done": events}, f"{events} events were sent; the inbox holds {states}: {_reasons(inbox)}"
    kept = [row.event_key for row in inbox if row.payload is not None]
    assert not kept, f"payloads of {len(kept)} handled events were kept"
    replies = program.rows(Delivery.kind, Delivery.state, Delivery.reason, Delivery.payload)
    assert Counter(row.kind for row in replies) == {"reply": events}, "not one reply to each event"


def check_replies(program: Program, *, uncertain: int = 0) -> int:
    """Each reply is settled and emptied; at most so many may be uncertain. Returns how many are."""
    replies = program.rows(Delivery.id, Delivery.state, Delivery.reason, Delivery.payload)
    assert all(row.payload is None for row in replies), "texts of settled replies were kept"
    states = Counter(row.state for row in replies)
    assert states.keys() <= {"sent", "uncertain"}, f"replies are {states}: {_reasons(replies)}"
    assert states["uncertain"] <= uncertain, f"{states['uncertain']} replies are uncertain: {_reasons(replies)}"
    return states["uncertain"]


def check_ballots(program: Program, residents: Iterable[Resident]) -> None:
    """One ballot for each resident who answered anything, with the choices they made, in the unit they live in."""
    codes = {row.id: row.code for row in program.rows(Round.id, Round.code)}
    secrets = {number: program.vault.round_secret(code) for number, code in codes.items()}
    people = {int(row.address): row.person_id for row in program.rows(Address.address, Address.person_id)}
    places = {row.id: row.name for row in program.rows(Unit.id, Unit.name)}
    columns = Ballot.round_id, Ballot.tag, Ballot.unit_id, Ballot.submitted, Ballot.answers
    ballots = {(row.round_id, bytes(row.tag)): row for row in program.rows(*columns)}
    ciphers = {number: Cipher(secret) for number, secret in secrets.items()}
    states = {row.person_id: row.state for row in program.rows(Interview.person_id, Interview.state)}
    wrong = []
    for resident in residents:
        person = people.get(resident.phone.user_id, 0)
        own = [
            ballots.pop((number, tag))
            for number, secret in secrets.items()
            if (number, tag := ballot_tag(secret, person)) in ballots
        ]
        found = [
            (ciphers[row.round_id].decrypt(bytes(row.tag), row.answers), row.submitted, places[row.unit_id])
            for row in own
        ]
        made = [(resident.expected(), resident.finished, resident.home)] if resident.choices else []
        if found != made:
            wrong.append(f"{resident.story}\n  chose  {made}\n  stored {found}")
        if resident.finished and states.get(person) != "submitted":
            wrong.append(f"{resident.story}\n  finished, but the interview is {states.get(person)}")
    assert not wrong, f"{len(wrong)} ballots differ:\n" + "\n".join(wrong[:5])
    assert not ballots, f"{len(ballots)} ballots belong to nobody"


def _reasons(rows: Sequence[Any]) -> dict[Any, int]:
    return dict(Counter((row.state, row.reason) for row in rows).most_common(8))
