"""A province's ballots to measure on: the same made-up answers as sealed ballots and as Parquet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, insert

from storage.bulk import insert_many
from storage.database import Database
from storage.schema import upgrade
from storage.tables import RoundUnit, Unit
from surveys.forms.form import Form, Option, Question
from surveys.rounds.rounds import create_round, find_round, open_round
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import Vault, ballot_tag

CHOICES = (Option("co", {"vi": "Hài lòng"}, True), Option("khong", {"vi": "Chưa hài lòng"}, False))
QUESTIONS = tuple(f"cau_{number}" for number in range(1, 11))
FORM = Form(
    name="bench",
    title={"vi": "Phiếu đo"},
    languages=("vi",),
    questions=tuple(
        Question(
            name,
            "select_one",
            {"vi": name},
            options=CHOICES,
            role="overall" if name == QUESTIONS[-1] else "content",
        )
        for name in QUESTIONS
    ),
)
SATISFIED = 0.95


@dataclass(frozen=True, slots=True)
class Province:
    """So many communes, and so many ballots from each: four in five of its households."""

    communes: int
    households: int

    @property
    def ballots(self) -> int:
        return self.communes * self.households

    def answers(self) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
        """A row for each ballot, commune by commune: satisfied or not in each question."""
        return np.random.default_rng(84).random((self.ballots, len(QUESTIONS))) < SATISFIED

    def load(self, address: str, vault: Vault) -> int:
        """An open round with all ballots in an empty database. Returns its number."""
        upgrade(address)
        database = Database(address)
        try:
            with database.transaction() as connection:
                key, units = self._open(connection, vault)
                secret = vault.round_secret(find_round(connection, key).code)
                columns = ("round_id", "tag", "unit_id", "mode", "submitted", "answers")
                insert_many(connection, "ballot", columns, self._rows(key, units, secret))
        finally:
            database.close()
        return key

    def _open(self, connection: Connection, vault: Vault) -> tuple[int, list[int]]:
        now = datetime.now(UTC)
        since = date(2025, 7, 1)
        common = {"valid_from": since, "households": self.households * 5 // 4}
        rows = [
            {"level": "commune", "code": f"{number:05}", "name": f"Xã {number}", **common}
            for number in range(self.communes)
        ]
        units = list(connection.execute(insert(Unit).returning(Unit.id, sort_by_parameter_order=True), rows).scalars())
        key = create_round(
            connection,
            name="bench",
            form=FORM,
            rule=read_rule("xa-nang-cao-chua-xac-nhan"),
            units=units[:1],
            opens=now,
            closes=now + timedelta(days=1),
            counts="household",
            now=now,
        )
        rest = [{"round_id": key, "unit_id": unit} for unit in units[1:]]
        if rest:
            connection.execute(insert(RoundUnit), rest)
        open_round(connection, vault, key, now)
        return key, units

    def _rows(self, key: int, units: list[int], secret: bytes) -> Iterator[tuple[object, ...]]:
        cipher = Cipher(secret)
        for number, given in enumerate(self.answers().tolist()):
            tag = ballot_tag(secret, number + 1)
            answers = dict(zip(QUESTIONS, ("co" if yes else "khong" for yes in given), strict=True))
            sealed = json.dumps(cipher.encrypt(tag, answers), separators=(",", ":"))
            yield key, tag, units[number // self.households], "self", True, sealed

    def write_parquet(self, answers: Path, ballots: Path) -> None:
        """The same rows as two Parquet files: one row an answer, and one row a ballot."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        said = self.answers()
        words = pa.array(["khong", "co"])
        communes = np.repeat(np.arange(self.communes, dtype=np.int64), self.households)
        columns = {
            name: pa.DictionaryArray.from_arrays(pa.array(said[:, index].astype(np.int8)), words).cast(pa.string())
            for index, name in enumerate(QUESTIONS)
        }
        pq.write_table(pa.table({"commune": communes, **columns}), ballots)
        number = np.tile(np.arange(len(QUESTIONS), dtype=np.int8), self.ballots)
        flat = pa.DictionaryArray.from_arrays(pa.array(said.reshape(-1).astype(np.int8)), words)
        asked = pa.DictionaryArray.from_arrays(pa.array(number), pa.array(list(QUESTIONS)))
        table = {
            "commune": np.repeat(communes, len(QUESTIONS)),
            "question": asked.cast(pa.string()),
            "answer": flat.cast(pa.string()),
        }
        pq.write_table(pa.table(table), answers)
