"""Single sign-on: where the people of a domain or a place sign in, and who came from there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from saas.db import db
from saas.policy import Viewer
from tenants.models.single_sign_on import SignInIdentity, SignInProvider
from tenants.queries.access import Target
from tenants.rules.mail_domains import domain_of

OF_DOMAIN = text("select tenancy.providers_of_domain(:domain)")
PROVIDER = text("select tenancy.sign_in_provider(:provider_id)")
IDENTITY = text("select tenancy.identity(:provider_id, :issuer, :subject)")


@dataclass(frozen=True, slots=True)
class Offer:
    """A single sign-on that is switched on, as somebody who is not known yet may see it."""

    id: UUID
    name: str
    required: bool
    place_id: UUID
    place_name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One single sign-on with all that is needed to use it; `client_secret` is enciphered."""

    id: UUID
    place_id: UUID
    region_id: UUID
    of_council: bool
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: tuple[str, ...]
    version: int
    switched_on: bool

    def is_of(self, viewer: Viewer) -> bool:
        """Whether the viewer has access in the place whose single sign-on this is."""
        return any(place.id == self.place_id for place in viewer.places)

    def speaks_for_all_of(self, viewer: Viewer) -> bool:
        """Whether every place of the viewer is this provider's: the council itself, or one of the region's."""
        if self.of_council:
            return all(place.id == self.place_id for place in viewer.places)
        return all(place.region_id == self.region_id for place in viewer.places)


def list_offers(domain: str) -> list[Offer]:
    """Where people with addresses of this domain can sign in; in any scope."""
    found: list[dict[str, Any]] = db.session.scalar(OF_DOMAIN, {"domain": domain}) or []
    return [
        Offer(UUID(row["id"]), row["name"], row["required"], UUID(row["place_id"]), row["place_name"]) for row in found
    ]


def find_required(viewer: Viewer) -> Offer | None:
    """The single sign-on that this viewer must use instead of a password; in any scope.

    Whoever manages access in its place never must: somebody has to get in when it fails.
    """
    offers = list_offers(domain_of(viewer.email)) if viewer.sign_on_wanted else []
    return next((offer for offer in offers if offer.id in viewer.sign_on_wanted), None)


def find_provider(provider_id: UUID) -> Provider | None:
    """One that was not removed, whether switched on or not; in any scope."""
    row: dict[str, Any] | None = db.session.scalar(PROVIDER, {"provider_id": provider_id})
    if row is None:
        return None
    return Provider(
        id=UUID(row["id"]),
        place_id=UUID(row["council_id"] or row["region_id"]),
        region_id=UUID(row["region_id"]),
        of_council=row["council_id"] is not None,
        name=row["name"],
        issuer=row["issuer"],
        client_id=row["client_id"],
        client_secret=row["client_secret"],
        domains=tuple(row["domains"]),
        version=row["version"],
        switched_on=row["switched_on_at"] is not None,
    )


def find_user_of(provider: Provider, subject: str) -> UUID | None:
    """The user who was linked to this subject of the provider's issuer; in any scope."""
    found: UUID | None = db.session.scalar(
        IDENTITY, {"provider_id": provider.id, "issuer": provider.issuer, "subject": subject}
    )
    return found


def find_of_place(target: Target, *, lock: bool = False) -> SignInProvider | None:
    """The present single sign-on of a council or region, in its scope."""
    of_place = (
        SignInProvider.region_id == target.region_id,
        SignInProvider.council_id.is_(None)
        if target.council_id is None
        else SignInProvider.council_id == target.council_id,
        SignInProvider.removed_at.is_(None),
    )
    rows = select(SignInProvider).where(*of_place)
    return db.session.scalar(rows.with_for_update() if lock else rows)


def list_identities(user_id: UUID) -> list[SignInIdentity]:
    """The person's links to single sign-ons, the oldest first; in the person's scope."""
    rows = select(SignInIdentity).where(SignInIdentity.user_id == user_id)
    return list(db.session.scalars(rows.order_by(SignInIdentity.linked_at, SignInIdentity.id)))
