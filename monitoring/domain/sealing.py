"""Secrets of interface keys: made here, kept encrypted under a key derived from SECRET_KEY (and its fallbacks)."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

_LABEL = b"platform.monitoring.access-key.v1:"


def new_secret() -> str:
    """256 random bits, hex."""
    return secrets.token_hex(32)


def new_key_id() -> str:
    return f"tk-{secrets.token_hex(8)}"


def seal(secret: str) -> bytes:
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Raises cryptography.fernet.InvalidToken when SECRET_KEY was changed without keeping the old one as fallback."""
    return _box().decrypt(bytes(sealed)).decode()


def _box() -> MultiFernet:
    keys = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(_LABEL + key.encode()).digest())
