"""What a message is and what became of it, each set once: the ledger of `bot/delivery` writes the same words."""

from enum import StrEnum


class DeliveryKind(StrEnum):
    """What is owed to somebody."""

    REPLY = "reply"  # an answer to what they wrote, or a notice: a second copy does no harm
    REHEARSAL = "rehearsal"  # an official looks at their own round
    INVITE = "invite"  # a round asks them
    REMINDER_1 = "reminder-1"  # it asks again those who have not finished
    REMINDER_2 = "reminder-2"  # and once more; further ones only annoy


REMINDERS = (DeliveryKind.REMINDER_1, DeliveryKind.REMINDER_2)  # in their order


class DeliveryState(StrEnum):
    """Where a message is: waiting, on its way, or what became of it."""

    PENDING = "pending"  # goes out when it is due
    HELD = "held"  # waits for somebody's word; `reason` says for which
    CLAIMED = "claimed"  # a process is sending it
    SENT = "sent"  # the platform took it
    UNREACHABLE = "unreachable"  # the chat is gone, or refuses us
    REJECTED = "rejected"  # the platform refused this message, or it could not be written
    UNCERTAIN = "uncertain"  # nobody can know whether it arrived
    CANCELLED = "cancelled"  # not wanted any more before it was sent
    EXPIRED = "expired"  # its round was over before it was sent


WAITING = (DeliveryState.PENDING, DeliveryState.HELD)  # may still be taken back
GOING = (DeliveryState.PENDING, DeliveryState.CLAIMED)  # on their way without anybody's word
UNSETTLED = (*GOING, DeliveryState.HELD)
FINAL = tuple(state for state in DeliveryState if state not in UNSETTLED)
FAILED = (DeliveryState.UNREACHABLE, DeliveryState.REJECTED, DeliveryState.UNCERTAIN)
