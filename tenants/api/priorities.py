"""The council's corporate priorities, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries import priorities as queries
from tenants.queries.priorities import PriorityLine
from tenants.services import priorities as services

operations = Operations("priorities", "Action plans")
LIST = "/councils/<council>/priorities"
ONE = f"{LIST}/<uuid:priority_id>"
TITLE = validate.Length(1, services.LONGEST_TITLE)


class PrioritySchema(ApiSchema):
    """A corporate priority, which lines of plans serve."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    past = fields.Boolean(required=True, metadata={"description": "Kept by the lines that serve it, chosen by none."})
    actions = fields.Integer(required=True, metadata={"description": "How many lines of plans serve it."})


class NewPrioritySchema(ApiSchema):
    """A priority to be added."""

    title = fields.String(required=True, validate=TITLE, metadata={"example": "Safe and tidy streets"})


class ChangedPrioritySchema(ApiSchema):
    """A priority as it is to be, and as it was read."""

    title = fields.String(required=True, validate=TITLE)
    past = fields.Boolean(required=True)
    seen_title = fields.String(required=True, metadata={"description": "Its title as it was read."})
    seen_past = fields.Boolean(required=True, metadata={"description": "Whether it was past when it was read."})


@operations.get(LIST, "listPriorities", answers=Listed(PrioritySchema))
@requires(Permission.ACTION_READ)
def list_priorities() -> list[PriorityLine]:
    """List the corporate priorities of a council. In its order, those that are past last."""
    return queries.list_priorities(place_id())


@operations.post(LIST, "addPriority", takes=NewPrioritySchema, answers=PrioritySchema)
@requires(Permission.ACTION_WRITE)
def add_priority(given: dict[str, Any]) -> PriorityLine:
    """Add a priority at the end."""
    return _told(services.add_priority(place_id(), **given, by=actor()).id)


@operations.put(ONE, "savePriority", takes=ChangedPrioritySchema, answers=PrioritySchema, versioned=False)
@requires(Permission.ACTION_WRITE)
def save_priority(priority_id: UUID, given: dict[str, Any]) -> PriorityLine:
    """Word a priority otherwise, or say that it is past. Refused (409) where somebody changed it since it was read."""
    services.change_priority(queries.get_priority(place_id(), priority_id, lock=True), **given, by=actor())
    return _told(priority_id)


@operations.delete(ONE, "removePriority")
@requires(Permission.ACTION_WRITE)
def remove_priority(priority_id: UUID) -> None:
    """Take out a priority that no line serves."""
    services.remove_priority(queries.get_priority(place_id(), priority_id, lock=True), by=actor())


def _told(priority_id: UUID) -> PriorityLine:
    return next(each for each in queries.list_priorities(place_id()) if each.id == priority_id)
