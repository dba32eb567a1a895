"""Keeping live measures in the library, so that an answer cites one like any other evidence."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas import clock, events
from saas.db import db, new_id
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.locks import hold


def keep_measure(council_id: UUID, *, measure: str, title: str, by: Actor) -> Evidence:
    """The library's row of this measure: one per code, made when it is first wanted, put back if it was removed."""
    hold(f"measure:{council_id}:{measure}")
    found = db.session.scalar(select(Evidence).where(Evidence.council_id == council_id, Evidence.measure == measure))
    if found is not None and found.removed_at is None:
        return found
    if found is None:
        evidence = Evidence(
            council_id=council_id,
            id=new_id(),
            kind="measure",
            title=title,
            measure=measure,
            added_at=clock.now(),
            added_by=by.id,
            added_by_name=by.name,
            text_state="no_text",
        )
        db.session.add(evidence)
    else:
        evidence = found
        evidence.removed_at = None
    db.session.flush()
    payload = {"title": evidence.title, "kind": "measure"}
    verb = "evidence.added" if found is None else "evidence.restored"
    events.record(verb, evidence, by=by, audience="council", payload=payload)
    return evidence
