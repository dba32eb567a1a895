"""Changing a region's process: every change is a new version, and what has begun keeps its own."""

from __future__ import annotations

from uuid import UUID

from assessment.models.processes import ProcessVersion
from assessment.queries.accreditations import find_process
from assessment.rules import processes
from assessment.rules.process_words import changes
from assessment.rules.processes import Process
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict
from saas.tenancy import Actor


def save_process(region_id: UUID, process: Process, *, version: int, by: Actor) -> ProcessVersion | None:
    """Keep new settings for the region's accreditations to come; None when nothing differs from what stands.

    version: the one that was changed, 0 for the defaults. Raises Conflict, `theirs` being the version that came
    between.
    """
    current = find_process(region_id)
    standing = processes.parse(current.document) if current else processes.DEFAULT
    stands = current.version if current else 0
    if version != stands:
        raise Conflict("Somebody else changed the process in the meantime.", theirs=current, version=stands)
    differences = changes(standing, process)
    if not differences:
        return None
    row = ProcessVersion(
        id=new_id(),
        region_id=region_id,
        version=version + 1,
        document=processes.to_document(process),
        changed_at=clock.now(),
        changed_by=by.id,
        changed_by_name=by.name,
    )
    late = "Somebody else changed the process in the meantime."
    with turning("uq_process_versions_region_id_version", lambda: Conflict(late)):
        db.session.add(row)
    payload = {"version": row.version, "settings": [each.label for each in differences]}
    events.record("process.changed", row, by=by, audience="region", payload=payload)
    return row
