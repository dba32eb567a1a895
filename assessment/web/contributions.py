"""Help from others, in the council: asking somebody without an account, and what becomes of the text that came."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, ContributionRequest
from assessment.queries.accreditations import get_accreditation
from assessment.queries.contributions import get_request
from assessment.queries.frameworks import get_framework
from assessment.rules import contributions as rules
from assessment.rules.framework_tree import Requirement
from assessment.services import answers
from assessment.services import contributions as service
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from saas.templating import day

blueprint = Blueprint("contributions", __name__)
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/requirements/<code>/ask"
ONE = "/councils/<council>/contributions/<uuid:contribution_id>"


class AskForm(Schema):
    """Who is asked for what, and until when."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=service.LONGEST_NAME),
        metadata={"label": "Name", "required": "Enter the name of the person you ask"},
    )
    email = fields.Email(
        required=True,
        validate=validate.Length(max=service.LONGEST_EMAIL),
        metadata={"label": "Email address", "hint": "The link goes here. The person needs no account."},
    )
    question = fields.String(
        required=True,
        validate=validate.Length(max=service.LONGEST_QUESTION),
        metadata={
            "label": "What you would like to know",
            "required": "Say what you would like to know",
            "hint": "For example: How did new members find the induction in May? Two or three sentences are enough.",
            "who": "the person you ask, and everybody who reads your self-assessment",
        },
    )
    due_on = fields.Date(
        required=True,
        metadata={"label": "Until when", "required": "Enter until when you need it", "subject": "The day"},
    )


class TakeForm(Schema):
    """Which version of the answer the text is added to."""

    version = fields.Integer(required=True)


@blueprint.get(PAGE)
@requires(Permission.ANSWER_WRITE)
def show_ask(accreditation_id: UUID, code: str) -> str:
    """The form to ask somebody for a text about one requirement."""
    accreditation, requirement = _of(accreditation_id, code)
    form = Bound.empty(AskForm, {"due_on": clock.today() + timedelta(days=rules.USUAL_DAYS)})
    return _ask_page(accreditation, requirement, form)


@blueprint.post(PAGE)
@requires(Permission.ANSWER_WRITE)
def ask(accreditation_id: UUID, code: str) -> Response | tuple[str, int]:
    """Ask; the mail with the link is on its way."""
    accreditation, requirement = _of(accreditation_id, code, share=True)
    form = bind(AskForm, request.form)
    if form.valid:
        service.brake(place_id())
        wanted = get_framework(accreditation.framework_id).ids[code]
        try:
            made = service.ask(accreditation, wanted, **form.values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"A link is on its way to {made.email}. You get a notice when {made.name} answers.", "success")
            return _back(made)
    return _ask_page(accreditation, requirement, form), 422


@blueprint.post(ONE + "/resend")
@requires(Permission.ANSWER_WRITE)
def resend(contribution_id: UUID) -> Response:
    """Send the request again with a new link."""
    service.brake(place_id())
    made = get_request(place_id(), contribution_id, lock=True)
    service.resend(made, by=actor())
    flash(f"A new link is on its way to {made.email}. The old one no longer works.", "success")
    return _back(made)


@blueprint.post(ONE + "/extend")
@requires(Permission.ANSWER_WRITE)
def extend(contribution_id: UUID) -> Response:
    """Give two weeks more with the same link."""
    service.brake(place_id())
    made = get_request(place_id(), contribution_id, lock=True)
    service.extend(made, by=actor())
    flash(f"{made.name} has until {day(made.due_on)}, and hears of it by email.", "success")
    return _back(made)


@blueprint.post(ONE + "/withdraw")
@requires(Permission.ANSWER_WRITE)
def withdraw(contribution_id: UUID) -> Response:
    """Take the request back."""
    made = get_request(place_id(), contribution_id, lock=True)
    service.withdraw(made, by=actor())
    flash(f"{made.name} is no longer asked. The link ends.", "success")
    return _back(made)


@blueprint.post(ONE + "/take")
@requires(Permission.ANSWER_WRITE)
def take(contribution_id: UUID) -> Response | tuple[str, int]:
    """Add the text to the answer; where somebody else changed the answer meanwhile, show both first."""
    made = get_request(place_id(), contribution_id)
    accreditation = get_accreditation(made.accreditation_id, share=True)
    form = bind(TakeForm, request.form)
    version = form.values["version"] if form.valid else -1
    try:
        service.take_in(accreditation, made, version=version, by=actor())
    except Conflict as error:
        if not isinstance(error.theirs, Answer):
            raise
        page = render_template(
            "assessment/contributions/changed.html",
            contribution=made,
            theirs=error.theirs,
            page=_page_of(made),
        )
        return page, 409
    flash(f"The text by {made.name} is added to the end of the answer.", "success")
    return redirect(_page_of(made), code=303)


@blueprint.post(ONE + "/set-aside")
@requires(Permission.ANSWER_WRITE)
def set_aside(contribution_id: UUID) -> Response:
    """Leave the text out of the answer; it is kept."""
    made = get_request(place_id(), contribution_id, lock=True)
    service.set_aside(made, by=actor())
    flash(f"The text by {made.name} is set aside. You can bring it back.", "success")
    return _back(made)


@blueprint.post(ONE + "/bring-back")
@requires(Permission.ANSWER_WRITE)
def bring_back(contribution_id: UUID) -> Response:
    """Undo setting a text aside."""
    made = get_request(place_id(), contribution_id, lock=True)
    service.bring_back(made, by=actor())
    flash(f"The text by {made.name} is back.", "success")
    return _back(made)


def _of(accreditation_id: UUID, code: str, *, share: bool = False) -> tuple[Accreditation, Requirement]:
    accreditation = get_accreditation(accreditation_id, share=share)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    return accreditation, answers.requirement_of(accreditation, framework.ids[code])


def _ask_page(accreditation: Accreditation, requirement: Requirement, form: Bound) -> str:
    return render_template(
        "assessment/contributions/ask.html", accreditation=accreditation, requirement=requirement, form=form
    )


def _page_of(made: ContributionRequest) -> str:
    return url_for("answers.edit", accreditation_id=made.accreditation_id, code=made.shown["code"])


def _back(made: ContributionRequest) -> Response:
    return redirect(f"{_page_of(made)}#contributions", code=303)
