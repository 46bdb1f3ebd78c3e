"""A published round of 750 ballots from the scripted site's commune, scored by the real scores."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripted import BAD, CONTENT, GOOD
from sqlalchemy import Connection, delete, insert

from storage.tables import Ballot
from surveys.documents.contents import Organiser
from surveys.documents.document import Paper, compose
from surveys.documents.issue_log import enter, write_paper
from web.dependencies import WebDependencies

CODE, NUMBER, COMMUNE = "cds25", 4, 2
HAMLETS = {3: 320, 4: 240, 5: 190}  # unit -> ballots
ISSUED_AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def put_ballots(connection: Connection) -> None:
    """Most are satisfied; the roads of the second hamlet are not liked; forty ballots come on paper."""
    connection.execute(delete(Ballot).where(Ballot.round_id == NUMBER))
    connection.execute(insert(Ballot), list(_ballots()))


def _ballots() -> Iterator[dict[str, Any]]:
    tag = 0
    for unit, ballots in HAMLETS.items():
        for number in range(ballots):
            tag += 1
            answers = dict.fromkeys((*CONTENT, "an_ninh", "chung"), GOOD)
            if unit == 4 and number % 3 == 0:
                answers["duong_sa"] = BAD
            if number % 20 == 0:
                answers["chung"] = BAD
            mode = "paper" if unit == 3 and number < 40 else "self"
            yield {
                "round_id": NUMBER, "tag": tag.to_bytes(16), "unit_id": unit, "mode": mode, "submitted": True,
                "answers": answers,
            }  # fmt: skip


def with_results(site: WebDependencies) -> WebDependencies:
    """The site with that round published."""
    with site.database.transaction() as connection:
        put_ballots(connection)
    return site


def issue_report(site: WebDependencies, folder: Path) -> tuple[Paper, str]:
    """A summary report of that round as the command `paper` issues it, and its hash."""
    organiser = Organiser("Ủy ban MTTQ <xã>")
    with site.database.transaction() as connection:
        paper = compose(connection, NUMBER, "report", unit=None, organiser=organiser, site="http://xa.test")

        def before(sha256: str) -> None:
            enter(connection, paper, "docx", sha256, ISSUED_AT)

        return paper, write_paper(paper, folder / "report.docx", ISSUED_AT, before=before)
