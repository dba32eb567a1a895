"""Keeping evidence: files by their content, links by their address, nothing ever thrown away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.files import Received, scan, storage
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.evidence import find_file
from tenants.queries.locks import hold
from tenants.rules.web_links import problem_with

LONGEST_TITLE = 300


def add_file(
    council_id: UUID,
    *,
    received: Received,
    title: str,
    speaks_for_on: date | None,
    by: Actor,
    valid_until_on: date | None = None,
) -> Evidence:
    """Put a judged upload into the library; without a title it is called as the file is.

    A file whose content the library holds already stays the one it is: that row is returned, nothing is added. One that
    was removed comes back with the new title and dates. Raises FileRefused where a scanner finds malware.
    """
    scan(received)
    hold(f"evidence:{council_id}:{received.sha256}")
    there = find_file(council_id, received.sha256)
    if there is not None:
        return there
    title = _titled(title or received.filename)
    _check_dates(speaks_for_on, valid_until_on)
    evidence = find_file(council_id, received.sha256, removed=True)
    if evidence is None:
        evidence = _new(council_id, "file", by)
        evidence.sha256, evidence.size = received.sha256, received.size
        evidence.content_type, evidence.filename = received.content_type, received.filename
        db.session.add(evidence)
    evidence.title, evidence.speaks_for_on, evidence.valid_until_on = title, speaks_for_on, valid_until_on
    evidence.removed_at = None
    db.session.flush()
    storage().put(str(council_id), received)
    payload = {"title": title, "kind": "file", "sha256": received.sha256, "size": received.size}
    events.record("evidence.added", evidence, by=by, audience="council", payload=payload)
    return evidence


def add_link(
    council_id: UUID,
    *,
    url: str,
    title: str,
    by: Actor,
    speaks_for_on: date | None = None,
    valid_until_on: date | None = None,
) -> Evidence:
    """Put a web address into the library; without a title it is called by its address. Raises Invalid (url, title)."""
    url = url.strip()
    problem = problem_with(url)
    if problem:
        raise Invalid({"url": [problem]})
    _check_dates(speaks_for_on, valid_until_on)
    evidence = _new(council_id, "link", by)
    evidence.title, evidence.url = _titled(title or url[:LONGEST_TITLE]), url
    evidence.speaks_for_on, evidence.valid_until_on = speaks_for_on, valid_until_on
    db.session.add(evidence)
    db.session.flush()
    payload = {"title": evidence.title, "kind": "link"}
    events.record("evidence.added", evidence, by=by, audience="council", payload=payload)
    return evidence


def change(
    evidence: Evidence,
    *,
    title: str,
    speaks_for_on: date | None,
    valid_until_on: date | None,
    version: int,
    by: Actor,
) -> None:
    """Correct title and dates. Raises Conflict when somebody else changed it since, Invalid naming the field."""
    if evidence.version != version:
        raise Conflict(theirs=evidence)
    _check_dates(speaks_for_on, valid_until_on)
    evidence.title = _titled(title)
    evidence.speaks_for_on, evidence.valid_until_on = speaks_for_on, valid_until_on
    events.record("evidence.changed", evidence, by=by, audience="council", payload={"title": evidence.title})


def remove(evidence: Evidence, *, by: Actor) -> None:
    """Take it out of the library. Its content stays: answers that were sent may rest on it."""
    evidence.removed_at = clock.now()
    events.record("evidence.removed", evidence, by=by, audience="council", payload={"title": evidence.title})


def restore(evidence: Evidence, *, by: Actor) -> None:
    """Put back what was removed."""
    evidence.removed_at = None
    events.record("evidence.restored", evidence, by=by, audience="council", payload={"title": evidence.title})


def _new(council_id: UUID, kind: str, by: Actor) -> Evidence:
    return Evidence(
        council_id=council_id, id=new_id(), kind=kind, added_at=clock.now(), added_by=by.id, added_by_name=by.name
    )


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": ["Enter the title"]})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"The title must be {LONGEST_TITLE} characters or fewer"]})
    return title


def _check_dates(speaks_for_on: date | None, valid_until_on: date | None) -> None:
    if speaks_for_on and valid_until_on and valid_until_on < speaks_for_on:
        raise Invalid({"valid_until_on": ["It cannot end before the date it speaks for"]})
