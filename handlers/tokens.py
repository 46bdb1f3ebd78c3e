"""Choice tokens: opaque to channels, bound to whom they were shown, impossible to forge.

A token is a short body and the first 64 bits of an HMAC over the channel, the address and the body. The body
names what the button does, with its round and question, so that an old button is recognised as old.
"""

import base64
import hmac

_MAC = 8  # bytes; 2^64 guesses against one person's one button


def sign_token(key: bytes, channel: str, address: str, body: str) -> str:
    """The token for a button. At most 64 ASCII bytes for bodies of at most 52."""
    return f"{body}.{_mac(key, channel, address, body)}"


def verify_token(key: bytes, channel: str, address: str, token: str) -> str | None:
    """The body, or None for a token that we never gave to this address."""
    body, _, mac = token.rpartition(".")
    if not token.isascii() or not hmac.compare_digest(mac, _mac(key, channel, address, body)):
        return None
    return body


def _mac(key: bytes, channel: str, address: str, body: str) -> str:
    digest = hmac.digest(key, f"{channel}\0{address}\0{body}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_MAC]).rstrip(b"=").decode()
