"""Papers of a plan: for a committee or the file, public or restricted, as Word, Excel and PDF."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from saas import guard
from saas.downloads import paper_response
from saas.errors import NotFound
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.committee_papers import find_cover
from tenants.queries.logos import get_names
from tenants.queries.plans import get_plan
from tenants.rules.plan_papers import ELEMENTS, FILE_WORDS, PLAN_LAYOUTS, TIMESCALES
from tenants.services import plan_papers as services
from tenants.services.committee_papers import begin_cover
from tenants.services.plan_papers import PlanOnPaper, read_plan

blueprint = Blueprint("plan_papers", __name__)
PAGE = "/councils/<council>/plans/<uuid:plan_id>/papers"
VERSION = "<any(public,restricted):version>"
LAYOUT = f"<any({TIMESCALES},{ELEMENTS}):layout>"
KIND = "<any(docx,pdf,xlsx):kind>"
SUBJECT = "plan"


@blueprint.get(PAGE)
@requires(Permission.ACTION_READ)
def index(plan_id: UUID) -> str:
    """What can be downloaded, what each version has, and the cover for a committee."""
    on_paper = _read(plan_id)
    return render_template(
        "tenants/plan_papers/index.html",
        plan=on_paper.plan,
        on_paper=on_paper,
        layouts={layout: PLAN_LAYOUTS[layout] for layout in on_paper.layouts},
        cover=find_cover(guard.place_id(), SUBJECT, plan_id),
    )


@blueprint.get(f"{PAGE}/{VERSION}/{LAYOUT}.{KIND}")
@requires(Permission.ACTION_READ)
def plan(plan_id: UUID, version: str, layout: str, kind: str) -> Response:
    """The plan alone; NotFound in the template's order where no requirement asks for a line of it."""
    on_paper = _read(plan_id, layout)
    paper = services.plan_paper(on_paper, version=version, layout=layout)
    return paper_response(paper, f"{on_paper.plan.title}, {FILE_WORDS[layout]}, {version}", kind, dated=True)


@blueprint.get(f"{PAGE}/{VERSION}/evidence.{KIND}")
@requires(Permission.ACTION_READ)
def evidence(plan_id: UUID, version: str, kind: str) -> Response:
    """The index of the evidence its lines name."""
    on_paper = _read(plan_id)
    paper = services.evidence_paper(on_paper, version=version, library=_library())
    return paper_response(paper, f"{on_paper.plan.title}, evidence, {version}", kind, dated=True)


@blueprint.get(f"{PAGE}/{VERSION}/committee-{LAYOUT}.<any(docx,pdf):kind>")
@requires(Permission.ACTION_READ)
def committee(plan_id: UUID, version: str, layout: str, kind: str) -> Response:
    """Cover, plan and evidence index as one document; NotFound while there is no cover."""
    on_paper = _read(plan_id, layout)
    cover = find_cover(guard.place_id(), SUBJECT, plan_id)
    if cover is None:
        raise NotFound("There is no cover for a committee yet.")
    paper = services.committee_paper(on_paper, cover, version=version, layout=layout, library=_library())
    return paper_response(paper, f"{cover.title}, committee paper, {FILE_WORDS[layout]}, {version}", kind, dated=True)


@blueprint.post(f"{PAGE}/cover")
@requires(Permission.ACTION_WRITE)
def begin(plan_id: UUID) -> ResponseReturnValue:
    """Begin the cover, or go on with the one there is."""
    found = get_plan(guard.place_id(), plan_id)
    cover = begin_cover(guard.place_id(), subject=SUBJECT, subject_id=plan_id, title=found.title, by=guard.actor())
    return redirect(url_for("committee_papers.edit", cover_id=cover.id), code=303)


def _library() -> str:
    return url_for("evidence.index", _external=True)


def _read(plan_id: UUID, layout: str = TIMESCALES) -> PlanOnPaper:
    council_id, placing = guard.place_id(), current_app.extensions["charterway_placing"]
    on_paper = read_plan(get_plan(council_id, plan_id), get_names(council_id, guard.region_id()), placing)
    if layout not in on_paper.layouts:
        raise NotFound("No requirement asks for an action of this plan, so there is no paper in the template's order.")
    return on_paper
