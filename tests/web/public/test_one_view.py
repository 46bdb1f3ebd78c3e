"""Two rounds that differ only in what is withheld look the same wherever the public looks, before and after."""

from collections.abc import Callable
from pathlib import Path

import httpx
from published import CODE, ISSUED_AT, NUMBER, issue_report, with_results
from sqlalchemy import Connection, select, update

from storage.tables import Ballot
from surveys.documents.contents import Organiser
from surveys.documents.document import Paper, compose
from surveys.documents.issue_log import enter, write_paper
from surveys.documents.kinds import Kind
from surveys.rounds.units import round_units
from web.site import WebDependencies

PLACES = (
    f"/results/{CODE}",
    "/results",
    f"/results/{CODE}/2",
    f"/results/{CODE}/data.json",
    f"/results/{CODE}/data.csv",
)


def exchange(connection: Connection) -> None:
    """Three of the second hamlet who do not like the roads live in the first, and three of the first in the second."""
    columns = select(Ballot.tag, Ballot.unit_id, Ballot.mode, Ballot.answers)
    ballots = connection.execute(columns.where(Ballot.round_id == NUMBER)).all()
    alike = [one for one in ballots if one.mode == "self" and one.answers["chung"] == "hai_long"]
    bad = [one.tag for one in alike if one.unit_id == 4 and one.answers["duong_sa"] != "hai_long"][:3]
    good = [one.tag for one in alike if one.unit_id == 3][:3]
    assert len(bad) == len(good) == 3
    connection.execute(update(Ballot).where(Ballot.tag.in_(bad)).values(unit_id=3))
    connection.execute(update(Ballot).where(Ballot.tag.in_(good)).values(unit_id=4))


def issue(site: WebDependencies, folder: Path, kind: Kind, unit: str | None = None) -> Paper:
    with site.database.transaction() as connection:
        paper = compose(connection, NUMBER, kind, unit=unit, organiser=Organiser("Mặt trận"), site="http://xa.test")

        def before(sha256: str) -> None:
            enter(connection, paper, "docx", sha256, ISSUED_AT)

        write_paper(paper, folder / f"{paper.code}.docx", ISSUED_AT, before=before)
        return paper


async def test_nothing_public_tells_two_rounds_apart_that_differ_in_what_is_withheld(
    site: WebDependencies, browse: Callable[..., httpx.AsyncClient], tmp_path: Path
) -> None:
    results = with_results(site)
    public = browse(results)
    hamlet = issue(results, tmp_path, "minutes", first_hamlet(results))
    papers = [issue_report(results, tmp_path)[0], issue(results, tmp_path, "notice"), hamlet]
    places = [*PLACES, *(f"/v/{paper.code}" for paper in papers)]
    before = {place: await public.get(place) for place in places}
    assert all(page.status_code == 200 for page in before.values())
    with results.database.transaction() as connection:
        exchange(connection)
    for place in places:
        assert (await public.get(place)).content == before[place].content, place
    roads = next(row for row in hamlet.contents.tables["cau"] if row["cau_hai_long"] == "320")
    assert roads["cau_chua"] == "0"  # officials read the hamlet
    page = before[f"/v/{hamlet.code}"].text
    row = page.partition(roads["cau_noi_dung"])[2].partition("</li>")[0]
    assert "320" not in row and "không nêu" in row and "trên giấy ghi rõ hơn" in row
    assert "đến nay vẫn đúng" in page


def first_hamlet(site: WebDependencies) -> str:

    with site.database.transaction() as connection:
        return next(unit.key for unit in round_units(connection, NUMBER) if unit.id == 3)
