"""Paper ballots typed into a sheet, counted in the same tally as all others.

1. the sheet is read; a wrong row is refused by name, the others go on
2. where a second person typed a random sample again, both must agree before the batch counts
3. ballots go in under seal; a household that has handed one in, however it did, has no second
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from places.errors import PlaceError
from places.register.households import find_by_number, with_register
from storage.tables import Ballot, PaperBatch
from surveys.ballots.double_entry import Difference, compare
from surveys.ballots.paper_sheet import PaperBallot, Refusal, Sheet, read_sheet
from surveys.ballots.participation import cast_household
from surveys.errors import SurveyError
from surveys.local_time import VIETNAM
from surveys.rounds.round_form import round_form
from surveys.rounds.rounds import find_round
from surveys.rounds.states import STATES, Mode, RoundState
from surveys.rounds.units import round_units
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import TAG, SecretGone, Vault

BATCH = 1000  # rows in one statement
Watched = Callable[[Sequence[PaperBallot]], Iterable[PaperBallot]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a sheet."""

    accepted: int
    refused: tuple[Refusal, ...]
    typed_again: int = 0
    differences: tuple[Difference, ...] = ()
    units: frozenset[int] = frozenset()  # where its readable rows are from

    def to_json(self) -> dict[str, Any]:
        return {
            "accepted": self.accepted,
            "refused": [{"row": each.row, "reason": each.reason} for each in self.refused],
            "typed_again": self.typed_again,
            "differences": [each.to_json() for each in self.differences],
        }


def import_ballots(
    connection: Connection,
    vault: Vault,
    key: str | int,
    path: Path,
    *,
    now: datetime,
    second: Path | None = None,
    share: float = 0.0,
    whole: bool = False,
    watched: Watched = iter,
) -> Imported:
    """Import a sheet into an open round. Nothing is written when both typings differ, or when `whole` and a row is
    refused.

    `second` is the sheet that the second person typed; `share` of the rows must be in it. Raises `SurveyError` or
    `PlaceError` for a round that takes no ballots, a file that is no such sheet, or one that was imported before.
    """
    row = find_round(connection, key)
    if row.state != RoundState.OPEN:
        raise SurveyError(f"đợt “{row.name}” {STATES[row.state]} nên không nhận phiếu giấy")
    try:
        secret = vault.round_secret(row.code)
    except SecretGone:
        raise SurveyError(f"khóa của đợt “{row.name}” không có trong thư mục khóa của máy này") from None
    form, units, today = round_form(connection, row.form_id), round_units(connection, row.id), now.astimezone(VIETNAM)
    sheet = read_sheet(path, form, units, today.date())
    digest = file_digest(vault.program_key(), path)
    if connection.execute(select(exists().where(PaperBatch.round_id == row.id, PaperBatch.digest == digest))).scalar():
        raise SurveyError(f"{path.name}: tệp này đã nhập vào đợt “{row.name}” rồi")
    typed_again: tuple[int, tuple[Difference, ...]] = (0, ())
    if second is not None or share > 0:
        again = read_sheet(second, form, units, today.date()) if second is not None else Sheet()
        typed_again = compare(sheet, again, form, digest, share=share)
    differences, places = typed_again[1], frozenset(each.unit_id for each in sheet.ballots)
    if differences or (whole and sheet.refused):
        return Imported(0, sheet.refused, *typed_again, places)
    hand_in = _HandIn(connection, row, secret, {unit.id: unit.households for unit in units}, now)
    with connection.begin_nested() as together:
        refused = [*sheet.refused, *hand_in.take(watched(sheet.ballots))]
        done = Imported(hand_in.accepted, tuple(sorted(refused, key=lambda each: each.row)), *typed_again, places)
        if whole and refused:
            together.rollback()
            return Imported(0, done.refused, *typed_again, places)
    if done.accepted:
        connection.execute(
            insert(PaperBatch).values(
                round_id=row.id,
                digest=digest,
                accepted=done.accepted,
                refused=len(done.refused),
                typed_again=done.typed_again,
                at=now,
            )
        )
    return done


def file_digest(key: bytes, path: Path) -> str:
    """A file's HMAC: the same file twice is known, and nobody can try contents against it."""
    return hmac.digest(key, b"paper sheet\0" + path.read_bytes(), "sha256").hex()[:64]


class _HandIn:
    """Hands ballots in, by household where the round counts households and the hamlet has a register."""

    def __init__(
        self, connection: Connection, row: Any, secret: bytes, households: dict[int, int | None], now: datetime
    ) -> None:
        self._connection = connection
        self._row = row
        self._secret = secret
        self._cipher = Cipher(secret)
        self._households = households
        self._now = now
        self._registered = with_register(connection, households.keys()) if row.counts == "household" else set[int]()
        counted = (
            select(Ballot.unit_id, func.count())
            .where(Ballot.round_id == row.id, Ballot.submitted)
            .group_by(Ballot.unit_id)
        )
        if row.counts != "household":  # a paper is a household's in any round; what persons sent is not
            counted = counted.where(Ballot.mode == Mode.PAPER)
        self._handed_in = Counter({unit: number for unit, number in connection.execute(counted)})
        self._waiting: list[dict[str, Any]] = []
        self.accepted = 0

    def take(self, ballots: Iterable[PaperBallot]) -> list[Refusal]:
        """Store these ballots; the refused ones come back."""
        refused = []
        for ballot in ballots:
            try:
                self._one(ballot)
            except (SurveyError, PlaceError) as error:
                refused.append(Refusal(ballot.row, str(error)))
            else:
                self.accepted += 1
                self._handed_in[ballot.unit_id] += 1
        self._write()
        return refused

    def _one(self, ballot: PaperBallot) -> None:
        if ballot.unit_id in self._registered:
            self._of_household(ballot)
            return
        households = self._households.get(ballot.unit_id)
        if households is not None and self._handed_in[ballot.unit_id] >= households:
            raise SurveyError(f"nơi này có {households} hộ và đã đủ chừng ấy phiếu")
        tag = self._tag(ballot)
        if len(self._waiting) >= BATCH:
            self._write()
        self._waiting.append(
            {
                "round_id": self._row.id,
                "tag": tag,
                "unit_id": ballot.unit_id,
                "mode": Mode.PAPER,
                "submitted": True,
                "answers": self._cipher.encrypt(tag, ballot.answers),
            }
        )

    def _of_household(self, ballot: PaperBallot) -> None:
        if not ballot.household:
            raise SurveyError("cột household: thiếu số hộ; đợt này đếm mỗi hộ một phiếu theo sổ hộ")
        household = find_by_number(self._connection, [ballot.unit_id], ballot.household)
        if household.void:
            raise SurveyError(f"cột household: hộ số “{ballot.household}” đã bỏ khỏi sổ hộ")
        claim = cast_household(
            self._connection,
            self._row.id,
            household.id,
            secret=self._secret,
            mode=Mode.PAPER,
            answers=ballot.answers,
            now=self._now,
        )
        if not claim.new:
            raise SurveyError(f"cột household: hộ số “{ballot.household}” đã có phiếu trong đợt này")

    def _tag(self, ballot: PaperBallot) -> bytes:
        """Random; of a numbered household without a register the same each time, so that it has no second ballot."""
        if not ballot.household:
            return secrets.token_bytes(TAG)
        name = f"paper:{ballot.unit_id}:{' '.join(ballot.household.split()).casefold()}"
        tag = hmac.digest(self._secret, name.encode(), "sha256")[:TAG]
        known = (
            any(waiting["tag"] == tag for waiting in self._waiting)
            or self._connection.execute(
                select(exists().where(Ballot.round_id == self._row.id, Ballot.tag == tag))
            ).scalar()
        )
        if known:
            raise SurveyError(f"cột household: hộ số “{ballot.household}” đã có phiếu trong đợt này")
        return tag

    def _write(self) -> None:
        if self._waiting:
            self._connection.execute(insert(Ballot), self._waiting)
            self._waiting = []
