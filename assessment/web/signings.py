"""What is being signed: how far each office is, asking again, signatures on paper, and calling it off."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.signings import Signing
from assessment.queries import signings as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.rules.signings import LONGEST_REASON, State, title_of
from assessment.services import signings
from assessment.services.signings import LONGEST_NAME
from assessment.services.submissions import Incomplete
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("signings", __name__)
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/signing/<any(commitment, readiness):about>"
WHO = "your council and, once it is sent, the region."


class PaperForm(Schema):
    """A signature on paper."""

    name = fields.String(
        required=True, validate=validate.Length(max=LONGEST_NAME), metadata={"label": "Name", "who": WHO}
    )
    signed_on = fields.Date(required=True, metadata={"label": "Day of the signature", "subject": "The day"})


class CallOffForm(Schema):
    """Why a signing is called off."""

    reason = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={"label": "Why", "subject": "Why it is called off", "who": "your council, and those who were asked."},
    )


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID, about: str) -> str:
    """Where each signature stands."""
    accreditation = get_accreditation(accreditation_id)
    signing = queries.find_latest(accreditation, about)
    return render_template(
        "assessment/signings/show.html",
        accreditation=accreditation,
        about=about,
        title=_title(accreditation, about),
        signing=signing,
        underway=signing is not None and signing.used_at is None and signing.called_off_at is None,
        lines=queries.list_standing(accreditation, signing, process_of(accreditation).signatories) if signing else [],
        ended=[each for each in queries.list_requests(signing.id) if each.ended_at is not None] if signing else [],
    )


@blueprint.post(PAGE + "/open")
@requires(Permission.SUBMISSION_SEAL)
def begin(accreditation_id: UUID, about: str) -> Response:
    """Put the submission before those who sign."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    try:
        signings.open_signing(accreditation, about, by=actor())
    except Incomplete as refusal:
        flash(f"It was not put before those who sign. {refusal.message}", "notice")
        return redirect(url_for("submissions.check", accreditation_id=accreditation_id, kind="readiness"), code=303)
    flash("Your submission is with those who sign. Your answers rest meanwhile.", "success")
    return _back(accreditation_id, about)


@blueprint.post(PAGE + "/requests/<uuid:request_id>/ask")
@requires(Permission.ACCREDITATION_COMMIT)
def ask_again(accreditation_id: UUID, about: str, request_id: UUID) -> Response:
    """Ask an office again: a new message with a new link."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    asked = queries.get_request(request_id, lock=True)
    if asked.accreditation_id != accreditation.id:
        raise NotFound
    signings.ask_again(accreditation, asked, by=actor())
    flash(f"A new message is on its way to {asked.name}. The link sent before no longer works.", "success")
    return _back(accreditation_id, about)


@blueprint.get(PAGE + "/paper/<int:number>")
@requires(Permission.ACCREDITATION_COMMIT)
def show_paper(accreditation_id: UUID, about: str, number: int) -> str:
    """The form of a signature on paper; `number` counts the offices of the process from 1."""
    accreditation = get_accreditation(accreditation_id)
    office = _office(accreditation, number)
    signing = queries.find_current(accreditation, about)
    if signing is None:
        raise NotFound
    [line] = queries.list_standing(accreditation, signing, [office])
    if line.state in (State.SIGNED, State.ON_PAPER):
        raise Conflict(f"The {office} has signed already.")
    form = Bound.empty(PaperForm, {"name": line.holder.name} if line.holder else {})
    return _paper_page(accreditation, about, office, form)


@blueprint.post(PAGE + "/paper/<int:number>")
@requires(Permission.ACCREDITATION_COMMIT)
def record_paper(accreditation_id: UUID, about: str, number: int) -> Response | tuple[str, int]:
    """Record a signature on paper."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    office = _office(accreditation, number)
    form = bind(PaperForm, request.form)
    if form.valid:
        try:
            signings.record_on_paper(accreditation, about, office=office, **form.values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"The signature of the {office} is recorded.", "success")
            return _back(accreditation_id, about)
    return _paper_page(accreditation, about, office, form), 422


@blueprint.get(PAGE + "/call-off")
@requires(Permission.SUBMISSION_SEAL)
def show_call_off(accreditation_id: UUID, about: str) -> str:
    """What calling the signing off does, before it is done."""
    accreditation = get_accreditation(accreditation_id)
    return _call_off_page(accreditation, about, _current(accreditation, about), Bound.empty(CallOffForm))


@blueprint.post(PAGE + "/call-off")
@requires(Permission.SUBMISSION_SEAL)
def call_off(accreditation_id: UUID, about: str) -> Response | tuple[str, int]:
    """Call the signing off; the answers open again."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    signing = queries.get_signing(_current(accreditation, about).id, lock=True)
    form = bind(CallOffForm, request.form)
    if form.valid:
        try:
            signings.call_off(signing, form.values["reason"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("The signing is called off. Your answers are open again.", "success")
            return redirect(url_for("answers.task_list", accreditation_id=accreditation_id), code=303)
    return _call_off_page(accreditation, about, signing, form), 422


def _current(accreditation: Accreditation, about: str) -> Signing:
    signing = queries.find_current(accreditation, about)
    if signing is None:
        raise NotFound
    return signing


def _office(accreditation: Accreditation, number: int) -> str:
    offices = process_of(accreditation).signatories
    if not 1 <= number <= len(offices):
        raise NotFound
    return offices[number - 1]


def _title(accreditation: Accreditation, about: str) -> str:
    return title_of(about, get_framework(accreditation.framework_id).tree.level(accreditation.level).title)


def _paper_page(accreditation: Accreditation, about: str, office: str, form: Bound) -> str:
    return render_template(
        "assessment/signings/paper.html",
        accreditation=accreditation,
        about=about,
        title=_title(accreditation, about),
        office=office,
        form=form,
        today=clock.today(),
    )


def _call_off_page(accreditation: Accreditation, about: str, signing: Signing, form: Bound) -> str:
    signed = [each.name for each in queries.list_requests(signing.id) if queries.is_done(each)]
    return render_template(
        "assessment/signings/call_off.html",
        accreditation=accreditation,
        about=about,
        title=_title(accreditation, about),
        signed=signed,
        form=form,
    )


def _back(accreditation_id: UUID, about: str) -> Response:
    return redirect(url_for("signings.show", accreditation_id=accreditation_id, about=about), code=303)
