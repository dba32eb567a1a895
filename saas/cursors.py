"""Cursors: where the next page of a list begins, opaque to callers."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from saas.errors import Invalid


def cursor_of(last: str) -> str:
    """The cursor of what follows after the item of this key; opaque to callers."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """The key that a cursor holds; raises Invalid."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _no_cursor() from error


def read_id_cursor(cursor: str) -> UUID:
    """The id that a cursor holds, of a list whose view cuts itself; raises Invalid."""
    try:
        return UUID(read_cursor(cursor))
    except ValueError as error:
        raise _no_cursor() from error


def read_number_cursor(cursor: str) -> int:
    """The same for a list whose items are told by a number; raises Invalid."""
    try:
        return int(read_cursor(cursor))
    except ValueError as error:
        raise _no_cursor() from error


def _no_cursor() -> Invalid:
    return Invalid({"/cursor": ["This is no cursor: send `next` as it was given."]})
