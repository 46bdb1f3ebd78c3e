"""Secrets that live outside the database and its backups.

A ballot's tag is an HMAC with its round's secret: with it a ballot can be resumed and changed, without it
nobody can tell whose it is. The secret is destroyed at the close.
"""

import hmac
import os
import secrets
from pathlib import Path

TAG = 16  # bytes


class SecretGone(Exception):
    """The round's secret is destroyed or was never on this machine."""


class Vault:
    """A folder of secret files, readable by the program's user only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache: dict[str, bytes] = {}

    def program_key(self) -> bytes:
        """Seals choice tokens and short codes; made at first use."""
        try:
            return self._read("program")
        except SecretGone:
            return self.make("program")

    def has_program_key(self) -> bool:
        return self._path("program").exists()

    def make(self, name: str) -> bytes:
        """A new secret of 256 bits. An existing one of that name is kept and returned."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(name)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self._read(name)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        return self._read(name)

    def round_secret(self, code: str) -> bytes:
        """The secret of the round with this code. Raises `SecretGone`."""
        return self._read(f"round-{code}")

    def make_round_secret(self, code: str) -> bytes:
        return self.make(f"round-{code}")

    def has_round_secret(self, code: str) -> bool:
        return self._path(f"round-{code}").exists()

    def drop_round_secret(self, code: str) -> None:
        """Forget it in this process; another one may have destroyed the file."""
        self._cache.pop(f"round-{code}", None)

    def destroy_round_secret(self, code: str) -> None:
        """Overwrite and remove; what was linked by it is linked by nothing from now on."""
        name = f"round-{code}"
        self._cache.pop(name, None)
        path = self._path(name)
        if path.exists():
            with path.open("r+b") as file:
                file.write(bytes(32))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.key"

    def _read(self, name: str) -> bytes:
        if name not in self._cache:
            try:
                secret = self._path(name).read_bytes()
            except FileNotFoundError:
                raise SecretGone(name) from None
            if len(secret) != 32:
                raise SecretGone(f"{name}: the file is damaged")
            self._cache[name] = secret
        return self._cache[name]


def ballot_tag(secret: bytes, person_id: int) -> bytes:
    """The tag of a person's ballot: 128 bits of HMAC-SHA256 with the round's secret."""
    return hmac.digest(secret, person_id.to_bytes(8), "sha256")[:TAG]


def household_tag(secret: bytes, household_id: int) -> bytes:
    """The tag of a household's ballot: whichever person, phone, channel or mode it comes from, it is the same one."""
    return hmac.digest(secret, f"household:{household_id}".encode(), "sha256")[:TAG]
