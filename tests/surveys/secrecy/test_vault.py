"""Secrets outside the database: made once, read only by us, gone when destroyed."""

import stat
from pathlib import Path

import pytest

from surveys.secrecy.vault import TAG, SecretGone, Vault, ballot_tag


def test_a_secret_is_random_lasting_and_readable_by_us_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = Vault(folder).make_round_secret("abc")
    assert len(made) == 32 and made != Vault(folder).make_round_secret("abd")
    assert Vault(folder).round_secret("abc") == made == Vault(folder).make_round_secret("abc")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_programs_key_is_made_at_first_use_and_kept(tmp_path: Path) -> None:
    key = Vault(tmp_path).program_key()
    assert Vault(tmp_path).program_key() == key and len(key) == 32


def test_a_destroyed_secret_is_gone_for_everybody_and_from_memory(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    old = vault.make_round_secret("abc")
    vault.destroy_round_secret("abc")
    for each in (vault, Vault(tmp_path)):
        with pytest.raises(SecretGone):
            each.round_secret("abc")
    assert not vault.has_round_secret("abc") and list(tmp_path.iterdir()) == []
    assert vault.make_round_secret("abc") != old
    Vault(tmp_path / "elsewhere").destroy_round_secret("never made")


def test_a_secret_that_another_process_destroyed_can_be_forgotten(tmp_path: Path) -> None:
    ours, theirs = Vault(tmp_path), Vault(tmp_path)
    ours.make_round_secret("abc")
    theirs.destroy_round_secret("abc")
    ours.drop_round_secret("abc")
    with pytest.raises(SecretGone):
        ours.round_secret("abc")


def test_a_damaged_secret_is_refused_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "round-abc.key").write_bytes(b"short")
    with pytest.raises(SecretGone, match="damaged"):
        Vault(tmp_path).round_secret("abc")


def test_a_tag_depends_on_the_secret_and_the_person_and_tells_neither() -> None:
    tags = {ballot_tag(secret, person) for secret in (b"a" * 32, b"b" * 32) for person in (1, 2, 2**62)}
    assert len(tags) == 6 and {len(tag) for tag in tags} == {TAG}
    assert ballot_tag(b"a" * 32, 1) == ballot_tag(b"a" * 32, 1)
