"""Tokens: made for one person in one place, shown once, ended by that person or by whoever manages access there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Invalid
from saas.security import digest, new_secret
from saas.tenancy import Actor
from tenants.models.tokens import API, Token
from tenants.queries.access import Target

LONGEST_DAYS = 366
USUAL_DAYS = 90
LONGEST_NAME = 100
PREFIX = "cw_"
"""Lets people and scanners of leaked secrets recognise one."""


def make(
    target: Target,
    *,
    name: str,
    days: int = USUAL_DAYS,
    read_only: bool = False,
    purpose: str = API,
    with_factor: bool = False,
    provider_id: UUID | None = None,
    by: Actor,
) -> tuple[Token, str]:
    """A token of `by` in a council, a region or on the platform, and its secret, which is kept nowhere.

    days: how long it lives. with_factor, provider_id: what `by` had proved (`Token`). In a scope in which `by` is the
    user. Raises Invalid (name, days).
    """
    name = " ".join(name.split())
    wrong: dict[str, list[str]] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = [f"Say what it is for, in at most {LONGEST_NAME} characters."]
    if not 0 < days <= LONGEST_DAYS:
        wrong["days"] = [f"A token lives 1 to {LONGEST_DAYS} days."]
    if by.id is None:
        raise ValueError("a token belongs to a user")
    if wrong:
        raise Invalid(wrong)
    secret = PREFIX + new_secret()
    now = clock.now()
    token = Token(
        id=new_id(),
        user_id=by.id,
        region_id=target.region_id,
        council_id=target.council_id,
        purpose=purpose,
        name=name,
        user_name=by.name,
        key_hash=digest(secret),
        read_only=read_only,
        made_at=now,
        expires_at=now + timedelta(days=days),
        with_factor=with_factor,
        provider_id=provider_id,
    )
    db.session.add(token)
    db.session.flush()
    events.record("token.made", token, by=by, audience=target.kind, payload={"name": name, "read_only": read_only})
    return token, secret


def revoke(target: Target, token: Token, *, by: Actor) -> None:
    """End a token at once; one that has ended stays as it is."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by_name = clock.now(), by.name
        events.record("token.revoked", token, by=by, audience=target.kind, payload={"name": token.name})
