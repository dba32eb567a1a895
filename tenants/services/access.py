"""Access: ending somebody's role in a council, a region or on the platform."""

from __future__ import annotations

from saas import clock, events
from saas.errors import Conflict
from saas.policy import GRANTED_BY, ROLE_LABELS
from saas.tenancy import Actor
from tenants.models.access import Access
from tenants.queries import tokens
from tenants.queries.access import Target, list_access, lock_granting
from tenants.services.tokens import revoke


def is_last_granting(target: Target, access: Access, everybody: list[Access]) -> bool:
    """Whether nobody in the target could manage access any more without this role."""
    granting = [row for row in everybody if row.role == GRANTED_BY[target.kind]]
    return [row.id for row in granting] == [access.id]


def end(target: Target, access: Access, *, by: Actor) -> None:
    """End a role at once; the row is kept. With a person's last role in the target end the tokens made for it.

    Raises Conflict for the last one that manages access there.
    """
    if access.role == GRANTED_BY[target.kind] and is_last_granting(target, access, lock_granting(target)):
        label = ROLE_LABELS[GRANTED_BY[target.kind]].lower()
        raise Conflict(f"{access.display_name} is the last {label} here. Invite another one first.")
    access.ended_at = clock.now()
    events.record("access.ended", access, by=by, audience=target.kind, payload={"role": access.role})
    if all(row.user_id != access.user_id for row in list_access(target)):
        for token in tokens.list_of_place(target, user_id=access.user_id):
            revoke(target, token, by=by)
