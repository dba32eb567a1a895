"""Moderation: the scores side by side, one agreed judgement for each requirement, then the report."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Moderation
from assessment.queries import moderations as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import has_access, list_team
from assessment.queries.disagreements import find_next, requirement_id_of
from assessment.rules import judgements, stages, teams
from assessment.rules.stages import Stage
from assessment.services import moderations, score_reopenings
from assessment.web.moderation_pages import (
    AgainForm,
    ModerationForm,
    conflict_page,
    requirement_page,
    side_by_side,
)
from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("moderations", __name__)
MODERATION = "/regions/<region>/cases/<uuid:accreditation_id>/moderation"


class ReopenForm(Schema):
    """Why moderation is opened again."""

    reason = fields.String(
        required=True,
        validate=validate.Length(max=judgements.LONGEST_AGAIN),
        metadata={
            "label": "Why moderation is opened again",
            "subject": "Your reason",
            "who": "your region",
            "required": "Say why moderation is opened again.",
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
    return render_template("assessment/moderations/show.html", **common, **side_by_side(accreditation))


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
    return requirement_page(accreditation, code, _known(accreditation, code))


@blueprint.post(f"{MODERATION}/requirements/<code>")
@requires(Permission.SCORE_MODERATE)
def moderate(accreditation_id: UUID, code: str) -> Response | tuple[str, int]:
    """Record the agreed judgement of one requirement, and go on to the next that is open."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(ModerationForm, request.form)
    if form.valid:
        try:
            moderations.moderate(accreditation, requirement_id_of(accreditation, code), by=guard.actor(), **form.values)
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            if not isinstance(error.theirs, Moderation):
                raise
            return conflict_page(accreditation, code, form, error.theirs), 409
        else:
            flash(f"The judgement of {code} is agreed.", "success")
            following = find_next(accreditation)
            if following is not None:
                return redirect(url_for("moderations.edit", accreditation_id=accreditation_id, code=following), 303)
            return redirect(url_for("moderations.show", accreditation_id=accreditation_id), 303)
    return requirement_page(accreditation, code, form), 422


@blueprint.post(f"{MODERATION}/requirements/<code>/again")
@requires(Permission.SCORE_MODERATE)
def score_again(accreditation_id: UUID, code: str) -> Response | tuple[str, int]:
    """Open one requirement to be scored again."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    again = bind(AgainForm, request.form)
    if again.valid:
        reason = again.values["again_reason"]
        score_reopenings.reopen(accreditation, requirement_id_of(accreditation, code), reason=reason, by=guard.actor())
        flash(f"The scorers can score {code} again. It stands in their files.", "success")
        return redirect(url_for("moderations.edit", accreditation_id=accreditation_id, code=code), 303)
    return requirement_page(accreditation, code, _known(accreditation, code), again), 422


@blueprint.post(f"{MODERATION}/requirements/<code>/again/close")
@requires(Permission.SCORE_MODERATE)
def close_again(accreditation_id: UUID, code: str) -> Response:
    """Wait for no more new scores of one requirement."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    score_reopenings.close(accreditation, requirement_id_of(accreditation, code), by=guard.actor())
    flash(f"{code} can no longer be scored again.", "success")
    return redirect(url_for("moderations.edit", accreditation_id=accreditation_id, code=code), 303)


@blueprint.get(f"{MODERATION}/reopen")
@requires(Permission.SCORE_MODERATE)
def ask_to_reopen(accreditation_id: UUID) -> str:
    """What opening moderation again means, and the reason."""
    return _reopen_page(get_accreditation(accreditation_id), Bound.empty(ReopenForm))


@blueprint.post(f"{MODERATION}/reopen")
@requires(Permission.SCORE_MODERATE)
def reopen(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Open moderation again while the report is written or checked."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(ReopenForm, request.form)
    if not form.valid:
        return _reopen_page(accreditation, form), 422
    moderations.reopen(accreditation, by=guard.actor(), **form.values)
    flash("Moderation is open again. What was agreed stands until you change it.", "success")
    return redirect(url_for("moderations.show", accreditation_id=accreditation_id), 303)


@blueprint.post(f"{MODERATION}/finish")
@requires(Permission.SCORE_MODERATE)
def finish(accreditation_id: UUID) -> Response:
    """Go on to the report."""
    moderations.finish(get_accreditation(accreditation_id, lock=True), by=guard.actor())
    flash("Moderation is finished. Write the report next.", "success")
    return redirect(url_for("cases.show", accreditation_id=accreditation_id), 303)


def _known(accreditation: Accreditation, code: str) -> Bound:
    """The form with what stands for the requirement, and the number of the last judgement that was agreed."""
    requirement_id = requirement_id_of(accreditation, code)
    known = queries.list_moderations(accreditation.id).get(requirement_id)
    version = queries.last_numbers(accreditation.id).get(requirement_id, 0)
    initial = {"judgement": known.judgement, "reason": known.reason} if known else {}
    return Bound.empty(ModerationForm, {**initial, "version": version})


def _reopen_page(accreditation: Accreditation, form: Bound) -> str:
    if not stages.may(Stage(accreditation.stage), stages.Verb.MODERATE_AGAIN):
        raise NotFound
    return render_template("assessment/moderations/reopen.html", accreditation=accreditation, form=form)
