"""Choice tokens: short, bound to one address, impossible to forge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.tokens import sign_token, verify_token

KEY = b"k" * 32
LARGE = 10**9


@pytest.mark.parametrize(
    "body",
    [
        f"pick:{LARGE}:499:499",
        f"change:{LARGE}:499",
        f"review:{LARGE}",
        f"place:h:{LARGE}",
        f"round:{LARGE}",
        "data:withdraw",
        "consent:yes",
    ],
)
def test_a_token_fits_telegrams_64_bytes_for_ids_up_to_a_billion(body: str) -> None:
    token = sign_token(KEY, "telegram", "9" * 19, body)
    assert len(token.encode("ascii")) <= 64
    assert verify_token(KEY, "telegram", "9" * 19, token) == body


@pytest.mark.parametrize(
    ("key", "channel", "address"),
    [(b"x" * 32, "web", "1"), (KEY, "telegram", "1"), (KEY, "web", "2"), (KEY, "web", "")],
)
def test_a_token_opens_nothing_for_another_key_channel_or_address(key: bytes, channel: str, address: str) -> None:
    assert verify_token(key, channel, address, sign_token(KEY, "web", "1", "consent:yes")) is None


def test_channel_address_and_body_cannot_be_shifted_into_each_other() -> None:
    assert sign_token(KEY, "web", "1a", "b") != sign_token(KEY, "web", "1", "ab")
    assert sign_token(KEY, "weba", "1", "b") != sign_token(KEY, "web", "a1", "b")


@given(st.text())
def test_no_text_that_was_not_sealed_opens(text: str) -> None:
    assert verify_token(KEY, "web", "1", text) is None


@given(st.binary(min_size=1, max_size=8), st.integers(0, 40))
def test_a_token_with_anything_changed_opens_nothing(noise: bytes, place: int) -> None:
    token = sign_token(KEY, "web", "1", "pick:12:3:1")
    changed = token[:place] + noise.decode("latin-1") + token[place + len(noise) :]
    assert changed == token or verify_token(KEY, "web", "1", changed) is None
