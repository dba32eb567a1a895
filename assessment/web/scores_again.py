"""A scorer's page for a requirement that was opened to be scored again: why, what was said, and the new score."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.scores import Score
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import get_file, list_others
from assessment.queries.scores_again import find_reopening, list_given
from assessment.rules import stages
from assessment.rules.marks import shape_of
from assessment.rules.scoring import LONGEST_REASON, LONGEST_REMARK
from assessment.rules.stages import Stage
from assessment.services import score_reopenings
from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("scores_again", __name__)
WHO = "the region and the other scorers"
TEXTS = ("reason", "strength", "improvement")
TICKS = ("flagged", "good_practice", "mandatory")


class AgainForm(Schema):
    """A new score; `version` is the number of this scorer's last one."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))
    judgement = fields.String(required=True, metadata={"label": "Your judgement", "required": "Choose a judgement."})
    reason = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"label": "Reason", "subject": "Your reason", "who": WHO, "required": "Give the reason."},
    )
    strength = fields.String(validate=validate.Length(max=LONGEST_REMARK), metadata={"label": "A strength", "who": WHO})
    improvement = fields.String(
        validate=validate.Length(max=LONGEST_REMARK), metadata={"label": "What could be better", "who": WHO}
    )
    good_practice = fields.Boolean(metadata={"label": "The strength is good practice for others"})
    mandatory = fields.Boolean(metadata={"label": "The improvement must be made"})
    flagged = fields.Boolean(metadata={"label": "Talk this over with the others"})


CANNOT = "cannot_assess"
"""The last choice beside the steps of the scale."""


@blueprint.get("/files/<uuid:file>/again/<code>")
@requires(Permission.FILE_READ)
def edit(code: str) -> str:
    """Why it is open again, every score so far, and the form with one's own last score."""
    return _page(code, None)


@blueprint.post("/files/<uuid:file>/again/<code>")
@requires(Permission.SCORE_GIVE)
def send(code: str) -> Response | tuple[str, int]:
    """Send a new score; the earlier one stays."""
    form = bind(AgainForm, request.form)
    if form.valid:
        values = dict(form.values)
        cannot = values["judgement"] == CANNOT
        try:
            score_reopenings.score_again(
                _file_id(),
                code,
                **{**values, "judgement": None if cannot else values["judgement"]},
                cannot_assess=cannot,
                by=guard.actor(),
            )
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            if not isinstance(error.theirs, Score):
                raise
            return _conflict_page(code, form, error.theirs), 409
        else:
            flash(f"Your new score of {code} is sent. The earlier one stays beside it.", "success")
            return redirect(url_for("scores_again.edit", code=code), 303)
    return _page(code, form), 422


def _file_id() -> UUID:
    file_id = guard.place().id
    if file_id is None:
        raise NotFound
    return file_id


def _page(code: str, form: Bound | None) -> str:
    accreditation, assignment = get_file(_file_id(), guard.viewer().id)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids or assignment.submitted_at is None:
        raise NotFound
    requirement_id = framework.ids[code]
    given = list_given(assignment, requirement_id)
    reopening = find_reopening(accreditation.id, requirement_id)
    if reopening is None and len(given) < 2:
        raise NotFound
    return render_template(
        "assessment/scores_again/edit.html",
        requirement=framework.tree.requirement(code),
        framework=framework.tree,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        given=given,
        others=list_others(assignment, requirement_id),
        reopening=reopening,
        open=reopening is not None and stages.may_moderate(Stage(accreditation.stage)),
        sent=reopening is not None and bool(given) and given[-1].submitted_at > reopening.reopened_at,
        cannot=CANNOT,
        form=form or Bound.empty(AgainForm, _initial(given)),
    )


def _initial(given: list[Score]) -> dict[str, object]:
    if not given:
        return {"version": 0}
    last = given[-1]
    values: dict[str, object] = {name: getattr(last, name) for name in (*TEXTS, *TICKS)}
    return {**values, "judgement": last.judgement or CANNOT, "version": last.number}


def _conflict_page(code: str, form: Bound, theirs: Score) -> str:
    accreditation, _ = get_file(_file_id(), guard.viewer().id)
    tree = get_framework(accreditation.framework_id).tree
    typed = form.typed("judgement")
    kept = {name: "true" for name in TICKS if form.typed(name)}
    return render_template(
        "assessment/scores_again/conflict.html",
        code=code,
        mine=tree.step(typed) if tree.has_step(typed) else None,
        saved=tree.step(theirs.judgement) if theirs.judgement else None,
        theirs=theirs,
        pairs=[
            {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": getattr(theirs, name)}
            for name in TEXTS
        ],
        hidden={**kept, "judgement": typed},
    )
