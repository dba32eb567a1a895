"""Webhooks: how a message is signed, when it is tried again, and when nobody listens any more."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

WAITS_MINUTES = (1, 5, 15, 60, 180, 360, 720)
"""After the first attempt that failed, the second and so on; the last one repeats."""
TRIES_FOR = timedelta(days=3)
RESTS = timedelta(minutes=1)
"""How long a receiver that failed is left in peace: one that hangs would hold up other work."""
POSTPONED = timedelta(minutes=2)
NOBODY_LISTENS = "Nothing got through for 3 days."


def signature(secret: str, moment: datetime, body: bytes) -> str:
    """The header `Charterway-Signature`: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hex>`."""
    seconds = int(moment.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def next_attempt(made_at: datetime, attempts: int, present: datetime) -> datetime | None:
    """When a message is tried again after so many attempts, the last one at present; None when it is given up."""
    again = present + timedelta(minutes=WAITS_MINUTES[min(attempts, len(WAITS_MINUTES)) - 1])
    return again if again - made_at <= TRIES_FOR else None
