"""Taking a table of members in: compared and shown first, then every row of it or none."""

from __future__ import annotations

from uuid import UUID

from saas import clock, events
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.tables import Table, UnreadableTable, read_csv
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.queries.locks import hold
from tenants.queries.members import MemberLine, get_member, list_members
from tenants.rules import member_tables
from tenants.rules.member_rows import Person
from tenants.rules.member_tables import Outcome, Preview
from tenants.services.import_readings import keep
from tenants.services.members import MemberDetails, add_member, change_member, re_elect

MEMBERS = "members"


def keep_members(council_id: UUID, data: bytes, filename: str, *, by: Actor) -> Import:
    """Read a CSV table and keep it for the preview; no member is touched. Raises Invalid (file)."""
    table = _read(data, filename)
    kept = Import(
        council_id=council_id,
        kind=MEMBERS,
        plan_id=None,
        filename=filename,
        rows=[[1, list(table.headings)], *([row.line, list(row.cells)] for row in table.rows)],
        leftovers=[],
        warnings=[],
    )
    return keep(kept, data, count=len(table.rows), by=by)


def preview_of(kept: Import) -> Preview:
    """What the kept table would do to the members as they are now. The first of its rows are the headings."""
    (_, headings), *rows = kept.rows
    lines = list_members(kept.council_id, in_office=False, today=clock.today())
    return member_tables.preview(headings, [(line, cells) for line, cells in rows], [person_of(line) for line in lines])


def preview_of_file(council_id: UUID, data: bytes, filename: str) -> Preview:
    """What a CSV table would do to the members as they are now, keeping nothing. Raises Invalid (file)."""
    table = _read(data, filename)
    lines = list_members(council_id, in_office=False, today=clock.today())
    rows = [(row.line, row.cells) for row in table.rows]
    return member_tables.preview(table.headings, rows, [person_of(line) for line in lines])


def take_in_members(kept: Import, *, by: Actor) -> Preview:
    """Do what the preview shows, compared once more with the members as they are now; all rows or none.

    Raises Conflict when it was taken in already, Invalid (file) when a row cannot be taken.
    """
    if kept.taken_in_at is not None:
        raise Conflict("This table was taken in already.")
    hold(f"members:{kept.council_id}")
    preview = preview_of(kept)
    if preview.problems:
        first = preview.problems[0]
        raise Invalid({"file": [f"Line {first.line}, {first.column}: {first.reason} Nothing was imported."]})
    for outcome in preview.outcomes:
        _apply(kept.council_id, outcome, by)
    kept.taken_in_at = clock.now()
    payload = {"filename": kept.filename} | {
        verb: preview.count(verb) for verb in ("added", "updated", "re_elected", "unchanged")
    }
    events.record("import.taken_in", kept, by=by, audience="council", payload=payload)
    return preview


def person_of(line: MemberLine) -> Person:
    """A member of the register as the rules compare it."""
    member, term = line.member, line.term
    return Person(
        member.given_name,
        member.family_name,
        member.title,
        member.email,
        member.kind,
        member.ward,
        line.group,
        member.reference or "",
        term.started_on if term else None,
        term.due_to_end_on if term else None,
        term.ended_on if term else None,
        str(member.id),
    )


def _apply(council_id: UUID, outcome: Outcome, by: Actor) -> None:
    person = outcome.person
    if outcome.verb == "unchanged":
        return
    if outcome.verb == "added":
        add_member(council_id, details=_details(person, with_term=True), by=by)
        return
    there = get_member(council_id, UUID(person.key), lock=True)
    member = there.member
    if outcome.verb == "re_elected" and person.started_on is not None:
        re_elect(member, started_on=person.started_on, due_to_end_on=person.due_to_end_on, by=by)
        db.session.flush()
    details = _details(person, with_term=person.ended_on is None)
    change_member(member, details=details, version=member.version, by=by)


def _details(person: Person, *, with_term: bool) -> MemberDetails:
    return MemberDetails(
        given_name=person.given_name,
        family_name=person.family_name,
        title=person.title,
        email=person.email,
        kind=person.kind,
        ward=person.ward,
        group=person.group,
        reference=person.reference,
        started_on=person.started_on if with_term else None,
        due_to_end_on=person.due_to_end_on if with_term else None,
    )


def _read(data: bytes, filename: str) -> Table:
    try:
        return read_csv(data)
    except UnreadableTable as unreadable:
        raise Invalid({"file": [f"{filename}: {unreadable.message}"]}) from unreadable
