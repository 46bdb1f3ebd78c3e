"""Receipts: a code that shows its holder that the ballot is among the counted ones, and shows nobody what it says.

The code follows from the round's secret and the ballot's tag, so that it can be shown again until the close. The
close keeps only its hash, beside no ballot; from then on nobody, its holder included, can get from it to an answer.
"""

import hashlib
import hmac
from collections.abc import Iterator

from sqlalchemy import Connection, exists, func, select

from storage.tables import Receipt
from surveys.errors import SurveyError
from surveys.rounds.rounds import find_round
from surveys.rounds.states import ANSWERS_OPEN, Mode, RoundState

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
LENGTH = 10  # 49 bits
DIGEST = 16  # bytes
_CODES = len(LETTERS) ** LENGTH
WITHOUT = (Mode.PAPER,)  # modes in which nobody holds a receipt


def receipt_code(secret: bytes, tag: bytes) -> str:
    """The code of the ballot with this tag, as its holder sees it: "k7m2p-9wxyz"."""
    number = int.from_bytes(hmac.digest(secret, b"receipt" + tag, "sha256")) % _CODES  # small numbers divide faster
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    code = "".join(letters)
    return f"{code[:5]}-{code[5:]}"


def receipt_digest(round_code: str, code: str) -> bytes:
    """The hash that is published: SHA-256 of "<round code>:<receipt code without the dash>", its first 16 bytes."""
    return hashlib.sha256(f"{round_code}:{_plain(code)}".encode()).digest()[:DIGEST]


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code.lower()))


def check(connection: Connection, key: str | int, code: str) -> bool:
    """Whether the ballot with this receipt was counted. Raises `SurveyError` before the close."""
    row = find_round(connection, key)
    _require_closed(row.state, row.name)
    if len(_plain(code)) != LENGTH:
        return False
    digest = receipt_digest(row.code, code)
    return bool(
        connection.execute(select(exists().where(Receipt.round_id == row.id, Receipt.digest == digest))).scalar()
    )


def published(connection: Connection, key: str | int) -> Iterator[str]:
    """The hashes of all receipts of a closed round in hex, in their own order. Raises `SurveyError` before."""
    row = find_round(connection, key)
    _require_closed(row.state, row.name)
    digests = select(Receipt.digest).where(Receipt.round_id == row.id).order_by(Receipt.digest)
    return (digest.hex() for digest in connection.execute(digests, execution_options={"yield_per": 5000}).scalars())


def count(connection: Connection, round_id: int) -> int:
    """How many ballots have a receipt."""
    return connection.execute(
        select(func.count()).select_from(Receipt).where(Receipt.round_id == round_id)
    ).scalar_one()


def _require_closed(state: RoundState, name: str) -> None:
    if state not in ANSWERS_OPEN:
        raise SurveyError(f"đợt “{name}” chưa đóng; mã biên nhận chỉ tra được sau khi đóng đợt")
