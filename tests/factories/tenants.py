"""Regions, councils and people for tests: plain functions that return what was made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from uuid import UUID

from flask import Flask

from saas.policy import Role
from saas.security import hash_password
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.queries.access import PLATFORM, Target
from tenants.services import councils, tokens
from tests.factories.remembering import remembered

PASSWORD = "correct horse battery staple"
_numbers = count(1)


@dataclass(frozen=True)
class MadeRegion:
    """A region that was made."""

    id: UUID
    slug: str
    name: str

    def scope(self, user_id: UUID | None = None) -> Scope:
        """The region's database scope."""
        return Scope.region(self.id, user_id)


@dataclass(frozen=True)
class MadeCouncil:
    """A council that was made."""

    id: UUID
    slug: str
    name: str
    region: MadeRegion

    def scope(self, user_id: UUID | None = None) -> Scope:
        """The council's database scope."""
        return Scope.council(self.id, self.region.id, user_id)


@dataclass(frozen=True)
class MadeUser:
    """A user that was made, with the password in clear."""

    id: UUID
    email: str
    name: str
    password: str = PASSWORD


@remembered
def make_region(app: Flask, slug: str | None = None, name: str | None = None) -> MadeRegion:
    """A fictional region."""
    number = next(_numbers)
    slug, name = slug or f"region-{number}", name or f"Region {number} Employers"
    with app.app_context(), within(Scope.operator(None)):
        return MadeRegion(councils.add_region(slug=slug, name=name, by=CONSOLE), slug, name)


@remembered
def make_council(app: Flask, region: MadeRegion, slug: str | None = None, name: str | None = None) -> MadeCouncil:
    """A fictional council of the region."""
    number = next(_numbers)
    slug, name = slug or f"council-{number}", name or f"Council {number}"
    with app.app_context(), within(Scope.operator(None)):
        return MadeCouncil(councils.add_council(region.id, slug=slug, name=name, by=CONSOLE), slug, name, region)


@remembered
def make_user(app: Flask, place: MadeRegion | MadeCouncil | str, role: Role | str, name: str | None = None) -> MadeUser:
    """A user with one role in a council, a region or "platform"; the password is PASSWORD."""
    number = next(_numbers)
    name = name or f"{Role(role).value.replace('_', ' ').title()} {number}"
    email = f"user{number}@example.org"
    slug = place if isinstance(place, str) else place.slug
    with app.app_context(), within(Scope.operator(None)):
        user_id = councils.add_user(
            email=email, name=name, scope_slug=slug, role=role, hashed=hash_password(PASSWORD), by=CONSOLE
        )
    return MadeUser(user_id, email, name)


def make_token(
    app: Flask, user: MadeUser, place: MadeRegion | MadeCouncil | str, *, read_only: bool = False, purpose: str = "api",
    with_factor: bool = False, provider_id: UUID | None = None,
) -> str:  # fmt: skip
    """A token of the user in a council, a region or "platform", as the `Authorization` header has it."""
    if isinstance(place, str):
        target, scope = PLATFORM, Scope.operator(user.id)
    elif isinstance(place, MadeCouncil):
        target, scope = Target("council", place.region.id, place.id, place.name), place.scope(user.id)
    else:
        target, scope = Target("region", place.id, None, place.name), place.scope(user.id)
    with app.app_context(), within(scope):
        by = Actor(user.id, user.name)
        _, secret = tokens.make(
            target, name="For a test", read_only=read_only, purpose=purpose, with_factor=with_factor,
            provider_id=provider_id, by=by,
        )  # fmt: skip
    return f"Bearer {secret}"
