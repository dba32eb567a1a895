"""A region's privacy notice, for programs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from saas.api import ApiSchema, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.privacy_notices import find_privacy_notice
from tenants.services.privacy_notices import LONGEST, REQUIRED, save_privacy_notice

operations = Operations("privacy_notices", "Settings")
ONE = "/regions/<region>/privacy-notice"


class PrivacyNoticeSchema(ApiSchema):
    """Who is responsible for what the region keeps about people; everybody reads it."""

    controller = fields.String(required=True)
    contact = fields.String(required=True)
    protection_officer = fields.String(required=True)
    processor = fields.String(required=True)
    words = fields.String(required=True)
    set_at = fields.AwareDateTime(required=True, allow_none=True)
    set_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 until the region has written one."})


def _field(name: str) -> fields.String:
    if name in REQUIRED:
        return fields.String(required=True, validate=validate.Length(1, LONGEST[name]), metadata={"example": "…"})
    return fields.String(load_default="", validate=validate.Length(max=LONGEST[name]))


class WrittenPrivacyNoticeSchema(ApiSchema):
    """The notice as it is to be; what is left out is emptied."""

    controller = _field("controller")
    contact = _field("contact")
    protection_officer = _field("protection_officer")
    processor = _field("processor")
    words = _field("words")


@operations.get(ONE, "getPrivacyNotice", answers=PrivacyNoticeSchema)
@requires(Permission.ACCESS_GRANT)
def get_privacy_notice() -> dict[str, Any]:
    """Read the region's privacy notice."""
    return _told()


@operations.put(ONE, "savePrivacyNotice", takes=WrittenPrivacyNoticeSchema, answers=PrivacyNoticeSchema)
@requires(Permission.ACCESS_GRANT)
def save_privacy_notice_of_region(given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save the region's privacy notice whole. Everybody reads it from then on."""
    save_privacy_notice(place_id(), given, version=version, by=actor())
    return _told()


def _told() -> dict[str, Any]:
    row = find_privacy_notice(place_id())
    unwritten = dict.fromkeys(LONGEST, "") | {"set_at": None, "set_by_name": "", "version": 0}
    return {name: getattr(row, name, empty) for name, empty in unwritten.items()}
