"""The caller's own notices in a council, for programs."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields

from saas.api import ApiSchema, Listed, Operations
from saas.guard import bearer, place_id, requires
from saas.policy import Permission
from tenants.models.notices import Notice
from tenants.queries import notices as queries
from tenants.services import notices as services

operations = Operations("notices", "The caller")
LIST = "/councils/<council>/notices"
MOST = 1_000


class NoticeSchema(ApiSchema):
    """Something that the caller should hear of."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"example": "reminder"})
    words = fields.String(required=True)
    path = fields.String(required=True, metadata={"description": "The page where it is dealt with."})
    at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


@operations.get(LIST, "listNotices", answers=Listed(NoticeSchema))
@requires(Permission.COUNCIL_READ)
def list_notices() -> list[Notice]:
    """List the caller's notices. The newest first, the last thousand."""
    return queries.list_notices(place_id(), bearer().viewer.id, limit=MOST)


@operations.post(f"{LIST}/<uuid:notice_id>/read", "markNoticeRead", answers=NoticeSchema, status=200)
@requires(Permission.COUNCIL_READ)
def mark_notice_read(notice_id: UUID) -> Notice:
    """Mark one of the caller's notices as read."""
    notice = queries.get_notice(place_id(), bearer().viewer.id, notice_id)
    services.mark_read([notice])
    return notice


@operations.post(f"{LIST}/read", "markAllNoticesRead", status=204)
@requires(Permission.COUNCIL_READ)
def mark_all_notices_read() -> None:
    """Mark everything as read that the caller has not read."""
    services.mark_all_read(place_id(), bearer().viewer.id)
