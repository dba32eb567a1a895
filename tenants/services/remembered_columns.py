"""Remembering what a council's headings mean, for its next document, and forgetting it again."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete

from saas import clock, events
from saas.db import db, new_id
from saas.tenancy import Actor
from tenants.models.imports import Import, RememberedColumn
from tenants.queries.locks import hold
from tenants.queries.remembered_columns import list_remembered


def remember(kept: Import, meanings: Mapping[str, str], *, by: Actor) -> list[str]:
    """Keep plain heading → meaning for the next document of this kind; the headings that are new or mean another thing.

    A heading said again replaces what it meant.
    """
    hold(f"remembered_columns:{kept.council_id}")
    there = {row.heading: row for row in list_remembered(kept.council_id, kept.kind)}
    new = [heading for heading, meaning in meanings.items() if getattr(there.get(heading), "meaning", None) != meaning]
    for heading in new:
        row = there.get(heading)
        if row is None:
            row = RememberedColumn(council_id=kept.council_id, id=new_id(), kind=kept.kind, heading=heading)
            db.session.add(row)
        row.meaning, row.remembered_at, row.remembered_by_name = meanings[heading], clock.now(), by.name
    if new:
        events.record("columns.remembered", kept, by=by, audience="council", payload={"headings": new})
    return new


def forget(council_id: UUID, kind: str, column_id: UUID, *, by: Actor) -> str:
    """Forget one heading; its words, "" where it was forgotten before."""
    forgotten = db.session.scalars(
        delete(RememberedColumn)
        .where(
            RememberedColumn.council_id == council_id,
            RememberedColumn.kind == kind,
            RememberedColumn.id == column_id,
        )
        .returning(RememberedColumn)
    ).one_or_none()
    if forgotten is None:
        return ""
    events.record("columns.forgotten", forgotten, by=by, audience="council", payload={"headings": [forgotten.heading]})
    return forgotten.heading
