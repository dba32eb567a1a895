"""Who somebody is and where he or she may go: read through gate functions, before any scope is set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, text

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.policy import GRANTED_BY, GRANTS, Bearer, Permission, Place, Role, Viewer
from saas.tenancy import Scope
from tenants.models.access import PASSWORD_RESET, Access, Credential, Invitation, Link
from tenants.models.tokens import Token
from tenants.models.webhooks import Webhook

BEARER = text("select tenancy.token_bearer(:key_hash, :file, :today)")
WHO = text("select tenancy.who(:user_id, :file, :slug)")
FIND = text("select kind, id, region_id, name from tenancy.find_scope(:slug)")
CREDENTIAL = text("select user_id, password_hash from tenancy.credential()")
USER_OF_EMAIL = text("select tenancy.user_of_email()")
INVITED_USER_EXISTS = text("select tenancy.invited_user_exists()")


@dataclass(frozen=True, slots=True)
class Target:
    """Where people get roles: a council (with its region), a region, or the platform (neither)."""

    kind: str
    region_id: UUID | None
    council_id: UUID | None
    name: str

    @classmethod
    def of(cls, place: Place) -> Target:
        """The target that a viewer's place is."""
        return cls(place.kind, place.region_id, place.id if place.kind == "council" else None, place.name)

    def holds(self, model: type[Access | Invitation | Token | Webhook]) -> ColumnElement[bool]:
        """The condition that a row is about this target, since a user's own rows elsewhere are visible too."""
        region = model.region_id.is_(None) if self.region_id is None else model.region_id == self.region_id
        council = model.council_id.is_(None) if self.council_id is None else model.council_id == self.council_id
        return and_(region, council)


PLATFORM = Target("platform", None, None, "Charterway")


@dataclass(frozen=True, slots=True)
class FoundScope:
    """A council or region found by its slug; for a region `region_id` is its own id."""

    kind: str
    id: UUID
    region_id: UUID
    name: str

    def as_scope(self, user_id: UUID | None = None) -> Scope:
        """The database scope of this council or region."""
        if self.kind == "council":
            return Scope.council(self.id, self.region_id, user_id)
        return Scope.region(self.id, user_id)

    def as_target(self) -> Target:
        """This council or region as a place where people get roles."""
        return Target(self.kind, self.region_id, self.id if self.kind == "council" else None, self.name)


def find_viewer(user_id: UUID, file: UUID | None = None, slug: str | None = None) -> Viewer | None:
    """The user with every place of access, or one, in any scope; None when unknown or disabled.

    file: the accreditation this request wants to open as an assessor; `Viewer.file` is set when it is assigned. slug:
    of the one place it names, without the others.
    """
    found: dict[str, Any] | None = db.session.scalar(WHO, {"user_id": user_id, "file": file, "slug": slug})
    return None if found is None else _viewer(found)


def find_bearer(key_hash: str, file: UUID | None = None) -> Bearer | None:
    """Who shows the token of this hash, in any scope; None when it is not known, has ended, or its user has.

    The viewer has the one place of the token; a file only where it is of the token's region. Notes the day of the use.
    """
    values = {"key_hash": key_hash, "file": file, "today": clock.today()}
    found: dict[str, Any] | None = db.session.scalar(BEARER, values)
    if found is None or found["who"] is None:
        return None
    kind = "council" if found["council_id"] else "region" if found["region_id"] else "platform"
    tenant = UUID(found["council_id"] or found["region_id"]) if kind != "platform" else None
    whole = _viewer(found["who"])
    opened = whole.file if kind == "region" and whole.file is not None and whole.file.region_id == tenant else None
    places = tuple(place for place in whole.places if place.kind == kind and place.id == tenant)
    return Bearer(
        viewer=replace(whole, known=places, file=opened),
        token_id=UUID(found["id"]),
        purpose=found["purpose"],
        read_only=found["read_only"],
        place_name=f"{kind}:{tenant or ''}",
        with_factor=found["with_factor"],
        provider_id=UUID(found["provider_id"]) if found["provider_id"] else None,
    )


def _viewer(found: dict[str, Any]) -> Viewer:
    roles: dict[str, list[Role]] = {}
    firsts: dict[str, dict[str, Any]] = {}
    for entry in found["places"]:
        key = f"{entry['kind']}:{entry['slug']}"
        roles.setdefault(key, []).append(Role(entry["role"]))
        firsts.setdefault(key, entry)
    places = tuple(_place(entry, tuple(roles[key])) for key, entry in firsts.items())
    opened = found["file"] and _place(found["file"] | {"kind": "file", "slug": ""}, (Role.ASSESSOR,))
    return Viewer(
        id=UUID(found["id"]),
        name=found["name"],
        email=found["email"],
        epoch=found["epoch"],
        known=places,
        several=found["several"],
        file=opened,
        factor_wanted=found["factor_wanted"],
        sign_on_wanted=frozenset(map(UUID, found["sign_on_wanted"])),
    )


def _place(entry: dict[str, Any], roles: tuple[Role, ...]) -> Place:
    return Place(
        kind=entry["kind"],
        slug=entry["slug"],
        name=entry["name"],
        id=UUID(entry["id"]) if entry["id"] else None,
        region_id=UUID(entry["region_id"]) if entry["region_id"] else None,
        region_name=entry["region_name"] or "",
        region_slug=entry["region_slug"] or "",
        accent=entry["accent"] or "",
        roles=roles,
        unread=entry.get("unread", 0),
    )


def get_scope(slug: str, *, kind: str | None = None) -> FoundScope:
    """The council or region of this slug, for the operator or the console; raises NotFound.

    kind: "council" or "region" when only one of them will do.
    """
    found = db.session.execute(FIND, {"slug": slug}).one_or_none()
    if found is None or (kind is not None and found.kind != kind):
        raise NotFound(f"There is no {kind or 'council or region'} named {slug}.")
    return FoundScope(found.kind, found.id, found.region_id, found.name)


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """The user behind an address that somebody typed, with the password's hash."""

    user_id: UUID
    password_hash: str


def find_credential() -> KnownCredential | None:
    """The credential of the address that the scope bears; None when there is none or the user is disabled."""
    found = db.session.execute(CREDENTIAL).one_or_none()
    return None if found is None else KnownCredential(found.user_id, found.password_hash)


def find_own_hash(user_id: UUID) -> str | None:
    """The hash of the user's own password; in the person's scope."""
    return db.session.scalar(select(Credential.password_hash).where(Credential.user_id == user_id))


def find_user_of_email() -> UUID | None:
    """The user of the address that the scope bears; None when unknown or disabled."""
    return db.session.scalar(USER_OF_EMAIL)


def list_access(target: Target) -> list[Access]:
    """Everybody's current roles in the target, by name."""
    rows = select(Access).where(target.holds(Access), Access.ended_at.is_(None))
    return list(db.session.scalars(rows.order_by(Access.display_name, Access.email, Access.granted_at)))


def get_access(target: Target, access_id: UUID) -> Access:
    """One current role in the target; raises NotFound."""
    row = select(Access).where(target.holds(Access), Access.id == access_id, Access.ended_at.is_(None))
    found = db.session.scalar(row)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a current role in a council, as colleagues there see the person."""

    user_id: UUID
    name: str


def roles_with(permission: Permission) -> list[str]:
    """The roles that hold a permission, as a column has them."""
    return [role.value for role, granted in GRANTS.items() if permission in granted]


def list_colleagues(council_id: UUID, permission: Permission) -> list[Colleague]:
    """Everybody who holds a permission in the council, each once, by name."""
    rows = (
        select(Access.user_id, func.min(Access.display_name).label("name"))
        .where(Access.council_id == council_id, Access.ended_at.is_(None), Access.role.in_(roles_with(permission)))
        .group_by(Access.user_id)
    )
    found = [Colleague(row.user_id, row.name) for row in db.session.execute(rows)]
    return sorted(found, key=lambda each: (each.name, each.user_id))


def list_people_of_region(region_id: UUID, permission: Permission) -> list[UUID]:
    """Everybody who holds a permission in the region, each once; in the region's scope."""
    of_region = (Access.region_id == region_id, Access.council_id.is_(None), Access.ended_at.is_(None))
    rows = select(Access.user_id).where(*of_region, Access.role.in_(roles_with(permission)))
    return list(db.session.scalars(rows.distinct().order_by(Access.user_id)))


def lock_granting(target: Target) -> list[Access]:
    """The current roles that manage access in the target, locked until the transaction ends."""
    rows = select(Access).where(target.holds(Access), Access.role == GRANTED_BY[target.kind], Access.ended_at.is_(None))
    return list(db.session.scalars(rows.order_by(Access.id).with_for_update()))


def list_invitations(target: Target) -> list[Invitation]:
    """Invitations into the target that nobody has used and nobody withdrew, the newest first."""
    waiting = (target.holds(Invitation), Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    return list(db.session.scalars(select(Invitation).where(*waiting).order_by(Invitation.invited_at.desc())))


def get_invitation(invitation_id: UUID) -> Invitation:
    """One invitation that this scope manages; raises NotFound."""
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise NotFound
    return found


def find_borne_invitation(key_hash: str) -> Invitation | None:
    """The invitation whose secret's hash the scope bears, in whatever state."""
    return db.session.scalar(select(Invitation).where(Invitation.key_hash == key_hash))


def find_borne_link(key_hash: str, purpose: str = PASSWORD_RESET) -> Link | None:
    """The link of this purpose whose secret's hash the scope bears, in whatever state."""
    return db.session.scalar(select(Link).where(Link.key_hash == key_hash, Link.purpose == purpose))


def invited_has_password() -> bool:
    """Whether the person invited by the secret that the scope bears can sign in already."""
    return bool(db.session.scalar(INVITED_USER_EXISTS))
