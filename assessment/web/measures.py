"""Live measures: what the council's own records say in figures, and how an answer comes to cite one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.queries import measures as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.rules.answering import LONGEST_WHY
from assessment.rules.measures import MEASURES, thawed
from assessment.services import citing
from saas import clock
from saas.errors import NotFound
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission

blueprint = Blueprint("measures", __name__)
blueprint.add_app_template_filter(thawed, "thawed")
CITE = "/councils/<council>/accreditations/<uuid:accreditation_id>/requirements/<code>/measures"


class CiteForm(Schema):
    """Which measure an answer cites, and why."""

    measure = fields.String(
        required=True,
        validate=validate.OneOf(list(MEASURES), error="Choose one of the measures."),
        metadata={"label": "Live measure", "required": "Choose a measure."},
    )
    why = fields.String(
        validate=validate.Length(max=LONGEST_WHY),
        metadata={
            "label": "Why it matters here",
            "who": "your council and, once you send it, the region and its assessors",
        },
    )


@blueprint.get("/councils/<council>/measures")
@requires(Permission.EVIDENCE_READ)
def index() -> str:
    """Every measure with its figures now and what they mean."""
    accreditation = queries.find_current(place_id())
    found = queries.compute_all(accreditation, place_id(), list(MEASURES), clock.now())
    tree = get_framework(accreditation.framework_id).tree if accreditation else None
    return render_template(
        "assessment/measures/index.html",
        measures=found.values(),
        of_answers={code for code, measure in MEASURES.items() if measure.of_answers},
        accreditation=accreditation,
        about=f"{tree.title}, {tree.level(accreditation.level).title}" if tree and accreditation else "",
    )


@blueprint.get(CITE)
@requires(Permission.ANSWER_WRITE)
def choose(accreditation_id: UUID, code: str) -> str:
    """The measures an answer may cite, with their figures now."""
    return _page(accreditation_id, code, Bound.empty(CiteForm, {"measure": request.args.get("measure")}))


@blueprint.post(CITE)
@requires(Permission.ANSWER_WRITE)
def cite(accreditation_id: UUID, code: str) -> Response | tuple[str, int]:
    """Cite a measure; it comes into the library with its first citation."""
    form = bind(CiteForm, request.form)
    if not form.valid:
        return _page(accreditation_id, code, form), 422
    accreditation = get_accreditation(accreditation_id, share=True)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    chosen = MEASURES[form.values["measure"]]
    citing.cite_measure(accreditation, framework.ids[code], chosen.code, why=form.values["why"], by=actor())
    flash(f"“{chosen.title}” is cited. Its figures are frozen when you send this.", "success")
    return redirect(url_for("answers.edit", accreditation_id=accreditation_id, code=code), code=303)


def _page(accreditation_id: UUID, code: str, form: Bound) -> str:
    accreditation = get_accreditation(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    found = queries.compute_all(accreditation, accreditation.council_id, list(MEASURES), clock.now())
    return render_template(
        "assessment/measures/choose.html",
        accreditation=accreditation,
        requirement=framework.tree.requirement(code),
        measures=found.values(),
        form=form,
    )
