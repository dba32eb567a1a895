"""Taking a region's councils and their awards in from one file: shown first, then all of it or nothing."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import text

from assessment.models.region_views import CouncilImport
from assessment.queries.council_imports import find_taken_in, list_known, list_offered
from assessment.rules import council_tables
from assessment.rules.council_outcomes import preview
from assessment.rules.council_tables import CouncilOutcome, Preview
from assessment.rules.process_words import day_words
from assessment.services.recorded_awards import AwardHistory, PastAward, record
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import Role
from saas.tenancy import Actor
from tenants.queries.access import Target
from tenants.queries.locks import hold
from tenants.rules.grids import UnreadableDocument
from tenants.services import councils, documents_apart, invitations

NOTE_SEATS = text("select tenancy.note_seats(:council_id, :seats)")


def keep(region_id: UUID, data: bytes, filename: str, *, by: Actor) -> CouncilImport:
    """Read an Excel file and keep its rows for the preview; nothing is taken in yet.

    Raises Invalid (file) where it cannot be read or was taken in before.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    before = find_taken_in(region_id, sha256)
    if before is not None and before.taken_in_at is not None:
        day = day_words(before.taken_in_at.astimezone(clock.LONDON).date())
        raise Invalid({"file": [f"This file was taken in on {day}, as {before.filename}. Nothing is left to add."]})
    try:
        found = council_tables.read(documents_apart.open_document(data, filename))
    except UnreadableDocument as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable
    kept = CouncilImport(
        id=new_id(),
        region_id=region_id,
        filename=filename,
        sha256=sha256,
        rows=[[place, texts] for place, texts in found.rows],
        leftovers=list(found.leftovers),
        warnings=list(found.warnings),
        read_at=clock.now(),
        read_by=by.id,
        read_by_name=by.name,
        taken_in_at=None,
    )
    db.session.add(kept)
    db.session.flush()
    events.record("councils.read", kept, by=by, audience="region", payload={"filename": filename})
    return kept


def preview_of(kept: CouncilImport) -> Preview:
    """What the kept rows would do to the region's councils as they are now."""
    rows = [(place, texts) for place, texts in kept.rows]
    return preview(rows, list_known(kept.region_id), list_offered(kept.region_id), clock.today())


def take_in(kept: CouncilImport, region_name: str, *, invite: bool, by: Actor) -> Preview:
    """Do what the preview shows, compared once more with what is there now; all of it or nothing.

    kept: read with `lock`. invite: whether the contacts of new councils are invited as their first leads. Raises
    Conflict when it, or the same file, was taken in already, Invalid (file) when a row cannot be taken.
    """
    hold(f"councils:{kept.region_id}")
    if kept.taken_in_at is not None or find_taken_in(kept.region_id, kept.sha256) is not None:
        raise Conflict("This file was taken in already.")
    found = preview_of(kept)
    if found.problems:
        first = found.problems[0]
        raise Invalid({"file": [f"{first.place}, {first.column}: {first.reason} Nothing was taken in."]})
    ids = [outcome.known.id if outcome.known else _add(kept.region_id, outcome, by) for outcome in found.councils]
    taken = list(zip(ids, found.councils, strict=True))
    seats = [{"council_id": each, "seats": outcome.seats} for each, outcome in taken if outcome.seats is not None]
    if seats:
        db.session.execute(NOTE_SEATS, seats)
    histories = [AwardHistory(each, outcome.name, _past(outcome)) for each, outcome in taken if _past(outcome)]
    record(kept.region_id, region_name, histories, filename=kept.filename, by=by)
    invited = sum(_invite(kept.region_id, each, outcome, by) for each, outcome in taken) if invite else 0
    kept.taken_in_at = clock.now()
    payload = {"filename": kept.filename, "councils": found.added, "awards": found.recorded, "invited": invited}
    events.record("councils.taken_in", kept, by=by, audience="region", payload=payload)
    return found


def _past(outcome: CouncilOutcome) -> list[PastAward]:
    """The awards of a council that are not recorded yet."""
    return [
        PastAward(
            each.framework_id, each.framework_title, each.level, each.level_title, each.awarded_on, each.valid_to_on
        )
        for each in outcome.awards
        if each.verb == "new"
    ]


def _invite(region_id: UUID, council_id: UUID, outcome: CouncilOutcome, by: Actor) -> bool:
    """Invite the contact of a new council as its first lead; whether there was one."""
    if outcome.known is not None or not outcome.email:
        return False
    target = Target("council", region_id, council_id, outcome.name)
    invitations.invite(
        target, name=outcome.contact or outcome.email, email=outcome.email, role=Role.COUNCIL_LEAD, by=by
    )
    return True


def _add(region_id: UUID, outcome: CouncilOutcome, by: Actor) -> UUID:
    try:
        return councils.add_council(
            region_id, slug=outcome.slug, name=outcome.name, kind=outcome.kind, county=outcome.county, by=by
        )
    except Invalid as refusal:
        words = next(iter(refusal.messages.values()))[0]
        again = f"{outcome.place}: {words} Add a column called Short name. Nothing was taken in."
        raise Invalid({"file": [again]}) from refusal
