"""Secrets at rest: short texts that the service must read again, enciphered under keys made from SECRET_KEY."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from saas.config import Config
from saas.errors import Refused

KEY_BYTES = 32


class Unreadable(Refused):
    """What was kept was not enciphered for this purpose under the present SECRET_KEY, or was changed since."""


def encipher(purpose: str, text: str) -> str:
    """The text as it may be kept: Fernet (AES-128-CBC with HMAC-SHA256), different each time.

    purpose: names what it is for, for example "webhook"; what is enciphered for one cannot be read for another.
    """
    return _fernet(_secret_key(), purpose).encrypt(text.encode()).decode()


def decipher(purpose: str, kept: str) -> str:
    """The text that was enciphered for this purpose; raises Unreadable."""
    try:
        return _fernet(_secret_key(), purpose).decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(f"The secret of the {purpose} cannot be read with the present SECRET_KEY.") from error


def _secret_key() -> str:
    config: Config = current_app.config["CHARTERWAY"]
    if config.secret_key is None:
        raise RuntimeError("the app runs without a secret key")
    return config.secret_key


@lru_cache(maxsize=16)
def _fernet(secret_key: str, purpose: str) -> Fernet:
    """A key of its own for each purpose (HKDF, RFC 5869)."""
    made = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"charterway/{purpose}".encode()).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(made))
