"""Who holds which office of a council, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, may, place_id, requires
from saas.policy import Permission
from tenants.models.offices import OfficeHolder
from tenants.queries import offices as queries
from tenants.services import offices as services
from tenants.services.invitations import LONGEST_EMAIL
from tenants.services.offices import LONGEST_NAME, LONGEST_OFFICE, HolderDetails

operations = Operations("offices", "Members")
LIST = "/councils/<council>/offices"
ONE = f"{LIST}/<uuid:holder_id>"
PARTS = ("office", "name", "email", "user_id", "from_on", "until_on")


class OfficeHolderSchema(ApiSchema):
    """Somebody who holds an office, or held it."""

    id = fields.UUID(required=True)
    office = fields.String(required=True, metadata={"example": "Leader"})
    name = fields.String(required=True)
    email = fields.String(
        required=True,
        metadata={
            "description": "Where a link to sign goes; empty where unknown. Of who left, only for who writes this list."
        },
    )
    user_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Who signs in as a signatory, instead of by a link."}
    )
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True, metadata={"description": "Null while it is held."})
    version = fields.Integer(required=True)


class WrittenHolderSchema(ApiSchema):
    """Who holds an office, or held it."""

    office = fields.String(
        required=True, validate=validate.Length(1, LONGEST_OFFICE), metadata={"example": "Chief Executive"}
    )
    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME), metadata={"example": "Ade Marsh"})
    email = fields.String(load_default="", validate=validate.Length(max=LONGEST_EMAIL))
    user_id = fields.UUID(load_default=None, allow_none=True)
    from_on = fields.Date(required=True, metadata={"example": "2026-05-20"})
    until_on = fields.Date(load_default=None, allow_none=True)


class EndedHoldingSchema(ApiSchema):
    """The end of holding an office."""

    until_on = fields.Date(required=True, metadata={"description": "The last day in office.", "example": "2026-05-19"})


@operations.get(LIST, "listOfficeHolders", answers=Listed(OfficeHolderSchema))
@requires(Permission.MEMBER_READ)
def list_office_holders() -> list[dict[str, Any]]:
    """List who holds or held each office. By office; who holds it now comes first."""
    return [_told(holder) for holder in queries.list_holders(place_id())]


@operations.post(LIST, "addOfficeHolder", takes=WrittenHolderSchema, answers=OfficeHolderSchema)
@requires(Permission.OFFICE_WRITE)
def add_office_holder(given: dict[str, Any]) -> OfficeHolder:
    """Say who holds an office, or held it once. One person at a time holds it."""
    return services.add_holder(place_id(), details=HolderDetails(**given), by=actor())


@operations.get(ONE, "getOfficeHolder", answers=OfficeHolderSchema)
@requires(Permission.MEMBER_READ)
def get_office_holder(holder_id: UUID) -> dict[str, Any]:
    """Read one entry."""
    return _told(queries.get_holder(place_id(), holder_id))


@operations.patch(ONE, "updateOfficeHolder", takes=WrittenHolderSchema, answers=OfficeHolderSchema)
@requires(Permission.OFFICE_WRITE)
def update_office_holder(holder_id: UUID, given: dict[str, Any], version: int) -> OfficeHolder:
    """Correct an entry. What is not named stays."""
    holder = queries.get_holder(place_id(), holder_id, lock=True)
    stands = {name: getattr(holder, name) for name in PARTS}
    services.change_holder(holder, details=HolderDetails(**stands | given), version=version, by=actor())
    return holder


@operations.post(f"{ONE}/end", "endOffice", takes=EndedHoldingSchema, answers=OfficeHolderSchema, status=200)
@requires(Permission.OFFICE_WRITE)
def end_office(holder_id: UUID, given: dict[str, Any]) -> OfficeHolder:
    """Say that somebody no longer holds an office, and the last day. Once; then its next holder can be added."""
    holder = queries.get_holder(place_id(), holder_id, lock=True)
    services.end_holding(holder, **given, by=actor())
    return holder


def _told(holder: OfficeHolder) -> dict[str, Any]:
    """An entry, with the address of who left for those alone who can correct it, as on the pages."""
    columns = {name: getattr(holder, name) for name in ("id", *PARTS, "version")}
    reachable = holder.until_on is None or may(Permission.OFFICE_WRITE)
    return columns | ({} if reachable else {"email": ""})
