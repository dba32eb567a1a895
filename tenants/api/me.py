"""Who calls: the person of the token, and what he or she may do in its place."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from saas.api import ApiSchema, Operations
from saas.guard import bearer, signed_in

operations = Operations("me", "The caller")


class HereSchema(ApiSchema):
    """The place of the token, and everything its user may do there."""

    kind = fields.String(required=True, metadata={"enum": ["council", "region", "platform"], "example": "council"})
    slug = fields.String(required=True, metadata={"example": "harrowfen"})
    id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True, metadata={"example": "Harrowfen District Council"})
    region = fields.String(required=True, allow_none=True, metadata={"description": "The slug of the region."})
    roles = fields.List(fields.String(), required=True, metadata={"example": ["council_lead"]})
    permissions = fields.List(fields.String(), required=True, metadata={"example": ["action:read"]})


class MeSchema(ApiSchema):
    """The person whose token this is."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"example": "Mel Lead"})
    email = fields.String(required=True, metadata={"example": "mel@example.org"})
    read_only = fields.Boolean(required=True, metadata={"description": "Whether the token only reads."})
    place = fields.Nested(
        HereSchema, required=True, allow_none=True, metadata={"description": "Null when the access has ended."}
    )


@operations.get("/me", "getMe", answers=MeSchema)
@signed_in("everybody may know who calls")
def get_me() -> dict[str, Any]:
    """Who calls. The person of the token, its place, and what that person may do there."""
    shown = bearer()
    here = next(iter(shown.viewer.places), None)
    return {
        "id": shown.viewer.id,
        "name": shown.viewer.name,
        "email": shown.viewer.email,
        "read_only": shown.read_only,
        "place": here
        and {
            "kind": here.kind,
            "slug": here.slug,
            "id": here.id,
            "name": here.name,
            "region": here.region_slug or None,
            "roles": [role.value for role in here.roles],
            "permissions": sorted(here.permissions),
        },
    }
