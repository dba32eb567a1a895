"""Files made for one person: asked for, made in a job, kept for seven days for that person alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from saas import clock, events, files
from saas.db import db, new_id
from saas.errors import Conflict
from saas.files.hashing import sha256_of
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.models.data_protection import PreparedFile
from tenants.queries import prepared_files as queries
from tenants.queries.access import list_colleagues

KEPT = timedelta(days=7)
PATIENCE = timedelta(hours=6)
"""How long one that is being made holds off another."""
CONTENT_TYPE = "application/zip"
VERBS = {"person": ("own_data.asked", "person"), "council": ("export.asked", "council")}
"""Kind → the event of asking and who reads it."""
ENDED = "Your access ended before it was made."
FAILED = "It could not be made. Ask for it again, or tell whoever runs the service."

Maker = Callable[[PreparedFile, BinaryIO], None]
"""Writes a ZIP file into the stream, in the scope in which it was asked for."""

_makers: dict[str, Maker] = {}


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Let a function make the files of this kind ("person" or "council")."""

    def register(maker: Maker) -> Maker:
        _makers[kind] = maker
        return maker

    return register


def ask(kind: str, *, council_id: UUID | None = None, region_id: UUID | None = None, by: Actor) -> PreparedFile:
    """Ask for a file; a job makes it. council_id: what it is about, with its region, for the kind "council".

    Raises Conflict while one that was asked for is still being made.
    """
    if by.id is None:
        raise ValueError("a file is made for a person")
    now = clock.now()
    if any(is_awaited(each) for each in queries.list_own(by.id, kind, council_id)):
        raise Conflict("It is being made already. We email you when it is ready.")
    asked = PreparedFile(
        id=new_id(),
        user_id=by.id,
        region_id=region_id,
        council_id=council_id,
        kind=kind,
        asked_at=now,
        expires_at=now + KEPT,
        failure="",
    )
    db.session.add(asked)
    db.session.flush()
    verb, audience = VERBS[kind]
    events.record(verb, asked, by=by, audience=audience)
    return asked


def is_awaited(asked: PreparedFile) -> bool:
    """Whether it is still being made."""
    return asked.ready_at is None and not asked.failure and clock.now() - asked.asked_at < PATIENCE


def state_of(asked: PreparedFile) -> str:
    """How it stands: awaited, ready, expired, failed."""
    if asked.failure:
        return "failed"
    if asked.ready_at is None:
        return "awaited" if is_awaited(asked) else "failed"
    return "ready" if asked.file is not None and asked.expires_at > clock.now() else "expired"


def make(file_id: UUID) -> bool:
    """Make the file that was asked for, in the scope in which it was; True when it is ready now and was not before.

    Where the person's access has ended meanwhile nothing is made.
    """
    asked = queries.find(file_id)
    if asked is None or asked.ready_at is not None:
        return False
    if not _has_access(asked):
        asked.failure = ENDED
        return False
    with tempfile.TemporaryDirectory(prefix="charterway-prepared-") as folder:
        path = Path(folder) / "file.zip"
        with path.open("wb") as stream:
            _makers[asked.kind](asked, stream)
        digest = sha256_of(path)
        received = files.Received(digest, path.stat().st_size, CONTENT_TYPE, path.name, path)
        asked.file = files.storage().put(namespace_of(asked.user_id), received)
    asked.sha256, asked.size = digest, received.size
    asked.ready_at = clock.now()
    asked.expires_at = asked.ready_at + KEPT
    return True


def give_up(file_id: UUID) -> None:
    """Say to the person that it could not be made."""
    asked = queries.find(file_id)
    if asked is not None and asked.ready_at is None:
        asked.failure = asked.failure or FAILED


def forget(file_id: UUID) -> None:
    """Remove the file from the storage when its time is over; that it was made stays known."""
    asked = queries.find(file_id)
    if asked is None or asked.sha256 is None or asked.expires_at > clock.now():
        return
    asked.file = None
    db.session.flush()
    if asked.sha256 not in queries.list_kept_digests(asked.user_id):
        files.storage().delete(namespace_of(asked.user_id), asked.sha256)


def namespace_of(user_id: UUID) -> str:
    """Where in the storage the files of one person lie."""
    return str(user_id)


def _has_access(asked: PreparedFile) -> bool:
    if asked.council_id is None:
        return True
    colleagues = list_colleagues(asked.council_id, Permission.COUNCIL_EXPORT)
    return any(each.user_id == asked.user_id for each in colleagues)
