"""Repeated calls: what a call with an `Idempotency-Key` was answered is kept, so that sending it again acts once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from saas import clock
from saas.db import Base, db
from saas.errors import Invalid, Refused
from saas.tenancy import visible_to

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
PIECE = 64 * 1024
LARGEST_KEPT = 1024 * 1024
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
FORGET = text("select tenancy.forget_kept_responses(:before)")


class KeyOfAnother(Refused):
    """The key was used for another call (422)."""


@visible_to(user="siud", gate="sd")
class KeptResponse(Base):
    """What a call was answered, for 24 hours; only its own caller can read it.

    `place` names the place of the token, so that a key used in one council is never answered with another's.
    `fingerprint` is the SHA-256 of method, address and body.
    """

    __tablename__ = "kept_responses"
    __table_args__ = (Index("ix_kept_responses_made_at", "made_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None]
    made_at: Mapped[datetime]


def once(user_id: UUID, place: str, act: Callable[[], Response]) -> Response:
    """Do what the request asks, or answer as when it was asked first, where it names the key of that call.

    In the transaction of the request: a second call waits until the first has ended, and what the first kept stands
    or falls with what it did. Raises KeyOfAnother, and Invalid for a key that is none.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return act()
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid({HEADER: [f"The key is 1 to {LONGEST_KEY} printable ASCII characters."]})
    mine = {"user_id": user_id, "place": place, "key": key}
    fingerprint = _fingerprint()
    claim = insert(KeptResponse).values(mine | {"fingerprint": fingerprint, "made_at": clock.now()})
    if db.session.execute(claim.on_conflict_do_nothing().returning(KeptResponse.key)).one_or_none() is None:
        return _again(mine, fingerprint)
    response = act()
    keeps = not (response.is_streamed or response.cache_control.no_store)  # what tells a secret once tells it once
    if response.status_code < 400 and keeps and len(response.data) <= LARGEST_KEPT:
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        values = {"status": response.status_code, "headers": kept, "body": response.data}
        db.session.execute(update(KeptResponse).filter_by(**mine).values(values))
    return response


def forget(before: datetime) -> int:
    """Forget what is kept from before this moment; the console's, in the scope of the platform. How many."""
    return db.session.scalar(FORGET, {"before": before}) or 0


def _again(mine: dict[str, Any], fingerprint: str) -> Response:
    kept = db.session.scalars(select(KeptResponse).filter_by(**mine)).one()
    if kept.fingerprint != fingerprint:
        raise KeyOfAnother(f"This {HEADER} was sent before with another call. Use a new one for each thing to be done.")
    if kept.status is None:
        raise KeyOfAnother("This was done before, but its answer was not kept. Read what it made instead.")
    response = Response(kept.body or b"", kept.status, dict(kept.headers or {}))
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _fingerprint() -> str:
    told = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            told.update(f"{len(name)}:{name}={len(value)}:{value}\n".encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
            told.update(f"{name}={file.filename}:{_digest(file)}\n".encode())
    else:
        told.update(request.get_data())
    return told.hexdigest()


def _digest(file: FileStorage) -> str:
    told = hashlib.sha256()
    while piece := file.stream.read(PIECE):
        told.update(piece)
    file.stream.seek(0)
    return told.hexdigest()
