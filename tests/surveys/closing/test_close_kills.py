"""kill -9 in the midst of a close, at every step and at random moments: nothing is lost, nothing can be read early."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from village import FORM, Village

from storage.tables import Ballot, Closing, Receipt, Round
from surveys.ballots.receipts import receipt_code, receipt_digest
from surveys.closing.closing import close_for_good
from surveys.errors import SurveyError
from surveys.export.round import export
from surveys.results.results import counts, score
from surveys.rounds.units import round_units
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import SecretGone, ballot_tag

SEED = int(os.environ.get("LANGNGHE_SEED") or random.SystemRandom().randrange(10**6))
ROOT = Path(__file__).parents[3]
# Closes in a process of its own, and dies by its own hand at the n-th call of one of its functions.
DYING = """
import os, signal, sys
from pathlib import Path
import surveys.closing.closing, surveys.closing.shuffling
from storage.database import Database
from surveys.secrecy.vault import Vault

url, folder, key, module, name, when, number = sys.argv[1:]
owner = {"closing": surveys.closing.closing, "shuffling": surveys.closing.shuffling, "vault": Vault}[module]
real, calls = getattr(owner, name), [0]
def dying(*args, **values):
    calls[0] += 1
    if when == "before" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args, **values)
    if when == "after" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, name, dying)
surveys.closing.shuffling.BATCH = 50
surveys.closing.closing.close_for_good(Database(url), Vault(Path(folder)), key, by="Mai", witness="Lan")
"""
MOMENTS = [
    ("closing", "begin", "after", 1),  # before it is committed
    ("closing", "shuffle", "before", 1),  # begun and committed
    ("shuffling", "insert_many", "before", 3),  # old ballots deleted, some new ones written
    ("closing", "shuffle", "after", 1),  # all written, not committed
    ("vault", "destroy_round_secret", "before", 1),
    ("vault", "destroy_round_secret", "after", 1),
    ("closing", "compact", "before", 1),
    ("closing", "compact", "after", 1),
    ("closing", "_move", "after", 2),  # the last step, not committed
]


def filled(village: Village, people: int) -> tuple[Any, Counter[str]]:
    """An open round with so many sealed ballots; and what they say."""
    row = village.round()
    secret = village.vault.round_secret(row.code)
    cipher, unit, said, rows = Cipher(secret), village.unit("31582"), Counter[str](), []
    for number in range(people):
        tag = ballot_tag(secret, number + 1)
        answers = {"duong": random.choice(["co", "khong"]), "nguoi": number, "chung": "co"}
        said[json.dumps(answers)] += 1
        values = {"round_id": row.id, "tag": tag, "unit_id": unit, "mode": "self", "submitted": True}
        rows.append({**values, "answers": cipher.encrypt(tag, answers)})
    with village.database.transaction() as connection:
        connection.execute(insert(Ballot), rows)
    return row, said


def check(village: Village, row: Any, said: Counter[str], secret: bytes) -> None:
    """The round is closed, whole, and its secret gone."""
    people = sum(said.values())
    [closed], [closing] = village.rows(Round), village.rows(Closing)
    assert (closed.state, closed.closed_by, closing.step) == ("closed", ["Mai", "Lan"], "done")
    assert (closing.ballots, closing.unreadable) == (people, 0)
    ballots = village.rows(Ballot)
    assert Counter(json.dumps(ballot.answers) for ballot in ballots) == said
    old = {ballot_tag(secret, number + 1) for number in range(people)}
    assert not {ballot.tag for ballot in ballots} & old
    held = {receipt_digest(row.code, receipt_code(secret, tag)) for tag in old}
    assert {receipt.digest for receipt in village.rows(Receipt)} == held and len(held) == people
    with pytest.raises(SecretGone):
        type(village.vault)(village.folder / "secrets").round_secret(row.code)

    def both(connection: Any) -> tuple[Any, Any]:
        units = round_units(connection, row.id)
        return counts(connection, row.id, FORM, units), counts(connection, row.id, FORM, units, recount=True)

    tallied, recounted = village.database.read_now(both)
    assert tallied == recounted and tallied.units[0].total.ballots == people


def nobody_can_read(village: Village, row: Any) -> None:
    if village.rows(Round)[0].state == "closed":
        return
    shown = village.database.read_now(lambda connection: score(connection, row.id)).to_json()
    assert not any(unit["questions"] for unit in shown["units"])
    with pytest.raises(SurveyError, match="sau khi đóng"):
        village.database.read_now(lambda connection: export(connection, row.id, "csv", village.folder / "out.csv"))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_close_killed_at_any_step_is_finished_by_the_same_call(village: Village, moment: Any) -> None:
    row, said = filled(village, 200)
    secret = village.vault.round_secret(row.code)
    arguments = [village.url, str(village.folder / "secrets"), str(row.id), *map(str, moment)]
    died = subprocess.run([sys.executable, "-c", DYING, *arguments], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    nobody_can_read(village, row)
    close_for_good(village.database, type(village.vault)(village.folder / "secrets"), row.id, by="Mai", witness="Lan")
    check(village, row, said, secret)


def test_a_close_killed_again_and_again_at_random_moments_ends_whole(village: Village) -> None:
    row, said = filled(village, 3000)
    secret, chance = village.vault.round_secret(row.code), random.Random(SEED)
    command = [sys.executable, "-m", "bot", "round", "close", str(row.id), "--by", "Mai", "--with", "Lan"]
    settings = {
        **os.environ,
        "LANGNGHE_DATABASE__URL": village.url,
        "LANGNGHE_SECRECY__FOLDER": str(village.folder / "secrets"),
    }
    kills = 0
    while village.rows(Round)[0].state != "closed":
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
        if kills < 8:
            time.sleep(chance.uniform(0.3, 1.2))
            process.kill()
            kills += 1
        process.wait()
        nobody_can_read(village, row)
    check(village, row, said, secret)
    print(f"seed {SEED}: closed after {kills} kills")
