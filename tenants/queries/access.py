"""Who somebody is and where he or she may go: read through gate functions, before any scope is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from saas.db import db
from saas.errors import NotFound
from saas.policy import Place, Role, Viewer
from saas.tenancy import Scope
from saas.transaction import within

WHO = text("select tenancy.who(:user_id, :file)")
FIND = text("select kind, id, region_id, name from tenancy.find_scope(:slug)")


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


def load_viewer(user_id: UUID, file: UUID | None) -> Viewer | None:
    """The user with every place of access, in a transaction of its own; None when unknown or disabled.

    file: the accreditation this request wants to open as an assessor; `Viewer.file` is set when it is assigned.
    """
    with within(Scope.nobody(), read_only=True) as session:
        found: dict[str, Any] | None = session.scalar(WHO, {"user_id": user_id, "file": file})
    if found is None:
        return None
    roles: dict[str, list[Role]] = {}
    firsts: dict[str, dict[str, Any]] = {}
    for entry in found["places"]:
        key = f"{entry['kind']}:{entry['slug']}"
        roles.setdefault(key, []).append(Role(entry["role"]))
        firsts.setdefault(key, entry)
    places = tuple(_place(entry, tuple(roles[key])) for key, entry in firsts.items())
    opened = found["file"] and _place(found["file"] | {"kind": "file", "slug": ""}, (Role.ASSESSOR,))
    return Viewer(UUID(found["id"]), found["name"], found["email"], found["epoch"], places, opened)


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
    )


def get_scope(slug: str) -> FoundScope:
    """The council or region of this slug, for the operator or the console; raises NotFound."""
    found = db.session.execute(FIND, {"slug": slug}).one_or_none()
    if found is None:
        raise NotFound(f"There is no council or region named {slug}.")
    return FoundScope(found.kind, found.id, found.region_id, found.name)
