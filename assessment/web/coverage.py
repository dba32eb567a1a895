"""Evidence seen from the self-assessment: what is cited where, what is not, and citing many files at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.coverage import Coverage, Line, coverage_of, find_newest, list_citing
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import stages
from assessment.rules.answering import LONGEST_PINPOINT
from assessment.rules.stages import Stage
from assessment.services import citing
from assessment.services.citing import Tag
from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.evidence import get_evidence

blueprint = Blueprint("coverage", __name__)
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/evidence"
AT_ONCE = 10
"""Pieces of evidence one form asks about: each brings every requirement to choose from."""
VIEWS = (
    ("uncited", "Cited nowhere"),
    ("without", "Requirements without evidence"),
    ("problems", "Cited, but no longer good"),
    ("ending", "Expired or ending soon"),
    ("cited", "Cited"),
)


class ViewForm(Schema):
    """Which of the lists is shown."""

    show = fields.String(load_default="uncited", validate=validate.OneOf([name for name, _ in VIEWS]))


def form_for(framework: PublishedFramework, level: str) -> Schema:
    """The form that tags several pieces: for each its id, its requirements and where in it."""
    codes = [each.code for each in framework.tree.requirements_of(level)]
    found: dict[str, Any] = {}
    for number in range(AT_ONCE):
        found[f"evidence_{number}"] = fields.UUID(load_default=None)
        found[f"codes_{number}"] = fields.List(
            fields.String(validate=validate.OneOf(codes, error="Choose requirements of this framework.")),
            metadata={"label": "Requirements"},
        )
        found[f"pinpoint_{number}"] = fields.String(
            load_default="",
            validate=validate.Length(max=LONGEST_PINPOINT),
            metadata={"label": "Where in it", "quiet": True},
        )
    return Schema.from_dict(found, name="TagForm")()


@blueprint.get("/councils/<council>/evidence/for-requirements")
@requires(Permission.EVIDENCE_READ)
def current() -> ResponseReturnValue:
    """The lists of the newest accreditation."""
    newest = find_newest(guard.place_id())
    if newest is None:
        flash("Evidence is cited in a self-assessment. Your council has not begun one yet.", "notice")
        return redirect(url_for("accreditations.index"), code=303)
    return redirect(url_for("coverage.show", accreditation_id=newest), code=303)


@blueprint.get(PAGE)
@requires(Permission.EVIDENCE_READ)
def show(accreditation_id: UUID) -> str:
    """One list of evidence, with how many are in each."""
    accreditation = get_accreditation(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    view = bind(ViewForm, request.args)
    chosen = view.values["show"] if view.valid else "uncited"
    coverage = coverage_of(accreditation, framework, clock.today())
    return _page(accreditation, framework, coverage, Bound.empty(form_for(framework, accreditation.level)), chosen)


@blueprint.post(PAGE)
@requires(Permission.ANSWER_WRITE)
def tag(accreditation_id: UUID) -> ResponseReturnValue:
    """Cite each piece in the answers that were chosen for it."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework = get_framework(accreditation.framework_id)
    form = bind(form_for(framework, accreditation.level), request.form)
    if form.valid:
        given = form.values
        tags = []
        for number in range(AT_ONCE):
            evidence_id, codes = given[f"evidence_{number}"], given[f"codes_{number}"]
            if evidence_id and given[f"pinpoint_{number}"] and not codes:
                form.errors[f"codes_{number}"] = ["Choose the requirements that this place shows."]
            elif evidence_id and codes:
                tags.append(Tag(evidence_id, tuple(dict.fromkeys(codes)), given[f"pinpoint_{number}"]))
        if form.valid and not tags:
            form.add_error(None, "Choose requirements for at least one piece of evidence")
        if form.valid:
            return _tag(accreditation, framework, form, tags)
    coverage = coverage_of(accreditation, framework, clock.today())
    return _page(accreditation, framework, coverage, form, "uncited"), 422


def _tag(
    accreditation: Accreditation, framework: PublishedFramework, form: Bound, tags: list[Tag]
) -> ResponseReturnValue:
    try:
        done = citing.tag(accreditation, tags, by=guard.actor())
    except (Conflict, Invalid) as refusal:
        words = refusal.messages if isinstance(refusal, Invalid) else {"": [refusal.message]}
        form.add_errors(words)
        coverage = coverage_of(accreditation, framework, clock.today())
        return _page(accreditation, framework, coverage, form, "uncited"), 409
    flash("1 citation was made." if done == 1 else f"{done} citations were made.", "success")
    return redirect(url_for("coverage.show", accreditation_id=accreditation.id), code=303)


def _page(
    accreditation: Accreditation, framework: PublishedFramework, coverage: Coverage, form: Bound, view: str
) -> str:
    requirements = framework.tree.requirements_of(accreditation.level)
    stage = Stage(accreditation.stage)
    return render_template(
        "assessment/coverage/show.html",
        accreditation=accreditation,
        level=framework.tree.level(accreditation.level),
        titles={each.code: each.title for each in requirements},
        requirements=requirements,
        coverage=coverage,
        view=view,
        views=VIEWS,
        counts={
            "uncited": len(coverage.uncited),
            "without": len(coverage.without),
            "problems": len(coverage.cited_but_expired),
            "ending": len(coverage.expired) + len(coverage.ending),
            "cited": len(coverage.cited),
        },
        asking=_slots(coverage, form),
        form=form,
        editable=stages.may_edit_answers(stage) and guard.may(Permission.ANSWER_WRITE),
        today=clock.today(),
    )


def _slots(coverage: Coverage, form: Bound) -> list[tuple[int, Line]]:
    """Number and piece of each part of the form; what was typed stays with the piece it was typed for."""
    waiting = {str(line.evidence.id): line for line in coverage.uncited}
    asked = [waiting.pop(form.typed(f"evidence_{number}"), None) for number in range(AT_ONCE)]
    rest = iter(waiting.values())
    slots = [(number, line or (next(rest, None) if not any(asked) else None)) for number, line in enumerate(asked)]
    return [(number, line) for number, line in slots if line is not None]


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/answers")
@requires(Permission.EVIDENCE_READ)
def cited_by(evidence_id: UUID) -> str:
    """Every answer that cites a piece of evidence."""
    evidence = get_evidence(guard.place_id(), evidence_id)
    rows = []
    for row in list_citing(guard.place_id(), evidence_id):
        framework = get_framework(row.Accreditation.framework_id)
        rows.append(
            {
                "accreditation": row.Accreditation,
                "level": framework.tree.level(row.Accreditation.level).title,
                "requirement": framework.requirement(row.requirement_id),
                "pinpoint": row.pinpoint,
                "why": row.why,
            }
        )
    return render_template("assessment/coverage/cited_by.html", evidence=evidence, rows=rows)
