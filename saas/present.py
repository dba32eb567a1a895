"""What this thread does now, a request or a job: its id, and what it has cost so far."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "X-Request-ID"
GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(slots=True)
class Work:
    """One request or one job. Times are in seconds."""

    request_id: str
    name: str = ""
    """The endpoint of the request, or the job's name; empty while it is not known."""
    statements: int = 0
    """SQL statements sent; those that begin and end a transaction are not counted."""
    database_seconds: float = 0.0


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def work() -> Work | None:
    """What is being done now; None outside requests and jobs."""
    return _work.get()


def request_id() -> str:
    """The id of the request that is answered, or of the one that the running job follows from; empty for neither."""
    now = _work.get()
    return now.request_id if now else ""


@contextmanager
def doing(new: Work) -> Iterator[Work]:
    """Do this inside the block."""
    token = _work.set(new)
    try:
        yield new
    finally:
        _work.reset(token)


def request_id_from(given: str | None) -> str:
    """The id a proxy gave where it is plain (up to 64 letters, digits, dots, dashes, underscores), else a new one."""
    return given if given and GOOD_ID.fullmatch(given) else secrets.token_hex(16)


def reason(error: BaseException) -> str:
    """What failed, in a few words that hold nothing anybody wrote: kind, and the code the database or system gave.

    An error's own text may quote a name or an address, so it is never part of it.
    """
    words = [type(error).__name__]
    original = getattr(error, "orig", None) or error
    if state := getattr(original, "sqlstate", None):
        words.append(str(state))
    if constraint := getattr(getattr(original, "diag", None), "constraint_name", None):
        words.append(str(constraint))
    if isinstance(original, OSError) and original.errno:
        words.append(os.strerror(original.errno))
    if isinstance(code := getattr(original, "smtp_code", None), int):
        words.append(str(code))
    return " ".join(words)
