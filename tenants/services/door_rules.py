"""The rule of a region: which roles, there and in its councils, need a second step at sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from saas import clock, events
from saas.db import db, turning
from saas.errors import Conflict, Invalid
from saas.policy import COUNCIL_ROLES, REGION_ROLES
from saas.tenancy import Actor
from tenants.models.councils import Region
from tenants.models.second_factors import DoorRule
from tenants.queries.second_factors import find_rule

ROLES = REGION_ROLES + COUNCIL_ROLES


def set_rule(region_id: UUID, roles: Iterable[str], *, version: int, by: Actor) -> None:
    """Demand a second step of these roles and no others, from the next page that somebody opens.

    version: of the rule that was shown, 0 where there was none. Raises Invalid (roles) and Conflict.
    """
    chosen = set(roles)
    if unknown := chosen - set(ROLES):
        raise Invalid({"roles": [f"{', '.join(sorted(unknown))} is no role of a region or council."]})
    rule = find_rule(region_id, locked=True)
    if (rule.version if rule else 0) != version:
        raise Conflict("Somebody else changed this in the meantime.")
    if rule is None:
        rule = DoorRule(region_id=region_id, roles=[])
    before = rule.roles
    with turning("pk_door_rules", lambda: Conflict("Somebody else changed this in the meantime.")):
        rule.roles = [role.value for role in ROLES if role in chosen]
        rule.version, rule.set_at, rule.set_by_name = version + 1, clock.now(), by.name
        db.session.add(rule)
        db.session.flush()
    payload = {"from": before, "to": rule.roles}
    events.record("door_rule.set", Region(id=region_id), by=by, audience="region", payload=payload)
