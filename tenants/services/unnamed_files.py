"""Stored files that no row names: what an upload left that was cut off, or a job that was killed before its commit."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from saas.db import db
from saas.errors import Refused
from saas.files import FileMissing, storage
from tenants.services.evidence import hold_library

RESTS = timedelta(days=1)
"""How long a file is left alone that no row names: no upload and no job is on its way so long."""
SUSPICIOUS = 20
"""From so many files on, more than half of all are not a leftover: they are a storage beside the wrong database."""
UNNAMED = text("select tenancy.unnamed_files(:namespace, cast(:digests as text[]))")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnnamedFile:
    """A stored file that no row names, of a council or, where it was made for one, of a person. `size` in bytes."""

    namespace: UUID
    sha256: str
    size: int


def list_unnamed(before: datetime) -> list[UnnamedFile]:
    """What no row names and was put into the storage before; in the console's scope, to which alone the database tells.

    Raises Refused where that is more than half of everything: then storage and database do not belong together.
    """
    kept: defaultdict[UUID, list[str]] = defaultdict(list)
    for name, sha256 in storage().list_files():
        with suppress(ValueError):
            if str(namespace := UUID(name)) == name:
                kept[namespace].append(sha256)
    found = [each for namespace, digests in kept.items() for each in _unnamed(namespace, digests, before)]
    total = sum(map(len, kept.values()))
    if len(found) >= SUSPICIOUS and len(found) * 2 > total:
        raise Refused(
            f"the database names none of {len(found):,} of {total:,} stored files: is it the database of this storage?"
            " Nothing was removed."
        )
    return found


def remove_unnamed(namespace: UUID, before: datetime) -> list[UnnamedFile]:
    """Remove what no row of this council or person names; no upload there is under way meanwhile."""
    hold_library(namespace)
    found = _unnamed(namespace, [sha256 for _, sha256 in storage().list_files(str(namespace))], before)
    for each in found:
        storage().delete(str(namespace), each.sha256)
    size = sum(each.size for each in found)
    log.info("removed stored files that no row names", extra={"files": len(found), "bytes": size})
    return found


def clear_arriving(before: datetime) -> int:
    """Remove pieces of files that were cut off on their way into the storage before; how many."""
    removed = storage().clear_arriving(before)
    log.info("removed pieces of files that were cut off", extra={"files": removed})
    return removed


def _unnamed(namespace: UUID, digests: Iterable[str], before: datetime) -> list[UnnamedFile]:
    """The list of files is read first and the rows after it: a row that comes in between names its file."""
    unnamed = db.session.scalar(UNNAMED, {"namespace": namespace, "digests": list(digests)}) or []
    found = []
    for sha256 in sorted(unnamed):
        with suppress(FileMissing):
            if storage().put_at(str(namespace), sha256) < before:
                found.append(UnnamedFile(namespace, sha256, storage().size(str(namespace), sha256)))
    return found
