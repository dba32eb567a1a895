"""Notices: what a person of a council should hear of, told once per key, and marked as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from saas import clock
from saas.db import db, new_id
from tenants.models.notices import Notice

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """One thing for one person. `path` is the page where it is dealt with, as "/councils/…"."""

    user_id: UUID
    key: str
    kind: str
    words: str
    path: str


def tell(council_id: UUID, user_id: UUID, *, key: str, kind: str, words: str, path: str) -> bool:
    """Tell one person one thing; False when the person was told under this key before. In the council's scope.

    key: what it is about, unique per person and council; a date in it makes a moved date tell anew.
    kind: one word for what sort of thing it is ("mention", "reminder", "contribution" …).
    words: one line, never confidential: the daily mail repeats it.
    """
    return bool(tell_all(council_id, [Told(user_id, key, kind, words, path)]))


def tell_all(council_id: UUID, told: Sequence[Told]) -> list[Told]:
    """Tell several people in one statement; those lines that had not been told before."""
    if not told:
        return []
    now = clock.now()
    lines = {(line.user_id, line.key): line for line in told}
    ours = (Notice.council_id, Notice.user_id, Notice.key)
    rows = [_row(council_id, line, now) for line in lines.values()]
    write = insert(Notice).values(rows).on_conflict_do_nothing(index_elements=ours)
    new = db.session.execute(write.returning(Notice.user_id, Notice.key))
    return [lines[row.user_id, row.key] for row in new]


def mark_read(notices: Sequence[Notice]) -> None:
    """Mark notices as read; one that is read keeps its moment."""
    now = clock.now()
    for notice in notices:
        notice.read_at = notice.read_at or now


def mark_all_read(council_id: UUID, user_id: UUID) -> None:
    """Mark everything that one person has not read yet."""
    unread = (Notice.council_id == council_id, Notice.user_id == user_id, Notice.read_at.is_(None))
    db.session.execute(update(Notice).where(*unread).values(read_at=clock.now()))


def mark_mailed(notices: Sequence[Notice]) -> None:
    """Mark notices as mailed, so that the daily mail carries each once."""
    now = clock.now()
    for notice in notices:
        notice.mailed_at = now


def _row(council_id: UUID, line: Told, now: datetime) -> dict[str, object]:
    if not line.path.startswith("/") or line.path.startswith("//"):
        raise ValueError(f"a notice leads to a page of ours, not to {line.path}")
    words = " ".join(line.words.split())
    if not words or not line.key or not line.kind:
        raise ValueError("a notice needs a key, a kind and words")
    shown = words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1].rstrip() + "…"
    return asdict(line) | {"council_id": council_id, "id": new_id(), "words": shown, "at": now}
