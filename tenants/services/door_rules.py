"""Who needs a second step at sign-in: roles of a region and its councils, and operators."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.policy import COUNCIL_ROLES, REGION_ROLES
from saas.tenancy import Actor
from tenants.models.councils import Region
from tenants.models.second_factors import DoorRule, PlatformDoorRule
from tenants.queries.second_factors import find_platform_rule, find_rule

ROLES = REGION_ROLES + COUNCIL_ROLES
LATE = "Somebody else changed this in the meantime."


def set_rule(region_id: UUID, roles: Iterable[str], *, version: int, by: Actor) -> None:
    """Demand a second step of these roles and no others, from the next page that somebody opens.

    version: of the rule that was shown, 0 where there was none. Raises Invalid (roles) and Conflict.
    """
    chosen = set(roles)
    if unknown := chosen - set(ROLES):
        raise Invalid({"roles": [f"{', '.join(sorted(unknown))} is no role of a region or council."]})
    rule = find_rule(region_id, locked=True)
    found = rule.version if rule else 0
    if found != version:
        raise Conflict(LATE, version=found)
    if rule is None:
        rule = DoorRule(region_id=region_id, roles=[])
    before = rule.roles
    with turning("pk_door_rules", lambda: Conflict(LATE)):
        rule.roles = [role.value for role in ROLES if role in chosen]
        rule.version, rule.set_at, rule.set_by_name = version + 1, clock.now(), by.name
        db.session.add(rule)
        db.session.flush()
    payload = {"from": before, "to": rule.roles}
    events.record("door_rule.set", Region(id=region_id), by=by, audience="region", payload=payload)


def set_operators_rule(wanted: bool, *, version: int | None, by: Actor) -> None:
    """Demand a second step of operators, or no longer, from the next page that one of them opens.

    version: of the rule that was shown, 0 where there was none; None whatever stands there. Raises Conflict.
    """
    rule = find_platform_rule(locked=True)
    found = rule.version if rule else 0
    if version not in (None, found):
        raise Conflict(LATE)
    if rule is None:
        rule = PlatformDoorRule(id=new_id())
    with turning("uq_platform_door_rules_of_whom", lambda: Conflict(LATE)):
        rule.wanted, rule.version, rule.set_at, rule.set_by_name = wanted, found + 1, clock.now(), by.name
        db.session.add(rule)
        db.session.flush()
    events.record("platform_door_rule.set", rule, by=by, audience="platform", payload={"wanted": wanted})
