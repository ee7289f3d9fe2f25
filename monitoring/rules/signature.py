"""How a batch is signed: HMAC-SHA256 over timestamp, nonce and the raw body, joined by newlines."""

import hashlib
import hmac
import re

SKEW_SECONDS = 300
_NONCE = re.compile(r"[A-Za-z0-9._~-]{16,64}")


def sign(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Lower-case hex digest. The body is signed as it goes over the wire, compressed or not."""
    message = f"{timestamp}\n{nonce}\n".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def matches(secret: str, timestamp: str, nonce: str, body: bytes, given: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(sign(secret, timestamp, nonce, body).encode(), given.lower().encode())


def well_formed_nonce(nonce: str) -> bool:
    return _NONCE.fullmatch(nonce) is not None


def fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
