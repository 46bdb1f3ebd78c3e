"""What phones received, held against what the ledger says became of every message. Never the ledger alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from screens import CATALOGUE

from standin import TelegramStandIn

WRITERS = 5_000_000  # chats of people who write meanwhile lie above

TITLE = CATALOGUE.say("vi", "invite.title", organisation="").strip()
COPIES = 2  # of a reply, at most


@dataclass(frozen=True)
class Verdict:
    """How many; `wrongs` names each broken promise."""

    messages: int
    invited: int
    states: Counter[str]
    duplicates: int  # second copies of an invitation
    missed: int  # who got none, and is not listed with a reason
    arrived: int  # of the uncertain, who got theirs
    most_copies: int  # of one reply
    wrongs: list[str]

    def __str__(self) -> str:
        return (
            f"{self.messages} messages, {self.invited} invited, {self.duplicates} duplicates, {self.missed} missed, "
            f"{self.states['uncertain']} uncertain ({self.arrived} of them arrived), a reply at most "
            f"{self.most_copies} times; {dict(self.states)}"
        )


def judge(
    telegram: TelegramStandIn, rows: Sequence[Any], people: Iterable[int], blocked: frozenset[int] = frozenset()
) -> Verdict:
    """`rows` of the ledger; everybody in `people` was to be invited; `blocked` cannot be reached."""
    sends = [sent for sent in telegram.ledger if sent.kind == "send"]
    got = Counter(sent.chat_id for sent in sends if sent.chat_id < WRITERS and TITLE in sent.text)
    replies = Counter(sent.chat_id for sent in sends if sent.chat_id >= WRITERS)
    told = {int(row.address): row for row in rows if row.kind == "invite"}
    wrongs, missed = [], 0
    for person in people:
        row, copies = told.get(person), got[person]
        if row is None or (not copies and row.state == "sent") or row.state in ("pending", "claimed", "held"):
            missed += 1
            wrongs.append(f"{person} was missed: {row}")
        elif copies > 1:
            wrongs.append(f"{person} was invited {copies} times")
        elif copies and row.state not in ("sent", "uncertain"):
            wrongs.append(f"{person} was reached: {row}")
        elif row.state != "sent" and not row.reason:
            wrongs.append(f"{person} without a reason: {row}")
        elif (row.state == "unreachable") > (person in blocked):
            wrongs.append(f"{person} can be reached: {row}")
    for row in rows:
        if row.kind == "reply" and row.state == "sent" and not replies[int(row.address)]:
            wrongs.append(f"{row.address} got no reply")
    wrongs += [f"{chat} got a reply {count} times" for chat, count in replies.items() if count > COPIES]
    return Verdict(
        messages=len(telegram.ledger),
        invited=len(told),
        states=Counter(row.state for row in rows if row.kind == "invite"),
        duplicates=sum(count - 1 for count in got.values()),
        missed=missed,
        arrived=sum(row.state == "uncertain" and got[person] > 0 for person, row in told.items()),
        most_copies=max(replies.values(), default=0),
        wrongs=wrongs,
    )
