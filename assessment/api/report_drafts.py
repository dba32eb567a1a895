"""What a report's draft said before, and every version as a file, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from assessment.api.paper_files import FILE_TO_READ, AskedPaperFileSchema
from assessment.api.reports import (
    OF_COUNCIL,
    REPORT,
    PracticeSchema,
    ProposedImprovementSchema,
    StrengthsSchema,
)
from assessment.models.reports import Report, ReportDraftVersion
from assessment.queries import reports as queries
from assessment.queries.accreditations import get_accreditation
from assessment.services import report_papers, reports
from saas.api import ApiSchema, Listed, Operations
from saas.downloads import paper_response
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("report_drafts", "Reports")
DRAFTS = f"{REPORT}/drafts"
ONE = f"{DRAFTS}/<int:number>"
OF_FILE = "/files/<uuid:file>/report"


class KeptDraftSchema(ApiSchema):
    """What the draft of a report said after one change."""

    number = fields.Integer(required=True, metadata={"description": "Names it in addresses.", "example": 1})
    saved_at = fields.AwareDateTime(required=True)
    saved_by_name = fields.String(required=True)


class WholeDraftSchema(KeptDraftSchema):
    """The same with its words."""

    summary = fields.String(required=True)
    strengths = fields.List(fields.Nested(StrengthsSchema), required=True)
    good_practice = fields.List(fields.Nested(PracticeSchema), required=True)
    improvements = fields.List(fields.Nested(ProposedImprovementSchema), required=True)


class IssuedReportSchema(ApiSchema):
    """The report as it was issued. It never changes."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    document = fields.Dict(required=True, metadata={"description": "What it says, with a key by paragraph."})
    hash = fields.String(required=True, metadata={"description": "SHA-256 of the document's canonical JSON."})
    opened_at = fields.AwareDateTime(required=True)


@operations.get(DRAFTS, "listReportDrafts", answers=Listed(KeptDraftSchema, "number"))
@requires(Permission.REPORT_WRITE)
def list_report_drafts(accreditation_id: UUID) -> list[ReportDraftVersion]:
    """List what a report's draft said before. The newest first, at most a hundred."""
    return queries.list_draft_versions(queries.get_draft(accreditation_id).accreditation_id)


@operations.get(ONE, "getReportDraft", answers=WholeDraftSchema)
@requires(Permission.REPORT_WRITE)
def get_report_draft(accreditation_id: UUID, number: int) -> ReportDraftVersion:
    """Read what a report's draft said before. Whole."""
    return queries.get_draft_version(accreditation_id, number)


@operations.post(f"{ONE}/bring-back", "bringReportBack", versioned=True)
@requires(Permission.REPORT_WRITE)
def bring_report_back(accreditation_id: UUID, number: int, version: int) -> None:
    """Let the report say again what it said before. What it says now stays among its drafts; the version is the
    report's.
    """
    reports.bring_back(accreditation_id, number, version=version, by=actor())


@operations.get(f"{REPORT}/versions/<uuid:report_id>/file", "downloadCaseReport", answers=FILE_TO_READ,
                asks=AskedPaperFileSchema)  # fmt: skip
@requires(Permission.CASE_READ)
def download_case_report(accreditation_id: UUID, report_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a version of a report. For the region, as Word file or PDF."""
    return _file(accreditation_id, queries.get_version(accreditation_id, report_id).report, asked["kind"])


@operations.get(
    f"{OF_COUNCIL}/<uuid:report_id>/file", "downloadReport", answers=FILE_TO_READ, asks=AskedPaperFileSchema
)
@requires(Permission.ACCREDITATION_READ)
def download_report(accreditation_id: UUID, report_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a report that a council was sent. As Word file or PDF."""
    return _file(accreditation_id, queries.get_version(accreditation_id, report_id).report, asked["kind"])


@operations.get(OF_FILE, "getFileReport", answers=IssuedReportSchema)
@requires(Permission.FILE_READ)
def get_file_report() -> Report:
    """Read the issued report. For the team, while its file is open."""
    return queries.get_issued(place_id())


@operations.get(f"{OF_FILE}/file", "downloadFileReport", answers=FILE_TO_READ, asks=AskedPaperFileSchema)
@requires(Permission.FILE_READ)
def download_file_report(asked: dict[str, Any]) -> Response:
    """Download the issued report. For the team, while its file is open, as Word file or PDF."""
    return _file(place_id(), queries.get_issued(place_id()), asked["kind"])


def _file(accreditation_id: UUID, report: Report, kind: str) -> Response:
    accreditation = get_accreditation(accreditation_id)
    return paper_response(report_papers.paper_of(report), report_papers.name_of(accreditation, report), kind)
