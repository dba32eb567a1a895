"""Documents that were read and shown, and those that were taken in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import aliased

from saas.db import db
from saas.errors import NotFound
from tenants.models.action_details import ActionEvidence, ActionNote, ActionOwner, ActionPriority
from tenants.models.committee_papers import CommitteePaper
from tenants.models.imports import Import
from tenants.models.meetings import Meeting, MeetingItem
from tenants.models.plans import Action, Plan
from tenants.rules import import_repeats


def get_import(council_id: UUID, import_id: UUID, *, kind: str, lock: bool = False) -> Import:
    """One import of this kind; raises NotFound. `lock` holds it for taking in or undoing."""
    wanted = select(Import).where(Import.council_id == council_id, Import.id == import_id, Import.kind == kind)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_taken_in(council_id: UUID, sha256: str, *, kind: str) -> Import | None:
    """The import by which this very file was taken in, if it was."""
    wanted = select(Import).where(
        Import.council_id == council_id,
        Import.sha256 == sha256,
        Import.kind == kind,
        Import.taken_in_at.is_not(None),
    )
    return db.session.scalar(wanted.order_by(Import.taken_in_at.desc()).limit(1))


def list_lines(council_id: UUID) -> Sequence[Row[UUID, str, str, str, str, str]]:
    """plan_id and the compared texts (rules.import_repeats.COMPARED) of every action of the council."""
    columns = (getattr(Action, name) for name in import_repeats.COMPARED)
    return db.session.execute(select(Action.plan_id, *columns).where(Action.council_id == council_id)).all()


def list_titles(council_id: UUID) -> Sequence[Row[UUID, str]]:
    """plan_id and title of every plan of the council, also of those put away, newest first."""
    wanted = select(Plan.id, Plan.title).where(Plan.council_id == council_id)
    return db.session.execute(wanted.order_by(Plan.created_at.desc(), Plan.id)).all()


def find_document_date(council_id: UUID, sha256: str, *, kind: str) -> date | None:
    """The day that somebody gave this very document when it was read before."""
    return db.session.scalar(
        select(Import.document_on)
        .where(
            Import.council_id == council_id,
            Import.sha256 == sha256,
            Import.kind == kind,
            Import.document_on.is_not(None),
        )
        .order_by(Import.read_at.desc())
        .limit(1)
    )


def list_plan_imports(
    council_id: UUID, plan_id: UUID | None = None
) -> Sequence[Row[UUID, str, datetime | None, UUID | None, str, bool]]:
    """Action plans taken in, newest first: import_id, filename, taken_in_at, plan_id, the plan's title, worked_on.

    worked_on: whether somebody worked on one of its actions since, so that it cannot be undone any more.
    """
    plan = aliased(Plan)
    mine = (Action.council_id == Import.council_id) & (Action.import_id == Import.id)
    worked_on = exists().where(mine, _is_worked_on()).label("worked_on")
    wanted = (
        select(Import.id.label("import_id"), Import.filename, Import.taken_in_at, Import.plan_id, plan.title, worked_on)
        .outerjoin(plan, (plan.council_id == Import.council_id) & (plan.id == Import.plan_id))
        .where(Import.council_id == council_id, Import.kind == "action_plan", Import.taken_in_at.is_not(None))
    )
    if plan_id is not None:
        wanted = wanted.where(Import.plan_id == plan_id)
    return db.session.execute(wanted.order_by(Import.taken_in_at.desc())).all()


def count_worked_on(kept: Import) -> int:
    """How many of the import's actions somebody changed, or put an owner, a note, evidence or a decision to, since."""
    mine = (Action.council_id == kept.council_id) & (Action.import_id == kept.id)
    return db.session.scalar(select(func.count()).where(mine, _is_worked_on())) or 0


def _is_worked_on() -> ColumnElement[bool]:
    hangs = [
        exists().where(each.council_id == Action.council_id, each.action_id == Action.id)
        for each in (ActionOwner, ActionNote, ActionEvidence, ActionPriority, MeetingItem)
    ]
    return or_(Action.version > 1, *hangs)


def is_plan_bare(council_id: UUID, plan_id: UUID) -> bool:
    """Whether a plan is as it was made, with no action, meeting or committee paper: then it may go."""
    hangs = [
        exists().where(Action.council_id == Plan.council_id, Action.plan_id == Plan.id),
        exists().where(Meeting.council_id == Plan.council_id, Meeting.plan_id == Plan.id),
        exists().where(CommitteePaper.council_id == Plan.council_id, CommitteePaper.subject_id == Plan.id),
    ]
    bare = exists().where(
        Plan.council_id == council_id, Plan.id == plan_id, Plan.version == 1, *(~each for each in hangs)
    )
    return bool(db.session.scalar(select(bare)))
