"""Calendar feeds: making and ending the secret address under which a person's calendar reads a council's dates."""

from __future__ import annotations

from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.security import digest, new_secret
from saas.tenancy import Actor
from tenants.models.notices import CalendarFeed
from tenants.queries.calendar_feeds import list_current


def make_feed(council_id: UUID, region_id: UUID, user_id: UUID, *, by: Actor) -> str:
    """Make a new address and end the old one; its secret, which is nowhere but in what this returns."""
    _end(council_id, user_id)
    secret = new_secret()
    feed = CalendarFeed(
        council_id=council_id,
        id=new_id(),
        region_id=region_id,
        user_id=user_id,
        key_hash=digest(secret),
        made_at=clock.now(),
    )
    db.session.add(feed)
    db.session.flush()
    events.record("calendar_feed.made", feed, by=by, audience="person")
    return secret


def revoke_feed(council_id: UUID, user_id: UUID, *, by: Actor) -> None:
    """End the person's address; nothing when there is none."""
    for feed in _end(council_id, user_id):
        events.record("calendar_feed.revoked", feed, by=by, audience="person")


def _end(council_id: UUID, user_id: UUID) -> list[CalendarFeed]:
    feeds = list_current(council_id, user_id)
    for feed in feeds:
        feed.revoked_at = clock.now()
    return feeds
