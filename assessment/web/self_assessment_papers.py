"""Papers of a self-assessment: for a committee or the file, public or restricted, as Word, Excel and PDF."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.queries.accreditations import get_accreditation
from assessment.services import self_assessment_papers as services
from assessment.services.self_assessment_papers import SelfAssessmentOnPaper, read_self_assessment
from saas import guard
from saas.downloads import paper_response
from saas.errors import NotFound
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.committee_papers import find_cover
from tenants.queries.logos import get_names
from tenants.rules.plan_papers import ELEMENTS, FILE_WORDS, LAYOUTS, TIMESCALES

blueprint = Blueprint("self_assessment_papers", __name__)
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/papers"
VERSION = "<any(public,restricted):version>"
LAYOUT = f"<any({TIMESCALES},{ELEMENTS}):layout>"
KIND = "<any(docx,pdf,xlsx):kind>"


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def index(accreditation_id: UUID) -> str:
    """What can be downloaded, what each version has, and the cover for a committee."""
    on_paper = _read(accreditation_id)
    return render_template(
        "assessment/self_assessment_papers/index.html",
        accreditation=on_paper.accreditation,
        on_paper=on_paper,
        layouts={layout: LAYOUTS[layout] for layout in (ELEMENTS, TIMESCALES)},
        cover=find_cover(guard.place_id(), services.SUBJECT, accreditation_id),
        reads_plan=guard.may(Permission.ACTION_READ),
    )


@blueprint.get(f"{PAGE}/{VERSION}/{LAYOUT}.{KIND}")
@requires(Permission.ACCREDITATION_READ)
def answers(accreditation_id: UUID, version: str, layout: str, kind: str) -> Response:
    """The self-assessment alone."""
    _ask_version(version)
    on_paper = _read(accreditation_id)
    paper = services.self_assessment_paper(on_paper, version=version, layout=layout)
    return paper_response(paper, f"Self-assessment, {FILE_WORDS[layout]}, {version}", kind, dated=True)


@blueprint.get(f"{PAGE}/{VERSION}/evidence.{KIND}")
@requires(Permission.ACCREDITATION_READ)
def evidence(accreditation_id: UUID, version: str, kind: str) -> Response:
    """The index of the evidence that answers cite."""
    _ask_version(version)
    paper = services.evidence_paper(_read(accreditation_id), version=version, library=_library())
    return paper_response(paper, f"Evidence index, {version}", kind, dated=True)


@blueprint.get(f"{PAGE}/{VERSION}/committee-{LAYOUT}.<any(docx,pdf):kind>")
@requires(Permission.ACCREDITATION_READ)
def committee(accreditation_id: UUID, version: str, layout: str, kind: str) -> Response:
    """Cover, self-assessment and evidence index as one document; NotFound while there is no cover."""
    _ask_version(version)
    on_paper = _read(accreditation_id)
    cover = find_cover(guard.place_id(), services.SUBJECT, accreditation_id)
    if cover is None:
        raise NotFound("There is no cover for a committee yet.")
    paper = services.committee_paper(on_paper, cover, version=version, layout=layout, library=_library())
    return paper_response(paper, f"{cover.title}, committee paper, {FILE_WORDS[layout]}, {version}", kind, dated=True)


@blueprint.post(f"{PAGE}/cover")
@requires(Permission.ACTION_WRITE)
def begin(accreditation_id: UUID) -> ResponseReturnValue:
    """Begin the cover, or go on with the one there is."""
    cover = services.begin_cover(get_accreditation(accreditation_id), by=guard.actor())
    return redirect(url_for("committee_papers.edit", cover_id=cover.id), code=303)


def _library() -> str:
    return url_for("evidence.index", _external=True)


def _ask_version(version: str) -> None:
    services.refuse_restricted(version, reads_plan=guard.may(Permission.ACTION_READ))


def _read(accreditation_id: UUID) -> SelfAssessmentOnPaper:
    accreditation = get_accreditation(accreditation_id)
    return read_self_assessment(accreditation, get_names(accreditation.council_id, guard.region_id()))
