"""Moderation: the scores side by side, one agreed judgement for each requirement, then the report."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Score
from assessment.queries import moderations as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import has_access, list_team
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import list_scores
from assessment.queries.submissions import get_submission, list_answers
from assessment.rules import judgements, stages, teams
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from assessment.services import moderations
from saas import guard
from saas.errors import Forbidden, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("moderations", __name__)
MODERATION = "/regions/<region>/cases/<uuid:accreditation_id>/moderation"


class ModerationForm(Schema):
    """The judgement that was agreed, and why."""

    judgement = fields.String(
        required=True, metadata={"label": "The agreed judgement", "required": "Choose the judgement that was agreed."}
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=4000),
        metadata={
            "label": "The reason that was agreed",
            "hint": "Write it so that the report can use it.",
            "who": "your region; the council reads it in the report",
            "required": "Give the reason that was agreed.",
        },
    )


@blueprint.get(MODERATION)
@requires(Permission.SCORE_MODERATE)
def show(accreditation_id: UUID) -> str:
    """How far scoring is; then what the scorers differ on, what they agree on, and what is settled."""
    accreditation = get_accreditation(accreditation_id)
    team = list_team(accreditation.id)
    stage = Stage(accreditation.stage)
    waiting = stage in (Stage.SUBMITTED, Stage.ASSESSING)
    scorers = [each for each in team if each.duty == "scorer"]
    common = {
        "accreditation": accreditation,
        "scorers": scorers,
        "empty": teams.vacant(process_of(accreditation), [(each.duty, each.capacity) for each in team]),
        "closed": has_access(guard.viewer().id, accreditation.council_id),
        "waiting": waiting,
        "moderating": stages.may_moderate(stage),
    }
    if waiting or common["closed"]:
        return render_template("assessment/moderations/waiting.html", **common)
    return render_template("assessment/moderations/show.html", **common, **_side_by_side(accreditation))


@blueprint.post(f"{MODERATION}/begin")
@requires(Permission.SCORE_MODERATE)
def begin(accreditation_id: UUID) -> Response:
    """Open the scores."""
    moderations.begin(get_accreditation(accreditation_id, lock=True), by=guard.actor())
    flash("Moderation has begun. The scores are open to your region.", "success")
    return redirect(url_for("moderations.show", accreditation_id=accreditation_id), 303)


@blueprint.post(f"{MODERATION}/agree")
@requires(Permission.SCORE_MODERATE)
def agree(accreditation_id: UUID) -> Response:
    """Let everything stand on which the scorers are of one mind."""
    number = moderations.agree_all(get_accreditation(accreditation_id, lock=True), by=guard.actor())
    flash(f"{number} agreed judgement{'' if number == 1 else 's'} stand.", "success")
    return redirect(url_for("moderations.show", accreditation_id=accreditation_id), 303)


@blueprint.get(f"{MODERATION}/requirements/<code>")
@requires(Permission.SCORE_MODERATE)
def edit(accreditation_id: UUID, code: str) -> str:
    """One requirement: what each scorer said, and the agreed judgement."""
    accreditation = get_accreditation(accreditation_id)
    known = queries.list_moderations(accreditation.id).get(_id_of(accreditation, code))
    initial = {"judgement": known.judgement, "reason": known.reason} if known else {}
    return _page(accreditation, code, Bound.empty(ModerationForm, initial))


@blueprint.post(f"{MODERATION}/requirements/<code>")
@requires(Permission.SCORE_MODERATE)
def moderate(accreditation_id: UUID, code: str) -> Response | tuple[str, int]:
    """Record the agreed judgement of one requirement, and go on to the next that is open."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(ModerationForm, request.form)
    if form.valid:
        try:
            moderations.moderate(accreditation, _id_of(accreditation, code), by=guard.actor(), **form.values)
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            flash(f"The judgement of {code} is agreed.", "success")
            following = _next_open(accreditation)
            if following is not None:
                return redirect(url_for("moderations.edit", accreditation_id=accreditation_id, code=following), 303)
            return redirect(url_for("moderations.show", accreditation_id=accreditation_id), 303)
    return _page(accreditation, code, form), 422


@blueprint.post(f"{MODERATION}/finish")
@requires(Permission.SCORE_MODERATE)
def finish(accreditation_id: UUID) -> Response:
    """Go on to the report."""
    moderations.finish(get_accreditation(accreditation_id, lock=True), by=guard.actor())
    flash("Moderation is finished. Write the report next.", "success")
    return redirect(url_for("cases.show", accreditation_id=accreditation_id), 303)


def _id_of(accreditation: Accreditation, code: str) -> UUID:
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids or accreditation.level not in framework.tree.requirement(code).levels:
        raise NotFound
    return framework.ids[code]


def _disagreements(accreditation: Accreditation, scores: list[Score]) -> dict[str, tuple[judgements.Reason, ...]]:
    """Requirement code → why it needs talking over, in the order of the framework."""
    found = judgements.disagreements(
        queries.given_by_scorer(accreditation, scores),
        get_framework(accreditation.framework_id).tree,
        accreditation.level,
        process_of(accreditation).disagreement_threshold,
    )
    return {each.requirement_code: each.reasons for each in found}


def _next_open(accreditation: Accreditation) -> str | None:
    ids = get_framework(accreditation.framework_id).ids
    settled = queries.list_moderations(accreditation.id)
    found = _disagreements(accreditation, list_scores(accreditation.id))
    return next((code for code in found if ids[code] not in settled), None)


def _side_by_side(accreditation: Accreditation) -> Mapping[str, object]:
    framework = get_framework(accreditation.framework_id)
    scores = list_scores(accreditation.id)
    differing = _disagreements(accreditation, scores)
    settled = {framework.codes[key]: row for key, row in queries.list_moderations(accreditation.id).items()}
    wanted = framework.tree.requirements_of(accreditation.level)
    steps: dict[str, dict[UUID, str | None]] = {}
    for score in scores:
        steps.setdefault(framework.codes[score.requirement_id], {})[score.assignment_id] = score.judgement
    return {
        "framework": framework.tree,
        "shapes": {step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        "steps": steps,
        "settled": settled,
        "differing": [each for each in wanted if each.code in differing],
        "reasons": {code: [judgements.WORDS[reason] for reason in found] for code, found in differing.items()},
        "alike": [each for each in wanted if each.code not in differing],
        "to_agree": [each for each in wanted if each.code not in differing and each.code not in settled],
        "open": [each.code for each in wanted if each.code not in settled],
        "total": len(wanted),
    }


def _page(accreditation: Accreditation, code: str, form: Bound) -> str:
    if has_access(guard.viewer().id, accreditation.council_id):
        raise Forbidden("You have access in this council, so its scores are closed to you.")
    if Stage(accreditation.stage) in (Stage.SUBMITTED, Stage.ASSESSING):
        raise NotFound
    framework = get_framework(accreditation.framework_id)
    requirement_id = _id_of(accreditation, code)
    scores = [each for each in list_scores(accreditation.id) if each.requirement_id == requirement_id]
    team = list_team(accreditation.id)
    submission = get_submission(team[0].submission_id) if team else None
    answers = list_answers(submission.id) if submission else []
    return render_template(
        "assessment/moderations/edit.html",
        accreditation=accreditation,
        requirement=framework.tree.requirement(code),
        framework=framework.tree,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        scores=scores,
        submission=submission,
        answer=next((each for each in answers if each.requirement_id == requirement_id), None),
        settled=queries.list_moderations(accreditation.id).get(requirement_id),
        moderating=stages.may_moderate(Stage(accreditation.stage)),
        form=form,
    )
