"""Single sign-on: who somebody is there, linked once by whoever proved to be both, and noted at each use."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from saas import clock, events
from saas.db import db, new_id
from saas.errors import NotFound
from saas.security import digest, secret_for
from saas.tenancy import Actor
from tenants.models.access import IDENTITY_LINK, Link, User
from tenants.models.single_sign_on import SignInIdentity
from tenants.queries.single_sign_on import Provider

LINK_LIFE = timedelta(minutes=30)


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


def ask_link(user_id: UUID, *, by: Actor) -> Link:
    """Ask for a mail that proves that somebody reads the account's mailbox, sent by a job; in the person's scope."""
    now = clock.now()
    link = Link(
        id=new_id(), user_id=user_id, purpose=IDENTITY_LINK, key_hash=None, asked_at=now, expires_at=now + LINK_LIFE
    )
    db.session.add(link)
    db.session.flush()
    events.record("identity_link.asked", link, by=by, audience="person")
    return link


def give_secret(link: Link) -> str | None:
    """Make the secret of the mail and keep its SHA-256; None when one was given before or the link has ended."""
    if link.purpose != IDENTITY_LINK or link.key_hash is not None or not is_open(link):
        return None
    secret = secret_for(f"identity link {link.id}")
    link.key_hash = digest(secret)
    return secret


def is_open(link: Link) -> bool:
    """Whether the link can still be used."""
    return link.used_at is None and link.expires_at > clock.now()


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
