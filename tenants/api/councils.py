"""The councils of a region, for programs: listed, and one added with its first lead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.models.councils import COUNCIL_KINDS, Council
from tenants.queries import councils as queries
from tenants.rules.slugs import LONGEST
from tenants.services import councils
from tenants.services.invitations import LONGEST_EMAIL, LONGEST_NAME

operations = Operations("councils", "Councils of a region")
COUNCILS = "/regions/<region>/councils"


class CouncilSchema(ApiSchema):
    """An authority of the region."""

    id = fields.UUID(required=True)
    council = fields.String(required=True, attribute="slug", metadata={"example": "harrowfen"})
    name = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(COUNCIL_KINDS)})
    county = fields.String(required=True)
    seats = fields.Integer(required=True, allow_none=True, metadata={"description": "Null while nobody knows."})
    active = fields.Boolean(required=True, metadata={"description": "false: it ended, or merged."})
    created_at = fields.AwareDateTime(required=True)


class AddedCouncilSchema(ApiSchema):
    """A council and the first person who works for it."""

    name = fields.String(
        required=True, validate=validate.Length(1, councils.LONGEST_NAME), metadata={"example": "Harrowfen Council"}
    )
    slug = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST),
        metadata={"description": "Its short name in addresses; without it, made from the name."},
    )
    kind = fields.String(required=True, validate=validate.OneOf(COUNCIL_KINDS))
    county = fields.String(load_default="", validate=validate.Length(max=councils.LONGEST_COUNTY))
    seats = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, councils.MOST_SEATS))
    lead_name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME))
    lead_email = fields.Email(required=True, validate=validate.Length(max=LONGEST_EMAIL))


@operations.get(COUNCILS, "listCouncils", answers=Listed(CouncilSchema))
@requires(Permission.REGION_REPORT_READ)
def list_councils() -> list[Council]:
    """List the councils of a region. By name, those that ended too."""
    return queries.list_councils(place_id())


@operations.post(COUNCILS, "addCouncil", takes=AddedCouncilSchema, answers=CouncilSchema)
@requires(Permission.COUNCIL_ADD)
def add_council(given: dict[str, Any]) -> Council:
    """Add a council to the region. Its first lead is invited by mail at once; both or neither."""
    council_id: UUID = councils.add_with_lead(place_id(), **given, by=actor())
    return queries.get_council(place_id(), council_id)
