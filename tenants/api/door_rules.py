"""Who of a region and its councils needs a second step at sign-in, for programs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from saas.api import ApiSchema, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.second_factors import find_rule
from tenants.services.door_rules import ROLES, set_rule

operations = Operations("door_rules", "Settings")
ONE = "/regions/<region>/door-rule"
NAMES = [role.value for role in ROLES]


class DoorRuleSchema(ApiSchema):
    """The roles that need a second step."""

    roles = fields.List(fields.String(metadata={"enum": NAMES}), required=True)
    set_at = fields.AwareDateTime(required=True, allow_none=True)
    set_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 until the region has said anything."})


class WrittenDoorRuleSchema(ApiSchema):
    """The roles that need a second step from now on."""

    roles = fields.List(
        fields.String(validate=validate.OneOf(NAMES)), required=True, metadata={"example": ["council_lead"]}
    )


@operations.get(ONE, "getDoorRule", answers=DoorRuleSchema)
@requires(Permission.ACCESS_GRANT)
def get_door_rule() -> dict[str, Any]:
    """Read which roles need a second step at sign-in."""
    return _told()


@operations.put(ONE, "saveDoorRule", takes=WrittenDoorRuleSchema, answers=DoorRuleSchema)
@requires(Permission.ACCESS_GRANT)
def save_door_rule(given: dict[str, Any], version: int) -> dict[str, Any]:
    """Demand a second step of these roles and no others. From the next page that somebody opens."""
    set_rule(place_id(), given["roles"], version=version, by=actor())
    return _told()


def _told() -> dict[str, Any]:
    rule = find_rule(place_id())
    unsaid: dict[str, Any] = {"roles": [], "set_at": None, "set_by_name": "", "version": 0}
    return {name: getattr(rule, name, empty) for name, empty in unsaid.items()}
