"""What removes each kind of record of tenants that is older than a moment, or only counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update

from saas.db import db
from tenants.models.access import Invitation
from tenants.models.imports import Import
from tenants.models.notices import Notice
from tenants.queries.access import Target
from tenants.queries.leavers import list_former_colleagues, list_former_members
from tenants.queries.retention import Keeper
from tenants.services import leavers
from tenants.services.retention import Sweep

ERASE_OLD = text("select tenancy.erase_payloads(:before, '{}', :really)")


def target_of(keeper: Keeper) -> Target:
    """The keeper as a place where people have roles."""
    return Target(keeper.side.value, keeper.region_id, keeper.council_id, "")


def notices(keeper: Keeper, before: datetime, really: bool) -> int:
    """Notices that were given before."""
    return deleted(Notice, Notice.council_id == keeper.council_id, Notice.at < before, really=really)


def invitations(keeper: Keeper, before: datetime, really: bool) -> int:
    """Name and address of whoever was invited, once the invitation is over."""
    over = func.coalesce(Invitation.used_at, Invitation.withdrawn_at, Invitation.expires_at) < before
    conditions = (target_of(keeper).holds(Invitation), over, or_(Invitation.email != "", Invitation.name != ""))
    return emptied(Invitation, *conditions, values={"email": "", "name": "", "key_hash": None}, really=really)


def imported_documents(keeper: Keeper, before: datetime, really: bool) -> int:
    """Documents that were never taken in, and what only the preview needed of the others."""
    own = Import.council_id == keeper.council_id
    never = deleted(Import, own, Import.taken_in_at.is_(None), Import.read_at < before, really=really)
    people = (Import.kind == "members") & (func.jsonb_array_length(Import.rows) > 0)
    taken = (own, Import.taken_in_at < before)
    lists = emptied(Import, *taken, people, values={"rows": [], "grid": None}, really=really)
    grids = (*taken, Import.grid.is_not(None), ~people)
    return never + lists + emptied(Import, *grids, values={"grid": None}, really=really)


def departed_colleagues(keeper: Keeper, before: datetime, really: bool) -> int:
    """People whose last role here ended before; in a council also office-holders and whom the directory took away."""
    target = target_of(keeper)
    gone = [each.user_id for each in list_former_colleagues(target, before=before)]
    if really and gone:
        leavers.anonymise_colleagues(target, gone)
    if keeper.council_id is None:
        return len(gone)
    past = leavers.anonymise_office_holders(keeper.council_id, before, really=really)
    return len(gone) + past + leavers.forget_provisioned(keeper.council_id, before, really=really)


def former_members(keeper: Keeper, before: datetime, really: bool) -> int:
    """Members whose last term ended before."""
    if keeper.council_id is None:
        raise ValueError("a region has no members")
    gone = [each.id for each in list_former_members(keeper.council_id, before=before.date())]
    if really and gone:
        leavers.anonymise_members(keeper.council_id, gone)
    return len(gone)


def event_payloads(_: Keeper, before: datetime, really: bool) -> int:
    """The words of the log of this scope; its chain still holds."""
    return db.session.scalar(ERASE_OLD, {"before": before, "really": really}) or 0


def deleted(model: type, *conditions: ColumnElement[bool], really: bool) -> int:
    """Delete the rows, or only count them."""
    if not really:
        return count(model, *conditions)
    return _rows(delete(model).where(*conditions))


def emptied(model: type, *conditions: ColumnElement[bool], values: Mapping[str, object], really: bool) -> int:
    """Set these values in the rows, or only count them."""
    if not really:
        return count(model, *conditions)
    return _rows(update(model).where(*conditions).values(**values))


def count(model: type, *conditions: ColumnElement[bool]) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def _rows(statement: object) -> int:
    done = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return int(done.rowcount)


SWEEPS: Mapping[str, Sweep] = {
    "notices": notices,
    "invitations": invitations,
    "imported_documents": imported_documents,
    "departed_colleagues": departed_colleagues,
    "former_members": former_members,
    "event_payloads": event_payloads,
}
"""Kind → its sweep."""
