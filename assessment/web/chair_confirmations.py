"""The page on which the chair of the steering group confirms what is about to be sent, and asking for it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.queries import answers, chair_confirmations, submissions
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.rules import stages
from assessment.rules.answering import progress_of
from assessment.rules.event_words import SENT_AS
from assessment.rules.stages import Stage
from assessment.services import chair_confirmations as services
from assessment.services.chair_confirmations import LONGEST_WORDS
from assessment.services.submissions import VERBS, Incomplete, list_problems
from saas.errors import Conflict
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("chair_confirmations", __name__)
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/confirm/<any(plan, readiness):about>"


class ConfirmForm(Schema):
    """What the chair has to say."""

    words = fields.String(
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={
            "label": "What you want to say about it",
            "subject": "What you want to say",
            "who": "your council and the region.",
        },
    )


@blueprint.get(PAGE)
@requires(Permission.PLAN_CONFIRM)
def show(accreditation_id: UUID, about: str) -> Response | str:
    """What is to be sent, and confirming it."""
    accreditation = get_accreditation(accreditation_id)
    _refuse_where_not_asked(accreditation)
    may_send = stages.may(Stage(accreditation.stage), VERBS[about])
    if not may_send or submissions.find_open_request(accreditation_id) is not None:
        return redirect(url_for("submissions.check", accreditation_id=accreditation_id, kind=about), code=303)
    return _page(accreditation, about, Bound.empty(ConfirmForm))


@blueprint.post(PAGE)
@requires(Permission.PLAN_CONFIRM)
def confirm(accreditation_id: UUID, about: str) -> Response | tuple[str, int]:
    """Confirm it."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(ConfirmForm, request.form)
    if not form.valid:
        _refuse_where_not_asked(accreditation)
        return _page(accreditation, about, form), 422
    try:
        services.confirm(accreditation, about=about, words=form.values["words"], by=actor())
    except Incomplete:
        return _page(accreditation, about, form), 409
    flash(f"You confirmed the {SENT_AS[about]}. A council lead can send it now.", "success")
    return redirect(url_for("chair_confirmations.show", accreditation_id=accreditation_id, about=about), code=303)


@blueprint.post(PAGE + "/ask")
@requires(Permission.SUBMISSION_SEAL)
def ask(accreditation_id: UUID, about: str) -> Response:
    """Ask the chair to confirm."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    back = redirect(url_for("submissions.check", accreditation_id=accreditation_id, kind=about), code=303)
    try:
        told = services.ask(accreditation, about, by=actor())
    except Incomplete as refusal:
        flash(f"The chair was not asked. {refusal.message}", "notice")
        return back
    if told:
        flash("The chair of the steering group is asked to confirm it.", "success")
    else:
        flash("The chair of the steering group was asked today already.", "notice")
    return back


def _refuse_where_not_asked(accreditation: Accreditation) -> None:
    if not process_of(accreditation).chair_confirms:
        raise Conflict("Your region asks for no confirmation by the chair of the steering group.")


def _page(accreditation: Accreditation, about: str, form: Bound) -> str:
    framework = get_framework(accreditation.framework_id)
    lines = answers.list_answer_lines(accreditation)
    confirmation = chair_confirmations.find_standing(accreditation, about)
    return render_template(
        "assessment/chair_confirmations/show.html",
        accreditation=accreditation,
        about=about,
        what=SENT_AS[about],
        framework=framework.tree,
        level=framework.tree.level(accreditation.level),
        progress=progress_of(
            framework.tree, accreditation.level, {framework.codes[each]: line for each, line in lines.items()}
        ),
        actions=sum(line.actions for line in lines.values()),
        cited=sum(line.evidence for line in lines.values()),
        confirmation=confirmation,
        missing=0 if confirmation else len(list_problems(accreditation, about)),
        form=form,
    )
