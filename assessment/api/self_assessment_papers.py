"""A self-assessment as a document, for programs, and the cover under which it goes to a committee."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields, validate

from assessment.queries.accreditations import get_accreditation
from assessment.services import self_assessment_papers as services
from saas.api import ApiSchema, FileOf, Given, Operations
from saas.downloads import paper_response
from saas.guard import actor, may, place_id, region_id, requires
from saas.papers import KINDS
from saas.policy import Permission
from tenants.queries.logos import get_names
from tenants.rules.plan_papers import ELEMENTS, FILE_WORDS, PUBLIC, RESTRICTED, TIMESCALES

operations = Operations("self_assessment_papers", "Self-assessment")
ONE = "/councils/<council>/accreditations/<uuid:accreditation_id>"


class AskedPaperSchema(ApiSchema):
    """Which version of a self-assessment, in which order, as which kind of file."""

    format = fields.String(load_default="docx", validate=validate.OneOf(sorted(KINDS)))
    version = fields.String(
        load_default=PUBLIC,
        validate=validate.OneOf([PUBLIC, RESTRICTED]),
        metadata={"description": "The restricted one is for who may read the action plans too."},
    )
    layout = fields.String(
        load_default=ELEMENTS,
        validate=validate.OneOf([ELEMENTS, TIMESCALES]),
        metadata={"description": "In the order of the framework, or by action."},
    )


class BegunCoverSchema(ApiSchema):
    """A cover that was begun; getCover has all of it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)


@operations.get(f"{ONE}/paper", "exportSelfAssessment", answers=FileOf(tuple(KINDS.values())), asks=AskedPaperSchema)
@requires(Permission.ACCREDITATION_READ)
def export_self_assessment(accreditation_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a self-assessment as a document. As it stands, as Word, PDF or Excel, for the public or not."""
    version, layout = asked["version"], asked["layout"]
    services.refuse_restricted(version, reads_plan=may(Permission.ACTION_READ))
    accreditation = get_accreditation(accreditation_id)
    on_paper = services.read_self_assessment(accreditation, get_names(place_id(), region_id()))
    paper = services.self_assessment_paper(on_paper, version=version, layout=layout)
    return paper_response(paper, f"Self-assessment, {FILE_WORDS[layout]}, {version}", asked["format"], dated=True)


@operations.post(f"{ONE}/cover", "beginSelfAssessmentCover", answers=BegunCoverSchema, status=200)
@requires(Permission.ACTION_WRITE)
def begin_cover(accreditation_id: UUID) -> Given:
    """Begin the cover of a self-assessment. Or go on with the one there is."""
    cover = services.begin_cover(get_accreditation(accreditation_id), by=actor())
    return Given(cover, url_for("api_committee_papers.getCover", cover_id=cover.id))
