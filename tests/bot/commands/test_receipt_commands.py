"""`receipt` in the command line."""

from terminal import Run
from village import Village

from storage.tables import Person
from surveys.ballots.receipts import receipt_code, receipt_digest
from surveys.secrecy.vault import ballot_tag


async def test_a_code_is_looked_up_and_the_hashes_are_listed_once_a_round_is_closed(run: Run, village: Village) -> None:
    row = village.round()
    await village.resident().finishes(row.code)
    secret = village.vault.round_secret(row.code)
    code = receipt_code(secret, ballot_tag(secret, village.rows(Person)[0].id))
    early = run("receipt", "check", str(row.id), code)
    assert early.code == 1 and "chưa đóng" in early.err and early.out == ""
    village.close(row.id)
    assert run("receipt", "check", row.code, code, "--json").json == {"round": row.id, "counted": True}
    assert "đã được đếm" in run("receipt", "check", str(row.id), code.upper()).out
    assert run("receipt", "check", str(row.id), "abcde-fghjk", "--json").json["counted"] is False
    assert run("receipt", "list", str(row.id)).out.split() == [receipt_digest(row.code, code).hex()]
    assert run("receipt", "list", str(row.id), "--json").json == {"receipts": [receipt_digest(row.code, code).hex()]}
