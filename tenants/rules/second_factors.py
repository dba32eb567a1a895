"""Second factors: which code of an authenticator app is right, and how a recovery code is written."""

from __future__ import annotations

import hmac
import re
from datetime import datetime

import pyotp

STEP_SECONDS = 30
"""A code of an authenticator app is of one step (RFC 6238)."""
STEPS_EITHER_WAY = 1
"""Clocks differ, and people take a moment: the step before and the step after are taken too."""
APP_CODE = re.compile(r"\d{6}")
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""
RECOVERY_LENGTH = 12
RECOVERY_CODES = 10
BETWEEN = re.compile(r"[\s-]+")


def tidy_code(typed: str) -> str:
    """A code as it is compared: small letters, without blanks and hyphens."""
    return BETWEEN.sub("", typed).lower()


def is_app_code(tidied: str) -> bool:
    """Whether this is what an authenticator app shows, and no recovery code."""
    return APP_CODE.fullmatch(tidied) is not None and tidied.isascii()


def is_recovery_code(tidied: str) -> bool:
    """Whether this looks like a recovery code."""
    return len(tidied) == RECOVERY_LENGTH and all(letter in RECOVERY_LETTERS for letter in tidied)


def written(code: str) -> str:
    """A recovery code as it is shown: in fours, `abcd-efgh-jkmn`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def matching_step(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step whose code this is, later than the last one taken; None when it is of none.

    secret: base32, as authenticator apps take it. Every step is compared, each in constant time.
    """
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    steps = range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1)
    right = [step for step in steps if hmac.compare_digest(generator.generate_otp(step), code)]
    return next((step for step in right if step > last_step), None)
