"""What papers of a plan are made from beside its lines and their details: the evidence they name, as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from saas.db import db
from tenants.models.action_details import ActionEvidence
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
