"""Keeping a filter of a list under a name, for oneself or for one's colleagues, and deleting it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from assessment.models.region_views import SavedFilter
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Invalid
from saas.tenancy import Actor

LONGEST_NAME, LONGEST_QUERY = 80, 1_000
NOT_KEPT = ("page", "csrf_token")
"""What belongs to one look at a list, not to the filter."""


def query_to_keep(query: str) -> str:
    """A page's query string as it is kept: without empty entries and the page's number, sorted by name."""
    entries = parse_qsl(query)
    return urlencode(sorted((name, value) for name, value in entries if name not in NOT_KEPT))


def save(region_id: UUID, page: str, *, name: str, query: str, shared: bool, by: Actor) -> SavedFilter:
    """Keep a filter of the page ("pipeline", "improvements", "matrix"); query: as it stands in the address.

    Raises Invalid (name): without one, or where the person has a filter of that name; or of the whole form, where
    there is nothing to keep.
    """
    kept, plain = query_to_keep(query), name.strip()
    if not plain or len(plain) > LONGEST_NAME:
        raise Invalid({"name": [f"Enter a name of at most {LONGEST_NAME} characters."]})
    if not kept or len(kept) > LONGEST_QUERY:
        raise Invalid({"query": ["Choose filters or an order on the page first, then save them here."]})
    if by.id is None:
        raise Invalid({"name": ["Only a person keeps a filter."]})
    saved = SavedFilter(
        id=new_id(),
        region_id=region_id,
        user_id=by.id,
        page=page,
        name=plain,
        query=kept,
        shared=shared,
        saved_at=clock.now(),
        saved_by_name=by.name,
    )
    taken = {"name": [f"You have a filter named “{plain}”. Choose another name, or delete that one first."]}
    with turning("uq_saved_filters_region_id_user_id_page_name", lambda: Invalid(taken)):
        db.session.add(saved)
        db.session.flush()
    _record("filter.saved", saved, by=by)
    return saved


def delete(saved: SavedFilter, *, by: Actor) -> None:
    """Delete one's own filter, also for those it was shared with."""
    _record("filter.deleted", saved, by=by)
    db.session.delete(saved)


def _record(verb: str, saved: SavedFilter, *, by: Actor) -> None:
    payload = {"name": saved.name, "page": saved.page}
    events.record(verb, saved, by=by, audience="region" if saved.shared else "person", payload=payload)
