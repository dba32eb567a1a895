"""A person's own name, changed by the person, and then wherever colleagues see it; sealed and logged names stay."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from saas import events
from saas.db import db
from saas.errors import Invalid
from saas.tenancy import Actor
from tenants.models.access import User
from tenants.models.tokens import Token
from tenants.queries.access import Target, list_access
from tenants.services.invitations import LONGEST_NAME


def rename(user_id: UUID, name: str, *, by: Actor) -> bool:
    """Be called so from now on; in the person's own scope. False where it was so before. Raises Invalid (name)."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": [f"Enter a name of at most {LONGEST_NAME} characters."]})
    if name == by.name:
        return False
    db.session.execute(update(User).where(User.id == user_id).values(name=name))
    db.session.execute(update(Token).where(Token.user_id == user_id).values(user_name=name))
    payload = {"name_before": by.name, "name": name}
    events.record("user.renamed", User(id=user_id), by=by, audience="person", payload=payload)
    return True


def rename_in_place(target: Target, user_id: UUID, name: str) -> None:
    """Let colleagues in a council or region see the name that somebody chose; in its scope."""
    for access in list_access(target):
        if access.user_id == user_id and access.display_name != name:
            payload = {"name_before": access.display_name, "name": name}
            access.display_name = name
            events.record("access.renamed", access, by=Actor(user_id, name), audience=target.kind, payload=payload)
