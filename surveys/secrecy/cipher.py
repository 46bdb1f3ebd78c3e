"""Under seal: what the database, its log and its backups hold and nobody is to read there.

XChaCha20-Poly1305 with a key that lies outside the database, bound to what it stands beside. Answers are sealed
with their round's secret and the ballot's tag: when the secret is destroyed at the close, every copy of the open
period that lies anywhere is sealed for good. Events and replies on their way are sealed with the program's key.
"""

import hmac
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as aead_decrypt
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as aead_encrypt
from nacl.exceptions import CryptoError

from surveys.json_values import Json

SEALED = "sealed"
_PREFIX, _SUFFIX = f'{{"{SEALED}":"', '"}'  # as the database writes it
_NONCE, _MARK = 24, 16  # so long a nonce may be drawn at random for every ballot of a nation
# Nearly every ballot, a sentence of reasons included, fits the first step: its length says nothing.
_STEP = 256


class CipherError(Exception):
    """The ballot was changed by somebody without the secret, or belongs to another tag or round."""


class Cipher:
    """Encrypts and decrypts the answers of one round, or whatever else `purpose` names."""

    def __init__(self, secret: bytes, purpose: bytes = b"answers") -> None:
        self._key = hmac.digest(secret, purpose, "sha256")

    def encrypt(self, tag: bytes, answers: Mapping[str, object]) -> Json:
        """What the ballot's column of answers holds until the close."""
        return self.encrypt_text(tag, json.dumps(answers, ensure_ascii=False, separators=(",", ":")))

    def encrypt_text(self, tag: bytes, answers: str) -> Json:
        """The same for answers that are JSON already."""
        packed = zlib.compress(answers.encode())
        # zlib knows where its stream ends, so the padding needs no length
        padded = packed + bytes(-(len(packed) + _NONCE + _MARK) % _STEP)
        nonce = os.urandom(_NONCE)
        return {SEALED: b64encode(nonce + aead_encrypt(padded, tag, nonce, self._key)).decode()}

    def decrypt(self, tag: bytes, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The answers; those stored without a seal as they are. Raises `CipherError`."""
        if SEALED not in stored:
            return dict(stored)
        answers: dict[str, Any] = json.loads(self._unpack(tag, stored[SEALED]))
        return answers

    def read(self, tag: bytes, column: str) -> str:
        """The answers as JSON text, from the column's text. Raises `CipherError`."""
        if not column.startswith(_PREFIX):
            return column
        return self._unpack(tag, column[len(_PREFIX) : -len(_SUFFIX)]).decode()

    def _unpack(self, tag: bytes, sealed: str) -> bytes:
        try:
            blob = b64decode(sealed)
            padded = aead_decrypt(blob[_NONCE:], tag, blob[:_NONCE], self._key)
            return zlib.decompressobj().decompress(padded)
        except (CryptoError, ValueError, TypeError, zlib.error):
            raise CipherError from None
