"""Office-holders: who holds which office of a council, and who did."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.policy import Role
from tenants.models.access import Access
from tenants.models.offices import OfficeHolder


def list_holders(council_id: UUID) -> list[OfficeHolder]:
    """Everybody who holds or held an office, by office; who holds it now comes first, then the latest."""
    wanted = select(OfficeHolder).where(OfficeHolder.council_id == council_id)
    order = (
        func.lower(OfficeHolder.office),
        OfficeHolder.until_on.desc().nulls_first(),
        OfficeHolder.from_on.desc(),
        OfficeHolder.id,
    )
    return list(db.session.scalars(wanted.order_by(*order)))


def current_holders(council_id: UUID) -> dict[str, OfficeHolder]:
    """Who holds an office now, by the office in small letters (`str.casefold`)."""
    wanted = select(OfficeHolder).where(
        OfficeHolder.council_id == council_id,
        OfficeHolder.until_on.is_(None),
        OfficeHolder.from_on <= clock.today(),
    )
    return {holder.office.casefold(): holder for holder in db.session.scalars(wanted)}


def find_current(council_id: UUID, office: str) -> OfficeHolder | None:
    """Who holds this office now."""
    return current_holders(council_id).get(office.casefold())


def get_holder(council_id: UUID, holder_id: UUID, *, lock: bool = False) -> OfficeHolder:
    """One entry; raises NotFound."""
    wanted = select(OfficeHolder).where(OfficeHolder.council_id == council_id, OfficeHolder.id == holder_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def list_signatories(council_id: UUID) -> dict[UUID, Access]:
    """The users who may sign when signed in, by user, in the order of their names."""
    wanted = select(Access).where(
        Access.council_id == council_id, Access.role == Role.SIGNATORY, Access.ended_at.is_(None)
    )
    return {access.user_id: access for access in db.session.scalars(wanted.order_by(Access.display_name))}
