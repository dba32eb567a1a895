"""Everything about a council as one file, for programs: asked for, made by a job, downloaded by who asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from saas.api import ApiSchema, FileOf, Listed, Operations
from saas.errors import Conflict
from saas.files import attachment_response
from saas.guard import actor, bearer, place, place_id, requires
from saas.policy import Permission
from tenants.models.data_protection import PreparedFile
from tenants.queries import prepared_files as queries
from tenants.services import prepared_files as services

operations = Operations("exports", "Exports")
LIST = "/councils/<council>/exports"
KIND = "council"


class ExportSchema(ApiSchema):
    """A file with everything about the council."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, metadata={"enum": ["awaited", "ready", "expired", "failed"]})
    asked_at = fields.AwareDateTime(required=True)
    ready_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, metadata={"description": "Until then it can be downloaded."})
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True, allow_none=True)
    failure = fields.String(required=True)


@operations.get(LIST, "listExports", answers=Listed(ExportSchema))
@requires(Permission.COUNCIL_EXPORT)
def list_exports() -> list[dict[str, Any]]:
    """List the exports that the caller asked for. The last five, the newest first."""
    return [_told(each) for each in queries.list_own(bearer().viewer.id, KIND, place_id())]


@operations.post(LIST, "askExport", answers=ExportSchema, status=202)
@requires(Permission.COUNCIL_EXPORT)
def ask_export() -> dict[str, Any]:
    """Ask for everything about the council. A job makes it; listExports tells when, and it is kept for seven days."""
    return _told(services.ask(KIND, council_id=place_id(), region_id=place().region_id, by=actor()))


@operations.get(f"{LIST}/<uuid:file_id>/file", "downloadExport", answers=FileOf((services.CONTENT_TYPE,)))
@requires(Permission.COUNCIL_EXPORT)
def download_export(file_id: UUID) -> Response:
    """Download an export that the caller asked for."""
    found = queries.get_ready(bearer().viewer.id, KIND, file_id, place_id())
    if found.sha256 is None or found.ready_at is None:
        raise Conflict("It is still being made.")
    name = f"{place().name}, export, {found.ready_at.date().isoformat()}.zip"
    return attachment_response(
        services.namespace_of(found.user_id), found.sha256, filename=name, content_type=services.CONTENT_TYPE
    )


def _told(asked: PreparedFile) -> dict[str, Any]:
    columns = ("id", "asked_at", "ready_at", "expires_at", "size", "sha256", "failure")
    return {name: getattr(asked, name) for name in columns} | {"state": services.state_of(asked)}
