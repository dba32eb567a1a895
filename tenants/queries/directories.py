"""People whom a council's directory named, as it may see them; nobody else is ever among them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from saas.db import db
from saas.errors import NotFound
from saas.policy import Role
from tenants.models.single_sign_on import Directory, ProvisionedUser


def find_directory(council_id: UUID, *, locked: bool = False) -> Directory | None:
    """What the council chose for its directory; None where it never did. locked: until the transaction ends."""
    return db.session.get(Directory, council_id, with_for_update=locked)


def role_of_directory(council_id: UUID) -> Role:
    """The role of those whom the council's directory names from now on."""
    chosen = find_directory(council_id)
    return Role(chosen.role) if chosen else Role.COUNCIL_VIEWER


def get_provisioned(council_id: UUID, provisioned_id: UUID, *, lock: bool = False) -> ProvisionedUser:
    """One of them; raises NotFound."""
    rows = select(ProvisionedUser).where(ProvisionedUser.council_id == council_id, ProvisionedUser.id == provisioned_id)
    found = db.session.scalar(rows.with_for_update() if lock else rows)
    if found is None:
        raise NotFound("There is nobody of this id.")
    return found


def list_provisioned(
    council_id: UUID, *, attribute: str = "", value: str = "", skipped: int = 0, limit: int = 1000
) -> tuple[list[ProvisionedUser], int]:
    """A part of them in order of their making, and how many there are in all.

    attribute: "username" (whatever the case), "externalid" or "id", of which only those with this value.
    """
    wanted = [ProvisionedUser.council_id == council_id, *_matching(attribute, value)]
    total = db.session.scalar(select(func.count()).select_from(ProvisionedUser).where(*wanted)) or 0
    rows = select(ProvisionedUser).where(*wanted).order_by(ProvisionedUser.made_at, ProvisionedUser.id)
    return list(db.session.scalars(rows.offset(skipped).limit(limit))), total


def _matching(attribute: str, value: str) -> list[ColumnElement[bool]]:
    if attribute == "username":
        return [func.lower(ProvisionedUser.user_name) == value.lower()]
    if attribute == "externalid":
        return [ProvisionedUser.external_id == value]
    if attribute == "id":
        try:
            return [ProvisionedUser.id == UUID(value)]
        except ValueError:
            return [ProvisionedUser.id.is_(None)]
    return []
