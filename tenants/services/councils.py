"""Adding regions and councils, and giving people their first access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from saas import events
from saas.db import db, new_id, turning
from saas.errors import Invalid, NotFound
from saas.policy import COUNCIL_ROLES, PLATFORM_ROLES, REGION_ROLES, Role
from saas.tenancy import Actor
from tenants.models.access import User
from tenants.models.councils import COUNCIL_KINDS, Council, Region
from tenants.queries.access import Target
from tenants.rules.slugs import SLUG_WORDS, is_slug, slug_of
from tenants.services import invitations

ADD_REGION = text("select tenancy.add_region(:id, :slug, :name, :accent)")
ADD_COUNCIL = text("select tenancy.add_council(:id, :region_id, :slug, :name, :kind, :county)")
NOTE_SEATS = text("select tenancy.note_seats(:council_id, :seats)")
ADD_USER = text("select tenancy.add_user(:user_id, :access_id, :email, :name, :hashed, :slug, :role)")
LEAD_FIELDS = {"name": "lead_name", "email": "lead_email"}
FIRST_ROLES = {"region": Role.REGION_OFFICER, "council": Role.COUNCIL_LEAD}
"""Kind of place → the role of the first person who works for it."""
LONGEST_NAME, LONGEST_COUNTY = 120, 120
MOST_SEATS = 500
"""The database holds no more for one council."""


def add_region(*, slug: str, name: str, accent: str = "teal", by: Actor) -> UUID:
    """Add a region; only in platform scope. Raises Invalid naming the field."""
    region_id = new_id()
    _check(slug=slug, name=name)
    _add(ADD_REGION, slug, {"id": region_id, "slug": slug, "name": name.strip(), "accent": accent})
    events.record("region.added", Region(id=region_id), by=by, audience="platform", payload={"slug": slug})
    return region_id


def add_council(
    region_id: UUID,
    *,
    slug: str,
    name: str,
    kind: str = "district",
    county: str = "",
    seats: int | None = None,
    by: Actor,
) -> UUID:
    """Add a council to a region; in platform scope or the region's own. Raises Invalid naming the field.

    seats: from 1 to MOST_SEATS, None while nobody knows.
    """
    council_id = new_id()
    _check(slug=slug, name=name)
    if kind not in COUNCIL_KINDS:
        raise Invalid({"kind": [f"must be one of {', '.join(COUNCIL_KINDS)}."]})
    values = {"id": council_id, "region_id": region_id, "slug": slug, "name": name.strip(), "kind": kind}
    _add(ADD_COUNCIL, slug, values | {"county": county.strip()})
    if seats is not None:
        db.session.execute(NOTE_SEATS, {"council_id": council_id, "seats": seats})
    events.record(
        "council.added",
        Council(id=council_id, region_id=region_id),
        by=by,
        audience="region",
        payload={"slug": slug},
    )
    return council_id


def add_with_lead(
    region_id: UUID,
    *,
    name: str,
    slug: str,
    kind: str,
    county: str,
    seats: int | None,
    lead_name: str,
    lead_email: str,
    by: Actor,
) -> UUID:
    """Add a council and invite the first person who works for it; both or neither.

    slug: made from the name where it is empty. Raises Invalid (as `add_council`, and lead_name, lead_email).
    """
    council_id = add_council(
        region_id, slug=slug or slug_of(name), name=name, kind=kind, county=county, seats=seats, by=by
    )
    _invite_lead(Target("council", region_id, council_id, name), lead_name, lead_email, by)
    return council_id


def add_region_with_lead(*, name: str, slug: str, accent: str, lead_name: str, lead_email: str, by: Actor) -> UUID:
    """Add a region and invite the first person who works for it; both or neither.

    Raises Invalid (as `add_region`, and lead_name, lead_email).
    """
    region_id = add_region(slug=slug, name=name, accent=accent, by=by)
    _invite_lead(Target("region", region_id, None, name), lead_name, lead_email, by)
    return region_id


def invite_first(target: Target, *, name: str, email: str, by: Actor) -> None:
    """Invite the first person who works for a region or council. Raises Invalid (name, email)."""
    invitations.invite(target, name=name, email=email, role=FIRST_ROLES[target.kind], by=by)


def _invite_lead(target: Target, name: str, email: str, by: Actor) -> None:
    try:
        invite_first(target, name=name, email=email, by=by)
    except Invalid as refusal:
        raise Invalid({LEAD_FIELDS.get(field, field): texts for field, texts in refusal.messages.items()}) from refusal


def add_user(*, email: str, name: str, scope_slug: str, role: str, hashed: str | None, by: Actor) -> UUID:
    """Give a person a role in a council, region or `platform`; makes the user when the address is new.

    hashed: the password's hash, kept only when the user has none yet. Only in platform scope. Raises Invalid or
    NotFound.
    """
    kinds = {"platform": PLATFORM_ROLES}
    if role not in tuple(Role):
        raise Invalid({"role": [f"must be one of {', '.join(Role)}."]})
    allowed = kinds.get(scope_slug, REGION_ROLES + COUNCIL_ROLES)
    if Role(role) not in allowed:
        raise Invalid({"role": [f"{role} is no role in {scope_slug}."]})
    values = {
        "user_id": new_id(),
        "access_id": new_id(),
        "email": email.strip().lower(),
        "name": name.strip(),
    }
    misfit = {"role": [f"{role} is no role in {scope_slug}."]}
    with turning("ck_access_role_fits_scope", lambda: Invalid(misfit)):
        user_id: UUID | None = db.session.scalar(
            ADD_USER, values | {"hashed": hashed, "slug": scope_slug, "role": role}
        )
    if user_id is None:
        raise NotFound(f"There is no council or region named {scope_slug}.")
    events.record("access.granted", User(id=user_id), by=by, audience="platform", payload={"role": role})
    return user_id


def _check(*, slug: str, name: str) -> None:
    messages = {}
    if not is_slug(slug):
        messages["slug"] = [f"The short name must be {SLUG_WORDS}."]
    if not name.strip():
        messages["name"] = ["Enter a name."]
    if messages:
        raise Invalid(messages)


def _add(statement: Any, slug: str, values: dict[str, Any]) -> None:
    taken = {"slug": [f"The short name {slug} is taken. Choose another one."]}
    with turning("pk_slugs", lambda: Invalid(taken)):
        db.session.execute(statement, values)
