"""Single sign-on: who somebody is there, linked once by whoever proved to be both, and noted at each use."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from saas import clock, events
from saas.db import db, new_id
from saas.errors import NotFound
from saas.tenancy import Actor
from tenants.models.access import IDENTITY_LINK, Link, User
from tenants.models.single_sign_on import SignInIdentity
from tenants.queries.single_sign_on import Provider


def link_identity(user_id: UUID, provider: Provider, subject: str, *, by: Actor) -> None:
    """Let this subject of the provider open the user's account; in the person's scope. Linked before: nothing."""
    known = select(SignInIdentity).where(
        SignInIdentity.user_id == user_id,
        SignInIdentity.provider_id == provider.id,
        SignInIdentity.issuer == provider.issuer,
        SignInIdentity.subject == subject,
    )
    if db.session.scalar(known) is not None:
        return
    identity = SignInIdentity(
        id=new_id(),
        user_id=user_id,
        provider_id=provider.id,
        issuer=provider.issuer,
        subject=subject,
        linked_at=clock.now(),
    )
    db.session.add(identity)
    db.session.flush()
    payload = {"provider": provider.name}
    events.record("identity.linked", User(id=user_id), by=by, audience="person", payload=payload)


def note_use(user_id: UUID, provider: Provider, subject: str) -> None:
    """Note that somebody came through the provider now; in the person's scope."""
    used = update(SignInIdentity).where(
        SignInIdentity.user_id == user_id,
        SignInIdentity.provider_id == provider.id,
        SignInIdentity.subject == subject,
    )
    db.session.execute(used.values(last_used_at=clock.now()))


def unlink(user_id: UUID, identity_id: UUID, *, by: Actor) -> None:
    """Let it open the account no more; in the person's scope. Raises NotFound."""
    own = delete(SignInIdentity).where(SignInIdentity.user_id == user_id, SignInIdentity.id == identity_id)
    if not db.session.execute(own.returning(SignInIdentity.id)).all():
        raise NotFound
    events.record("identity.unlinked", User(id=user_id), by=by, audience="person")


def use_link(user_id: UUID, key_hash: str) -> bool:
    """Use the mailed link up, once; whether it was this user's and still open. In the person's scope."""
    mine = update(Link).where(
        Link.user_id == user_id,
        Link.key_hash == key_hash,
        Link.purpose == IDENTITY_LINK,
        Link.used_at.is_(None),
        Link.expires_at > clock.now(),
    )
    return bool(db.session.execute(mine.values(used_at=clock.now()).returning(Link.id)).all())
