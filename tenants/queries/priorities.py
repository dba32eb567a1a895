"""The corporate priorities of a council."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from saas.db import db
from saas.errors import NotFound
from tenants.models.action_details import ActionPriority, Priority


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A priority, and how many lines of plans serve it."""

    id: UUID
    title: str
    position: int
    past: bool
    actions: int


def list_priorities(council_id: UUID) -> list[PriorityLine]:
    """Every priority in the council's order, those that are past last; one statement."""
    rows = db.session.execute(
        select(Priority.id, Priority.title, Priority.position, Priority.past, func.count(ActionPriority.id))
        .outerjoin(
            ActionPriority,
            (ActionPriority.council_id == Priority.council_id) & (ActionPriority.priority_id == Priority.id),
        )
        .where(Priority.council_id == council_id)
        .group_by(Priority.council_id, Priority.id)
        .order_by(Priority.past, Priority.position, Priority.title)
    )
    return [PriorityLine(*row) for row in rows]


def get_priority(council_id: UUID, priority_id: UUID, *, lock: bool = False) -> Priority:
    """One priority; raises NotFound. `lock` holds it for a change."""
    wanted = select(Priority).where(Priority.council_id == council_id, Priority.id == priority_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found
