"""What hangs on a line of a plan, for programs: owners, notes, evidence and corporate priorities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas.api import ApiSchema, Operations
from saas.db import db
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.api.plans import ONE_ACTION, line_of
from tenants.models.action_details import OWNER_KINDS
from tenants.models.plans import Action
from tenants.queries import action_details as queries
from tenants.queries.action_details import Owner
from tenants.queries.evidence import get_evidence
from tenants.services import action_details, action_notes, action_owners

operations = Operations("action_details", "Action plans")
SEEN = "The mark of what was read, as getActionDetails gives it: what somebody changed since is not written over."


class OwnerSchema(ApiSchema):
    """Who does a line, or helps with it."""

    kind = fields.String(required=True, validate=validate.OneOf(OWNER_KINDS), metadata={"enum": list(OWNER_KINDS)})
    name = fields.String(
        load_default="",
        validate=validate.Length(max=action_owners.LONGEST_NAME),
        metadata={
            "description": "Needed but for what is still to be agreed.",
            "example": "Head of Democratic Services",
        },
    )
    accountable = fields.Boolean(load_default=False, metadata={"description": "Of one owner at most."})


class ActionNoteSchema(ApiSchema):
    """A dated note on the progress of a line."""

    id = fields.UUID(required=True)
    noted_on = fields.Date(required=True)
    words = fields.String(required=True)
    minute = fields.String(required=True, metadata={"description": "The reference of the minute that records it."})
    written_at = fields.AwareDateTime(required=True)
    written_by_name = fields.String(required=True)
    meeting_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The meeting that took it."})


class LinkedEvidenceSchema(ApiSchema):
    """A piece of evidence that a line names."""

    evidence_id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    pinpoint = fields.String(required=True, metadata={"description": "Where in it."})
    removed = fields.Boolean(required=True, metadata={"description": "Whether the library has lost it since."})


class ServedPrioritySchema(ApiSchema):
    """A corporate priority that a line serves."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    past = fields.Boolean(required=True)


class ActionDetailsSchema(ApiSchema):
    """What hangs on a line beside its own words."""

    owners = fields.List(fields.Nested(OwnerSchema), required=True, metadata={"description": "As a person confirmed."})
    owners_seen = fields.String(required=True, metadata={"description": "Sent back with saveActionOwners."})
    owners_proposed = fields.List(
        fields.Nested(OwnerSchema),
        required=True,
        metadata={"description": "Read from `responsibility`, while nobody confirmed any."},
    )
    notes = fields.List(fields.Nested(ActionNoteSchema), required=True, metadata={"description": "The newest first."})
    evidence = fields.List(fields.Nested(LinkedEvidenceSchema), required=True)
    priorities = fields.List(fields.Nested(ServedPrioritySchema), required=True)
    priorities_seen = fields.String(required=True, metadata={"description": "Sent back with saveActionPriorities."})


class SavedOwnersSchema(ApiSchema):
    """Everybody who does a line from now on, in order."""

    owners = fields.List(fields.Nested(OwnerSchema), required=True, validate=validate.Length(max=action_owners.MOST))
    seen = fields.String(required=True, metadata={"description": SEEN})


class WrittenNoteSchema(ApiSchema):
    """A note to be written."""

    noted_on = fields.Date(required=True, metadata={"description": "The day it speaks of.", "example": "2026-05-20"})
    words = fields.String(
        required=True, validate=validate.Length(1, action_notes.LONGEST_NOTE), metadata={"example": "The draft is out."}
    )
    minute = fields.String(load_default="", validate=validate.Length(max=action_notes.LONGEST_MINUTE))


class PinpointSchema(ApiSchema):
    """Where in a piece of evidence."""

    pinpoint = fields.String(
        load_default="", validate=validate.Length(max=action_details.LONGEST_PINPOINT), metadata={"example": "Page 3"}
    )


class SavedPrioritiesSchema(ApiSchema):
    """Every priority that a line serves from now on."""

    priorities = fields.List(fields.UUID(), required=True)
    seen = fields.String(required=True, metadata={"description": SEEN})


@operations.get(f"{ONE_ACTION}/details", "getActionDetails", answers=ActionDetailsSchema)
@requires(Permission.ACTION_READ)
def get_action_details(plan_id: UUID, action_id: UUID) -> dict[str, Any]:
    """Read what hangs on a line. Its owners, notes, evidence and corporate priorities."""
    return _details(line_of(plan_id, action_id))


@operations.put(
    f"{ONE_ACTION}/owners", "saveActionOwners", takes=SavedOwnersSchema, answers=ActionDetailsSchema, versioned=False
)
@requires(Permission.ACTION_WRITE)
def save_action_owners(plan_id: UUID, action_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Say who does a line. Everybody at once; its `responsibility` stays as it is written."""
    row = line_of(plan_id, action_id, lock=True)
    owners = [Owner(**each) for each in given["owners"]]
    action_owners.confirm(row, owners, seen_as=given["seen"], by=actor())
    return _details(row)


@operations.post(f"{ONE_ACTION}/notes", "addActionNote", takes=WrittenNoteSchema, answers=ActionNoteSchema)
@requires(Permission.ACTION_WRITE)
def add_action_note(plan_id: UUID, action_id: UUID, given: dict[str, Any]) -> Any:
    """Write a dated note on a line. It stands in restricted papers, never in public ones."""
    return action_notes.add_note(line_of(plan_id, action_id), **given, by=actor())


@operations.delete(f"{ONE_ACTION}/notes/<uuid:note_id>", "removeActionNote")
@requires(Permission.ACTION_WRITE)
def remove_action_note(plan_id: UUID, action_id: UUID, note_id: UUID) -> None:
    """Take a note out of a line. One that a meeting took stays with its record."""
    row = line_of(plan_id, action_id)
    action_notes.remove_note(row, queries.get_note(row, note_id), by=actor())


@operations.put(
    f"{ONE_ACTION}/evidence/<uuid:evidence_id>",
    "linkActionEvidence",
    takes=PinpointSchema,
    answers=ActionDetailsSchema,
    versioned=False,
)
@requires(Permission.ACTION_WRITE)
def link_action_evidence(plan_id: UUID, action_id: UUID, evidence_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Name a piece of evidence on a line, and where in it. One that is named already gets the new place."""
    row = line_of(plan_id, action_id, lock=True)
    action_details.link_evidence(row, get_evidence(place_id(), evidence_id), **given, by=actor())
    return _details(row)


@operations.delete(f"{ONE_ACTION}/evidence/<uuid:evidence_id>", "unlinkActionEvidence")
@requires(Permission.ACTION_WRITE)
def unlink_action_evidence(plan_id: UUID, action_id: UUID, evidence_id: UUID) -> None:
    """Name a piece of evidence no longer on a line. It stays in the library."""
    action_details.unlink_evidence(line_of(plan_id, action_id, lock=True), evidence_id, by=actor())


@operations.put(
    f"{ONE_ACTION}/priorities",
    "saveActionPriorities",
    takes=SavedPrioritiesSchema,
    answers=ActionDetailsSchema,
    versioned=False,
)
@requires(Permission.ACTION_WRITE)
def save_action_priorities(plan_id: UUID, action_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Say which corporate priorities a line serves. All of them at once; one that is past is not chosen anew."""
    row = line_of(plan_id, action_id, lock=True)
    action_details.set_priorities(row, given["priorities"], seen_as=given["seen"], by=actor())
    return _details(row)


def _details(row: Action) -> dict[str, Any]:
    db.session.flush()
    found = queries.load_details(row.council_id, [row.id])[row.id]
    return {
        "owners": found.owners,
        "owners_seen": action_owners.seen(found.owners),
        "owners_proposed": () if found.owners else action_owners.propose(row),
        "notes": found.notes,
        "evidence": found.evidence,
        "priorities": found.priorities,
        "priorities_seen": action_details.seen(found.priorities),
    }
