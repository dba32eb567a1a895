"""The evidence library, for programs: files and links, listed, added, read and downloaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields, validate

from saas import uploads
from saas.api import ApiSchema, FileOf, Given, Listed, Operations
from saas.files import CONTENT_TYPES, attachment_response
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.models.evidence import EVIDENCE_KINDS, SCANS, Evidence, EvidenceVersion
from tenants.queries import evidence as queries
from tenants.rules.web_links import LONGEST
from tenants.services import evidence as services

operations = Operations("evidence", "Evidence")
LIBRARY = "/councils/<council>/evidence"
ONE = f"{LIBRARY}/<uuid:evidence_id>"
OUTCOMES = ("added", "there", "earlier", "restored")


class EvidenceSchema(ApiSchema):
    """A file, a link or a live measure that the council holds."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"enum": list(EVIDENCE_KINDS)})
    title = fields.String(required=True, metadata={"example": "Member development strategy"})
    url = fields.String(required=True, allow_none=True, metadata={"description": "Of a link."})
    filename = fields.String(required=True, allow_none=True, metadata={"description": "Of a file's newest version."})
    content_type = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True, allow_none=True, metadata={"description": "Of the newest version."})
    file_number = fields.Integer(required=True, metadata={"description": "Which version of the file it is, from 1."})
    scan = fields.String(
        required=True,
        metadata={"enum": list(SCANS), "description": "What is quarantined can be neither opened nor cited."},
    )
    speaks_for_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "The day that the document is about."}
    )
    valid_until_on = fields.Date(required=True, allow_none=True)
    reachable = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Whether a link could be opened when last looked at."}
    )
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    added_at = fields.AwareDateTime(required=True)
    added_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class UploadedEvidenceSchema(EvidenceSchema):
    """The evidence that holds the file that was sent."""

    outcome = fields.String(
        required=True,
        metadata={
            "enum": list(OUTCOMES),
            "description": "Added; or nothing was doubled, since the library holds this very content: `there` as the"
            " newest version, `earlier` as an earlier one, `restored` after it had been removed.",
        },
    )


class EvidenceDatesSchema(ApiSchema):
    """The days of a piece of evidence."""

    speaks_for_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The day that it is about.", "example": "2026-05-20"},
    )
    valid_until_on = fields.Date(load_default=None, allow_none=True)


class UploadedFileSchema(EvidenceDatesSchema):
    """What goes with a file."""

    title = fields.String(
        load_default="",
        validate=validate.Length(max=services.LONGEST_TITLE),
        metadata={"description": "Without one it is called as the file is.", "example": "Member development strategy"},
    )


class CorrectedEvidenceSchema(ApiSchema):
    """What can be corrected."""

    title = fields.String(required=True, validate=validate.Length(1, services.LONGEST_TITLE))
    speaks_for_on = fields.Date(allow_none=True)
    valid_until_on = fields.Date(allow_none=True)


class WrittenLinkSchema(EvidenceDatesSchema):
    """A web address to be kept."""

    url = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST),
        metadata={"example": "https://www.example.gov.uk/minutes"},
    )
    title = fields.String(
        load_default="",
        validate=validate.Length(max=services.LONGEST_TITLE),
        metadata={"description": "Without one it is called by its address."},
    )


class EvidenceVersionSchema(ApiSchema):
    """One version of a file, kept for good."""

    number = fields.Integer(required=True, metadata={"description": "From 1."})
    filename = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    added_by_name = fields.String(required=True)
    quarantined = fields.Boolean(
        required=True, metadata={"description": "Whether malware was found in it, so that it cannot be opened."}
    )


class AskedEvidenceSchema(ApiSchema):
    """Which evidence."""

    words = fields.String(
        load_default="", metadata={"description": "A part of the title, of the file's name or of the address."}
    )
    kind = fields.String(load_default="", validate=validate.OneOf(["", *EVIDENCE_KINDS]))


@operations.get(LIBRARY, "listEvidence", answers=Listed(EvidenceSchema), asks=AskedEvidenceSchema)
@requires(Permission.EVIDENCE_READ)
def list_evidence(asked: dict[str, Any]) -> list[Evidence]:
    """List the evidence of a council. Newest first, without what was removed."""
    return queries.list_evidence(place_id(), **asked)


@operations.post(
    f"{LIBRARY}/files", "uploadEvidence", takes=UploadedFileSchema, answers=UploadedEvidenceSchema, uploads=True
)
@requires(Permission.EVIDENCE_WRITE)
def upload_evidence(given: dict[str, Any]) -> Given:
    """Add a file to the library. The same content is kept once, however often it is sent."""
    with uploads.sent_file() as received:
        kept = services.take_in(place_id(), received=received, **given, restoring=True, by=actor())
    names = EvidenceSchema().fields
    told = {name: getattr(kept.evidence, name) for name in names} | {"outcome": kept.outcome}
    return Given(told, _address_of(kept.evidence))


@operations.post(f"{LIBRARY}/links", "addEvidenceLink", takes=WrittenLinkSchema, answers=EvidenceSchema)
@requires(Permission.EVIDENCE_WRITE)
def add_evidence_link(given: dict[str, Any]) -> Given:
    """Add a web address to the library. It is looked at later, to see whether it can be opened."""
    kept = services.add_link(place_id(), **given, by=actor())
    return Given(kept, _address_of(kept))


@operations.get(ONE, "getEvidence", answers=EvidenceSchema)
@requires(Permission.EVIDENCE_READ)
def get_evidence(evidence_id: UUID) -> Evidence:
    """Read what is known of one piece of evidence."""
    return queries.get_evidence(place_id(), evidence_id)


@operations.patch(ONE, "updateEvidence", takes=CorrectedEvidenceSchema, answers=EvidenceSchema)
@requires(Permission.EVIDENCE_WRITE)
def update_evidence(evidence_id: UUID, given: dict[str, Any], version: int) -> Evidence:
    """Correct the title and the days of a piece of evidence. What is not named stays."""
    row = queries.get_evidence(place_id(), evidence_id, lock=True)
    stands = {name: getattr(row, name) for name in ("title", "speaks_for_on", "valid_until_on")}
    services.change(row, **stands | given, version=version, by=actor())
    return row


@operations.delete(ONE, "removeEvidence")
@requires(Permission.EVIDENCE_WRITE)
def remove_evidence(evidence_id: UUID) -> None:
    """Take a piece of evidence out of the library. Its content stays: answers that were sent may rest on it."""
    services.remove(queries.get_evidence(place_id(), evidence_id, lock=True), by=actor())


@operations.get(f"{ONE}/file", "downloadEvidence", answers=FileOf(CONTENT_TYPES))
@requires(Permission.EVIDENCE_READ)
def download_evidence(evidence_id: UUID) -> Response:
    """Download the newest version of a file. A link has none; what is in quarantine is not handed out."""
    row = services.get_openable(place_id(), evidence_id)
    return attachment_response(
        str(row.council_id), row.sha256 or "", filename=row.filename or row.title, content_type=row.content_type or ""
    )


@operations.post(
    f"{ONE}/file", "replaceEvidence", takes=EvidenceDatesSchema, answers=EvidenceSchema, status=200, uploads=True
)
@requires(Permission.EVIDENCE_WRITE)
def replace_evidence(evidence_id: UUID, given: dict[str, Any]) -> Evidence:
    """Make a file the newest version of a piece of evidence. Earlier ones stay, and so does what was sealed; a day that
    is not named stays too."""
    services.hold_library(place_id())
    row = queries.get_evidence(place_id(), evidence_id, lock=True)
    days = {name: value for name, value in given.items() if value is not None}
    with uploads.sent_file() as received:
        services.replace_file(row, received=received, **days, by=actor())
    return row


@operations.get(f"{ONE}/versions", "listEvidenceVersions", answers=Listed(EvidenceVersionSchema, "number"))
@requires(Permission.EVIDENCE_READ)
def list_evidence_versions(evidence_id: UUID) -> list[EvidenceVersion]:
    """List every version of a file. The newest first; a link has none."""
    return queries.list_versions(queries.get_evidence(place_id(), evidence_id))


@operations.get(f"{ONE}/versions/<int:number>/file", "downloadEvidenceVersion", answers=FileOf(CONTENT_TYPES))
@requires(Permission.EVIDENCE_READ)
def download_evidence_version(evidence_id: UUID, number: int) -> Response:
    """Download one version of a file."""
    version = services.get_openable_version(place_id(), evidence_id, number)
    return attachment_response(
        str(version.council_id), version.sha256, filename=version.filename, content_type=version.content_type
    )


@operations.post(f"{ONE}/restoration", "restoreEvidence", answers=EvidenceSchema, status=200)
@requires(Permission.EVIDENCE_WRITE)
def restore_evidence(evidence_id: UUID) -> Evidence:
    """Put back what was taken out of the library."""
    row = queries.get_evidence(place_id(), evidence_id, lock=True, removed=True)
    services.restore(row, by=actor())
    return row


@operations.post(f"{ONE}/look", "lookAtLink", answers=EvidenceSchema, status=200)
@requires(Permission.EVIDENCE_WRITE)
def look_at_link(evidence_id: UUID) -> Evidence:
    """Ask for one more look at a link. It is made within a minute; then `checked_at` says when."""
    row = queries.get_evidence(place_id(), evidence_id)
    services.look_again(row, by=actor())
    return row


def _address_of(evidence: Evidence) -> str:
    return url_for("api_evidence.getEvidence", evidence_id=evidence.id)
