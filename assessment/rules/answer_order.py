"""The order in which a council goes from one requirement to the next."""

from __future__ import annotations

from collections.abc import Container, Sequence


def next_open(codes: Sequence[str], here: str, unanswered: Container[str]) -> str | None:
    """The next unanswered requirement after this one, beginning again after the last; None when no other is left."""
    at = codes.index(here)
    return next((code for code in (*codes[at + 1 :], *codes[:at]) if code in unanswered), None)
