"""The receipt of a ballot that is in: shown with the thanks, in the review and by its word, until the close.

A household's receipt is the household's, whichever phone asks. A ballot on paper has none: nobody could have kept
its code from whoever typed it in.
"""

from handlers.ballot_rows import tag_of
from handlers.messages import Choice, Message
from handlers.shared import OpenRound
from handlers.visit import Visit
from surveys.ballots.receipts import WITHOUT, receipt_code
from surveys.local_time import say_moment

WORD = "receipt"  # of the catalogue's words


def code_for(visit: Visit, open_round: OpenRound) -> str:
    """The code of this person's ballot, or of their household's; empty while none is in, and for paper."""
    interview = visit.interviews.get(open_round.id)
    if interview is None or not interview.submitted or interview.mode in WITHOUT:
        return ""
    return receipt_code(open_round.secret, tag_of(open_round, visit.person.id, interview))


def line(visit: Visit, open_round: OpenRound) -> str:
    """The code, what it proves, that it opens no answer, and when it can be looked up; empty without one."""
    code = code_for(visit, open_round)
    return visit.text("receipt.line", code=code, closes=say_moment(open_round.closes_at)) if code else ""


def links(visit: Visit, open_round: OpenRound) -> tuple[Choice, ...]:
    """Where the code is looked up, when this program has pages."""
    site = visit.shared.helping.site
    if not site or not code_for(visit, open_round):
        return ()
    return (Choice("", visit.text("receipt.look_up"), url=f"{site}/results/{open_round.code}/receipt"),)


def show(visit: Visit) -> None:
    """The receipts of every ballot that is in, or where one comes from."""
    mine = [each for each in visit.shared.rounds.values() if code_for(visit, each)]
    told = [f"{each.name}\n{line(visit, each)}" for each in mine]
    visit.say(
        Message(
            title=visit.text("receipt.title"),
            text="\n\n".join(told) or visit.text("receipt.none"),
            choices=(
                *(link for each in mine for link in links(visit, each)),
                visit.choice("menu:survey", visit.text("menu.survey"), aside=True),
                visit.choice("menu:menu", visit.text("menu.menu"), aside=True),
            ),
        )
    )
