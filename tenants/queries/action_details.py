"""What hangs on the lines of plans: owners, notes, evidence and priorities, for any number of lines at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from saas.db import db
from saas.errors import NotFound
from saas.events import Event
from tenants.models.action_details import (
    ActionEvidence,
    ActionNote,
    ActionOwner,
    ActionPriority,
    ActionVersion,
    Priority,
)
from tenants.models.evidence import Evidence
from tenants.models.imports import Import
from tenants.models.meetings import Meeting
from tenants.models.plans import Action


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does a line or helps with it, as a person confirmed. kind: one of OWNER_KINDS."""

    kind: str
    name: str
    accountable: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A dated note; `meeting` names the body where a meeting took it, `minute` its reference."""

    id: UUID
    noted_on: date
    words: str
    minute: str
    written_at: datetime
    written_by_name: str
    meeting_id: UUID | None
    meeting: str


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    """A piece of evidence that a line names, and where in it; `removed` once it left the library."""

    id: UUID
    evidence_id: UUID
    kind: str
    title: str
    url: str | None
    filename: str | None
    pinpoint: str
    removed: bool


@dataclass(frozen=True, slots=True)
class ServedPriority:
    """A corporate priority that a line serves."""

    id: UUID
    title: str
    past: bool


@dataclass(frozen=True, slots=True)
class Details:
    """What hangs on one line. owners: the accountable one first; notes: the newest first."""

    owners: tuple[Owner, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[CitedEvidence, ...] = ()
    priorities: tuple[ServedPriority, ...] = ()


def load_details(council_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, Details]:
    """The details of each of these lines, by their ids; four statements for any number, none for no line."""
    if not action_ids:
        return {}
    owners = _by_action(_owners(council_id, action_ids), Owner)
    notes = _by_action(_notes(council_id, action_ids), Note)
    evidence = _by_action(_evidence(council_id, action_ids), CitedEvidence)
    priorities = _by_action(_priorities(council_id, action_ids), ServedPriority)
    return {
        each: Details(*(tuple(found[each]) for found in (owners, notes, evidence, priorities))) for each in action_ids
    }


def load_owners(council_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, Details]:
    """The owners alone of each of these lines, by their ids; one statement, none for no line."""
    owners = _by_action(_owners(council_id, action_ids), Owner) if action_ids else {}
    return {each: Details(tuple(owners[each])) for each in action_ids}


def _by_action(wanted: Any, kind: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for action_id, *rest in db.session.execute(wanted):
        found[action_id].append(kind(*rest))
    return found


def _owners(council_id: UUID, action_ids: Collection[UUID]) -> Any:
    return (
        select(ActionOwner.action_id, ActionOwner.kind, ActionOwner.name, ActionOwner.accountable)
        .where(ActionOwner.council_id == council_id, ActionOwner.action_id.in_(action_ids))
        .order_by(ActionOwner.accountable.desc(), ActionOwner.position)
    )


def _notes(council_id: UUID, action_ids: Collection[UUID]) -> Any:
    return (
        select(
            ActionNote.action_id,
            ActionNote.id,
            ActionNote.noted_on,
            ActionNote.words,
            ActionNote.minute,
            ActionNote.written_at,
            ActionNote.written_by_name,
            ActionNote.meeting_id,
            func.coalesce(Meeting.body, ""),
        )
        .outerjoin(Meeting, (Meeting.council_id == ActionNote.council_id) & (Meeting.id == ActionNote.meeting_id))
        .where(ActionNote.council_id == council_id, ActionNote.action_id.in_(action_ids))
        .order_by(ActionNote.noted_on.desc(), ActionNote.written_at.desc(), ActionNote.id)
    )


def _evidence(council_id: UUID, action_ids: Collection[UUID]) -> Any:
    return (
        select(
            ActionEvidence.action_id,
            ActionEvidence.id,
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.url,
            Evidence.filename,
            ActionEvidence.pinpoint,
            Evidence.removed_at.is_not(None),
        )
        .join(
            Evidence, (Evidence.council_id == ActionEvidence.council_id) & (Evidence.id == ActionEvidence.evidence_id)
        )
        .where(ActionEvidence.council_id == council_id, ActionEvidence.action_id.in_(action_ids))
        .order_by(ActionEvidence.linked_at, ActionEvidence.id)
    )


def _priorities(council_id: UUID, action_ids: Collection[UUID]) -> Any:
    return (
        select(ActionPriority.action_id, Priority.id, Priority.title, Priority.past)
        .join(
            Priority, (Priority.council_id == ActionPriority.council_id) & (Priority.id == ActionPriority.priority_id)
        )
        .where(ActionPriority.council_id == council_id, ActionPriority.action_id.in_(action_ids))
        .order_by(Priority.position, Priority.title)
    )


def get_note(action: Action, note_id: UUID) -> ActionNote:
    """A note of this line; raises NotFound."""
    found = db.session.scalar(
        select(ActionNote).where(
            ActionNote.council_id == action.council_id, ActionNote.action_id == action.id, ActionNote.id == note_id
        )
    )
    if found is None:
        raise NotFound
    return found


def find_evidence_link(action: Action, evidence_id: UUID) -> ActionEvidence | None:
    """How this line names a piece of evidence, None where it does not."""
    return db.session.scalar(
        select(ActionEvidence).where(
            ActionEvidence.council_id == action.council_id,
            ActionEvidence.action_id == action.id,
            ActionEvidence.evidence_id == evidence_id,
        )
    )


def list_versions(council_id: UUID, action_id: UUID) -> Sequence[Row[Any]]:
    """Every version of a line, the oldest first: number, document, written_at, written_by_name, meeting_id.

    body, held_on: of the meeting in whose sitting it was written, else None.
    """
    return db.session.execute(
        select(
            ActionVersion.number,
            ActionVersion.document,
            ActionVersion.written_at,
            ActionVersion.written_by_name,
            ActionVersion.meeting_id,
            Meeting.body,
            Meeting.held_on,
        )
        .outerjoin(Meeting, (Meeting.council_id == ActionVersion.council_id) & (Meeting.id == ActionVersion.meeting_id))
        .where(ActionVersion.council_id == council_id, ActionVersion.action_id == action_id)
        .order_by(ActionVersion.number)
    ).all()


def list_detail_events(council_id: UUID, action_id: UUID, verbs: Collection[str]) -> Sequence[Row[Any]]:
    """What was done with the details of a line, the oldest first: verb, at, payload."""
    return db.session.execute(
        select(Event.verb, Event.at, Event.payload)
        .where(
            Event.council_id == council_id,
            Event.subject == "actions",
            Event.subject_id == action_id,
            Event.verb.in_(verbs),
        )
        .order_by(Event.at, Event.seq)
    ).all()


def document_day(action: Action) -> date | None:
    """The own date of the document that a line was taken in from, where there is one and it is known."""
    if action.import_id is None:
        return None
    return db.session.scalar(
        select(Import.document_on).where(Import.council_id == action.council_id, Import.id == action.import_id)
    )
