"""Improvements after the report: the council's replies and progress, and the region's word on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.improvements import PROGRESS, REPLIES, ReplyDraft
from assessment.queries import improvements as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import ImprovementLine
from assessment.rules.improvements import (
    ENDING_LABELS,
    LABELS,
    LONGEST_BODY,
    LONGEST_MINUTE,
    LONGEST_TEXT,
    PROGRESS_LABELS,
    REPLY_LABELS,
    ImprovementState,
)
from assessment.rules.stages import Stage, may_reply_to_improvements, may_verify_improvements
from assessment.services import improvements
from assessment.web.report_pages import reading_of
from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("improvements", __name__)
COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/improvements"
REGION = "/regions/<region>/cases/<uuid:accreditation_id>/improvements"
REPLY_FIELDS = ("answer", "body", "decided_on", "minute", "reason")
STATES = {
    state: (LABELS[state], kind)
    for state, kind in {
        ImprovementState.ISSUED: "waiting",
        ImprovementState.OPEN: "active",
        ImprovementState.IN_PROGRESS: "active",
        ImprovementState.CLAIMED_COMPLETE: "waiting",
        ImprovementState.DECIDED_AGAINST: "neutral",
        ImprovementState.VERIFIED: "done",
        ImprovementState.SUPERSEDED: "neutral",
        ImprovementState.CARRIED_FORWARD: "neutral",
    }.items()
}
LONG = validate.Length(max=LONGEST_TEXT)


class DraftForm(Schema):
    """A reply as far as it is; `seen` is how many replies had been sent when the page was opened."""

    version = fields.Integer(required=True)
    seen = fields.Integer(required=True)
    answer = fields.String(validate=validate.OneOf(REPLIES), metadata={"label": "Your reply", "subject": "Your reply"})
    reason = fields.String(
        validate=LONG,
        metadata={
            "label": "Reason",
            "quiet": True,
            "hint": "Needed when you accept in part or decide against.",
            "who": "your council and the region, once you send",
        },
    )
    body = fields.String(
        validate=validate.Length(max=LONGEST_BODY),
        metadata={
            "quiet": True,
            "label": "Body that decided",
            "hint": "For example the Member Development Group. Needed when you decide against.",
        },
    )
    decided_on = fields.Date(metadata={"quiet": True, "label": "Day of that decision"})
    minute = fields.String(
        validate=validate.Length(max=LONGEST_MINUTE),
        metadata={"label": "Minute", "hint": "Its number, or where it can be read."},
    )
    then = fields.String(validate=validate.OneOf(["keep", "send"]))


class ReplyForm(DraftForm):
    """The reply that is sent."""

    answer = fields.String(
        required=True,
        validate=validate.OneOf(REPLIES),
        metadata={"label": "Your reply", "subject": "Your reply", "required": "Choose your reply."},
    )


class ProgressForm(Schema):
    """How far an improvement is."""

    state = fields.String(
        required=True,
        validate=validate.OneOf(PROGRESS),
        metadata={"label": "How far is it?", "required": "Choose how far it is."},
    )
    words = fields.String(
        required=True,
        validate=LONG,
        metadata={
            "label": "What has been done",
            "required": "Enter what has been done.",
            "who": "your council and the region",
        },
    )


class ConclusionForm(Schema):
    """The region's word on an improvement."""

    ending = fields.String(
        required=True,
        validate=validate.OneOf(["open", *ENDING_LABELS]),
        metadata={
            "label": "Where it stands",
            "required": "Choose where it stands.",
            "who": "your region and the council",
        },
    )


@blueprint.get(COUNCIL)
@requires(Permission.ACCREDITATION_READ)
def list_improvements(accreditation_id: UUID) -> str:
    """Every improvement in order, with the reply it has or waits for."""
    accreditation = get_accreditation(accreditation_id)
    lines = queries.list_improvements(accreditation_id)
    return render_template(
        "assessment/improvements/list.html",
        accreditation=accreditation,
        lines=lines,
        drafted=queries.list_drafted(accreditation_id),
        actions=queries.actions_of(accreditation_id),
        replied=sum(line.reply is not None for line in lines),
        today=clock.today(),
        repliable=may_reply_to_improvements(Stage(accreditation.stage)),
        **_words(),
    )


@blueprint.route(f"{COUNCIL}/<int:number>", methods=["GET", "POST"])
@requires(Permission.IMPROVEMENT_REPLY)
def reply(accreditation_id: UUID, number: int) -> Response | str | tuple[str, int]:
    """Write a reply, keep it as a draft, and send it."""
    accreditation = get_accreditation(accreditation_id)
    line = queries.get_improvement(accreditation_id, number)
    draft = queries.find_reply_draft(line.improvement)
    sent = len(queries.list_replies(line.improvement))
    if request.method == "GET":
        initial = {"version": draft.version if draft else 0, "seen": sent, **_stands(draft or line.reply)}
        return _reply_page(accreditation, line, Bound.empty(ReplyForm, initial), draft)
    form = bind(DraftForm if request.form.get("then") == "keep" else ReplyForm, request.form)
    if form.valid:
        typed = dict(form.values)
        given: dict[str, Any] = {name: typed[name] for name in REPLY_FIELDS}
        try:
            if typed["seen"] != sent:
                raise Conflict("Your council has sent a reply after you opened this page. Read it first.")
            if typed["then"] == "keep":
                improvements.save_reply_draft(
                    accreditation_id, number, **given, version=typed["version"], by=guard.actor()
                )
                flash("Your draft is kept. Only your council sees it.", "success")
                return redirect(url_for("improvements.reply", accreditation_id=accreditation_id, number=number), 303)
            improvements.reply(accreditation_id, number, **given, draft_version=typed["version"], by=guard.actor())
            flash(f"Your reply to improvement {number} is with the region.", "success")
            return redirect(url_for("improvements.list_improvements", accreditation_id=accreditation_id), 303)
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as stale:
            if not isinstance(stale.theirs, ReplyDraft):
                raise
            return _overtaken(accreditation, line, form, stale.theirs)
    return _reply_page(accreditation, line, form, draft), 422


@blueprint.route(f"{COUNCIL}/<int:number>/progress", methods=["GET", "POST"])
@requires(Permission.IMPROVEMENT_REPLY)
def report_progress(accreditation_id: UUID, number: int) -> Response | str | tuple[str, int]:
    """Tell the region how far an improvement is."""
    accreditation = get_accreditation(accreditation_id)
    line = queries.get_improvement(accreditation_id, number)
    form = Bound.empty(ProgressForm) if request.method == "GET" else bind(ProgressForm, request.form)
    if request.method == "POST" and form.valid:
        improvements.report_progress(accreditation_id, number, **dict(form.values), by=guard.actor())
        flash(f"The region reads now how far improvement {number} is.", "success")
        return redirect(url_for("improvements.list_improvements", accreditation_id=accreditation_id), 303)
    page = render_template(
        "assessment/improvements/progress.html", accreditation=accreditation, line=line, form=form, **_words()
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get(REGION)
@requires(Permission.CASE_READ)
def review(accreditation_id: UUID) -> str:
    """Every improvement of one council with reply and progress, for the region."""
    accreditation = get_accreditation(accreditation_id)
    return render_template(
        "assessment/improvements/review.html",
        accreditation=accreditation,
        lines=queries.list_improvements(accreditation_id),
        today=clock.today(),
        **_words(),
    )


@blueprint.route(f"{REGION}/<int:number>", methods=["GET", "POST"])
@requires(Permission.IMPROVEMENT_VERIFY)
def verify(accreditation_id: UUID, number: int) -> Response | str | tuple[str, int]:
    """Say that it is done, was overtaken, goes to the next cycle, or is open after all."""
    accreditation = get_accreditation(accreditation_id)
    line = queries.get_improvement(accreditation_id, number)
    if request.method == "GET":
        form = Bound.empty(ConclusionForm, {"ending": line.improvement.ending or "open"})
    else:
        form = bind(ConclusionForm, request.form)
    if request.method == "POST" and form.valid:
        ending = form.values["ending"]
        try:
            improvements.conclude(
                accreditation_id, number, ending=None if ending == "open" else ending, by=guard.actor()
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"Improvement {number} is kept as: {ENDING_LABELS.get(ending, 'still open').lower()}.", "success")
            return redirect(url_for("improvements.review", accreditation_id=accreditation_id), 303)
    page = render_template(
        "assessment/improvements/verify.html",
        accreditation=accreditation,
        line=line,
        replies=queries.list_replies(line.improvement),
        may_verify=may_verify_improvements(Stage(accreditation.stage)),
        form=form,
        **_words(),
    )
    return page if request.method == "GET" else (page, 422)


def _words() -> dict[str, Any]:
    return {
        "states": STATES,
        "reply_labels": REPLY_LABELS,
        "progress_labels": PROGRESS_LABELS,
        "ending_labels": ENDING_LABELS,
        "reading_of": reading_of,
    }


def _stands(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in REPLY_FIELDS} if row is not None else {}


def _reply_page(accreditation: Accreditation, line: ImprovementLine, form: Bound, draft: ReplyDraft | None) -> str:
    return render_template(
        "assessment/improvements/reply.html",
        accreditation=accreditation,
        line=line,
        draft=draft,
        replies=queries.list_replies(line.improvement),
        form=form,
        **_words(),
    )


def _overtaken(accreditation: Accreditation, line: ImprovementLine, form: Bound, theirs: ReplyDraft) -> tuple[str, int]:
    """What was typed stays in the form, what somebody else saved stands above it."""
    form.raw["version"] = str(theirs.version)
    page = render_template(
        "assessment/improvements/reply.html",
        accreditation=accreditation,
        line=line,
        draft=theirs,
        replies=queries.list_replies(line.improvement),
        form=form,
        theirs=theirs,
        **_words(),
    )
    return page, 409
