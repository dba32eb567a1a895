"""Action plans as documents, for programs: read from one, written as one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app
from marshmallow import fields, validate

from saas import uploads
from saas.api import ApiSchema, FileOf, Operations
from saas.downloads import paper_response
from saas.errors import Invalid, NotFound
from saas.guard import actor, place_id, region_id, requires
from saas.papers import KINDS
from saas.policy import Permission
from tenants.queries.logos import get_names
from tenants.queries.plans import get_plan
from tenants.queries.remembered_columns import remembered_meanings
from tenants.rules import import_rows
from tenants.rules.plan_papers import ELEMENTS, FILE_WORDS, PUBLIC, RESTRICTED, TIMESCALES
from tenants.services import imports, plan_papers
from tenants.services.import_readings import MOST_TITLE

operations = Operations("plan_documents", "Action plans")
OF_COUNCIL = "/councils/<council>/plans"


class ReadActionSchema(ApiSchema):
    """One line as it was read from the document, word for word, and beside it what its timescale was read as."""

    ref = fields.String(required=True)
    action = fields.String(required=True)
    reason = fields.String(required=True)
    remark = fields.String(required=True)
    responsibility = fields.String(required=True)
    timescale = fields.String(required=True)
    earliest_on = fields.String(required=True, allow_none=True, attribute="earliest", metadata={"format": "date"})
    latest_on = fields.String(required=True, allow_none=True, attribute="latest", metadata={"format": "date"})
    status_text = fields.String(required=True, attribute="status")
    status_proposed = fields.String(required=True)
    officer_days = fields.String(required=True, metadata={"description": "As written."})
    cost = fields.String(required=True, metadata={"description": "As written."})
    place = fields.String(required=True, metadata={"example": "table 2, row 5"})


class TakenInPlanSchema(ApiSchema):
    """What was read from a document, and what became of it."""

    plan_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The plan its lines are in; null after a dry run."}
    )
    added = fields.Integer(required=True, metadata={"description": "How many lines were added to the plan."})
    left_out = fields.Integer(
        required=True, metadata={"description": "How many lines the plan had already, word for word."}
    )
    already_taken_in = fields.Boolean(
        required=True, metadata={"description": "Whether this very file was taken in before; then nothing was added."}
    )
    rows = fields.List(fields.Nested(ReadActionSchema), required=True)
    leftovers = fields.List(
        fields.String(), required=True, metadata={"description": "Every word of the document outside the rows."}
    )
    warnings = fields.List(fields.String(), required=True, metadata={"description": "Places to look at."})


class SentPlanSchema(ApiSchema):
    """A document, and where its lines go."""

    plan_id = fields.UUID(
        load_default=None, metadata={"description": "The plan that they go into; without it, one of their own."}
    )
    plan_title = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_TITLE),
        metadata={"description": "What a new plan is called; without it, as the document is."},
    )
    document_on = fields.Date(
        load_default=None, metadata={"description": "The document's own day, for days written without a year."}
    )
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Only say what would be read."})


class AskedExportSchema(ApiSchema):
    """Which version of a plan, in which order of columns, as which kind of file."""

    format = fields.String(load_default="docx", validate=validate.OneOf(sorted(KINDS)))
    version = fields.String(
        load_default=PUBLIC,
        validate=validate.OneOf([PUBLIC, RESTRICTED]),
        metadata={"description": "The public one leaves out restricted lines, notes, costs and the names of people."},
    )
    layout = fields.String(
        load_default=TIMESCALES,
        validate=validate.OneOf([TIMESCALES, ELEMENTS]),
        metadata={"description": "The order of the columns; by elements only where requirements ask for its lines."},
    )


@operations.post(
    f"{OF_COUNCIL}/imports", "importActions", takes=SentPlanSchema, answers=TakenInPlanSchema, status=200, uploads=True
)
@requires(Permission.ACTION_WRITE)
def import_actions(given: dict[str, Any]) -> dict[str, Any]:
    """Take an action plan in from a document. From Word, Excel, PDF, CSV or text: every line or none, the same file
    once. No word is lost: what is no line stands in `leftovers`, and no date is invented."""
    dry_run = given.pop("dry_run")
    given["plan_title"] = " ".join(given["plan_title"].split())
    with uploads.sent_file() as received:
        content = received.path.read_bytes(), received.filename
    try:
        if given["plan_id"] is not None:
            get_plan(place_id(), given["plan_id"])
    except NotFound:
        raise Invalid({"plan_id": ["The council has no such plan."]}) from None
    if dry_run:
        remembered = remembered_meanings(place_id(), imports.ACTION_PLAN)
        reading = imports.read_action_plan(*content, document_on=given["document_on"], remembered=remembered)
        rows = [import_rows.kept(row) for row in reading.rows]
        told = {"rows": rows, "leftovers": reading.leftovers, "warnings": reading.warnings}
        return told | {"plan_id": None, "added": 0, "left_out": 0, "already_taken_in": False}
    done = imports.import_action_plan(place_id(), *content, **given, by=actor())
    return {
        "plan_id": done.plan.id,
        "added": done.added,
        "left_out": done.left_out,
        "already_taken_in": done.already,
        "rows": done.read.rows,
        "leftovers": done.read.leftovers,
        "warnings": done.read.warnings,
    }


@operations.get(
    f"{OF_COUNCIL}/<uuid:plan_id>/export", "exportPlan", answers=FileOf(tuple(KINDS.values())), asks=AskedExportSchema
)
@requires(Permission.ACTION_READ)
def export_plan(plan_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a plan as a document. As Word, PDF or Excel, in either order of columns, for the public or not."""
    plan, placing = get_plan(place_id(), plan_id), current_app.extensions["charterway_placing"]
    on_paper = plan_papers.read_plan(plan, get_names(place_id(), region_id()), placing)
    version, layout = asked["version"], asked["layout"]
    if layout not in on_paper.layouts:
        raise Invalid({"layout": ["No requirement asks for an action of this plan."]})
    paper = plan_papers.plan_paper(on_paper, version=version, layout=layout)
    return paper_response(paper, f"{plan.title}, {FILE_WORDS[layout]}, {version}", asked["format"], dated=True)
