"""What papers of a plan are made from beside its lines: owners, notes, and the evidence that its lines name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from tenants.models.action_details import ActionEvidence, ActionNote, ActionOwner
from tenants.models.evidence import Evidence
from tenants.models.plans import Action, Plan


def list_plan_evidence(plan: Plan) -> Sequence[Any]:
    """The evidence of a plan's lines in their order: `action_id`, `ref`, `restricted`, `pinpoint`, `Evidence`."""
    return db.session.execute(
        select(ActionEvidence.action_id, Action.ref, Action.restricted, ActionEvidence.pinpoint, Evidence)
        .join(Action, (Action.council_id == ActionEvidence.council_id) & (Action.id == ActionEvidence.action_id))
        .join(
            Evidence, (Evidence.council_id == ActionEvidence.council_id) & (Evidence.id == ActionEvidence.evidence_id)
        )
        .where(ActionEvidence.council_id == plan.council_id, Action.plan_id == plan.id)
        .order_by(Action.position, ActionEvidence.linked_at, ActionEvidence.id)
    ).all()


def list_plan_owners(plan: Plan) -> dict[UUID, list[ActionOwner]]:
    """The confirmed owners of a plan's lines, by action id, in their order."""
    return _by_action(plan, ActionOwner, ActionOwner.position)


def list_plan_notes(plan: Plan) -> dict[UUID, list[ActionNote]]:
    """The progress notes of a plan's lines, by action id, the oldest first."""
    return _by_action(plan, ActionNote, ActionNote.noted_on, ActionNote.written_at)


def _by_action(plan: Plan, kind: Any, *order: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    rows = db.session.scalars(
        select(kind)
        .join(Action, (Action.council_id == kind.council_id) & (Action.id == kind.action_id))
        .where(Action.council_id == plan.council_id, Action.plan_id == plan.id)
        .order_by(*order, kind.id)
    )
    for row in rows:
        found.setdefault(row.action_id, []).append(row)
    return found
