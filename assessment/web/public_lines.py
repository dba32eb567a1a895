"""Lines of the plan beside an answer: for who may not read the plan, in the words of its public version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from saas import guard
from saas.policy import Permission
from tenants.models.plans import Action
from tenants.queries.action_details import load_details
from tenants.rules.plan_papers import PUBLIC, responsibility
from tenants.services.plan_papers import line_of


@dataclass(frozen=True, slots=True)
class PublicLine:
    """What the public version tells of a line: its owners by their post, no officer days and no cost."""

    id: UUID
    ref: str
    action: str
    timescale: str
    timescale_kind: str
    timescale_reason: str
    earliest_on: date | None
    latest_on: date | None
    responsibility: str
    officer_days: Decimal | None = None
    cost: Decimal | None = None


def read_lines(council_id: UUID, actions: Collection[Action]) -> dict[UUID, Action | PublicLine]:
    """The lines by id as the viewer may read them; those that are restricted are missing for who may not."""
    if guard.may(Permission.ACTION_READ):
        return {action.id: action for action in actions}
    details = load_details(council_id, [action.id for action in actions])
    return {
        action.id: PublicLine(
            action.id,
            action.ref,
            action.action,
            action.timescale,
            action.timescale_kind,
            action.timescale_reason,
            action.earliest_on,
            action.latest_on,
            responsibility(line_of(action, details[action.id]), PUBLIC),
        )
        for action in actions
        if not action.restricted
    }


def lines_of(read: dict[UUID, Action | PublicLine], actions: Sequence[Action]) -> tuple[list[Action | PublicLine], int]:
    """Those of the actions that were read, in their order, and how many are left out."""
    lines = [read[action.id] for action in actions if action.id in read]
    return lines, len(actions) - len(lines)
