"""The report as Word file and PDF: the draft for the region, every version for both sides, the issued for the team."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.reports import Version, find_draft, get_version, list_versions
from assessment.rules import stages
from assessment.rules.stages import Stage
from assessment.services import report_papers
from assessment.web.report_pages import shown
from saas import guard
from saas.downloads import paper_response
from saas.errors import NotFound
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("report_files", __name__)
KIND = "<any(docx,pdf):kind>"


@blueprint.get(f"/regions/<region>/cases/<uuid:accreditation_id>/report/draft.{KIND}")
@requires(Permission.REPORT_WRITE)
def draft(accreditation_id: UUID, kind: str) -> Response:
    """The draft as it would leave now, marked as such."""
    accreditation = get_accreditation(accreditation_id)
    found = find_draft(accreditation_id)
    if found is None or not stages.may_write_report(Stage(accreditation.stage)):
        raise NotFound
    name = f"{accreditation.council_name} draft report"
    return paper_response(report_papers.paper_of_draft(accreditation, found), name, kind)


@blueprint.get(f"/regions/<region>/cases/<uuid:accreditation_id>/report/versions/<uuid:report_id>/report.{KIND}")
@requires(Permission.CASE_READ)
def of_version(accreditation_id: UUID, report_id: UUID, kind: str) -> Response:
    """One version that left the region, for the region."""
    return _version(get_accreditation(accreditation_id), get_version(accreditation_id, report_id), kind)


@blueprint.get(f"/councils/<council>/accreditations/<uuid:accreditation_id>/report/<uuid:report_id>/report.{KIND}")
@requires(Permission.ACCREDITATION_READ)
def for_council(accreditation_id: UUID, report_id: UUID, kind: str) -> Response:
    """One version that left the region, for the council."""
    return _version(get_accreditation(accreditation_id), get_version(accreditation_id, report_id), kind)


@blueprint.get("/files/<uuid:file>/report")
@requires(Permission.FILE_READ)
def read() -> str:
    """The issued report, for the team while its file is open."""
    accreditation, version = _issued()
    return render_template(
        "assessment/report_files/read.html", accreditation=accreditation, version=version, **shown(version)
    )


@blueprint.get(f"/files/<uuid:file>/report.{KIND}")
@requires(Permission.FILE_READ)
def for_team(kind: str) -> Response:
    """The issued report as a file, for the team while its file is open."""
    return _version(*_issued(), kind)


def _issued() -> tuple[Accreditation, Version]:
    accreditation = get_accreditation(guard.place_id())
    version = next((each for each in list_versions(accreditation.id) if each.report.kind == "issued"), None)
    if version is None:
        raise NotFound
    return accreditation, version


def _version(accreditation: Accreditation, version: Version, kind: str) -> Response:
    name = report_papers.name_of(accreditation, version.report)
    return paper_response(report_papers.paper_of(version.report), name, kind)
