"""An assessor's files: which are assigned, what is next in each, and the declaration that opens one."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.assignments import Assignment
from assessment.queries import assignments as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assessors import list_own_councils
from assessment.queries.scores_again import OwnFile, list_own_files
from assessment.rules import file_queue
from assessment.rules.conflicts import LONGEST_WORDS
from assessment.rules.stages import DECIDED, Stage
from assessment.services import interests
from saas import clock, guard
from saas.errors import Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires, signed_in
from saas.policy import Permission

blueprint = Blueprint("files", __name__)


class InterestForm(Schema):
    """Whether an assessor has an interest in the council."""

    interest = fields.String(
        required=True,
        validate=validate.OneOf(["none", "conflict", "cannot"]),
        metadata={
            "label": "Do you have an interest, and can you take part?",
            "required": "Say whether you have an interest, or that you cannot take part.",
        },
    )
    words = fields.String(
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={"label": "What the interest is", "who": "the region only", "quiet": True},
    )
    reason = fields.String(
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={"label": "Why you cannot take part", "who": "the region only"},
    )


class ChangeForm(Schema):
    """What has changed since an assessor declared that there is no interest."""

    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={
            "label": "What has changed",
            "who": "the region only",
            "required": "Say what has changed, in a sentence.",
        },
    )


@blueprint.get("/files")
@signed_in("an assessor's own assignments, by the rows of the person", strong=True)
def list_files() -> str:
    """Every file assigned to the viewer, with what is next."""
    rows = queries.list_own(guard.viewer().id)
    regions = {place.id: place.slug for place in guard.viewer().places if place.kind == "region"}
    own, today = list_own_files(), clock.today()
    known = [(row, _facts(row, own.get(row.accreditation_id))) for row in rows if not _is_finished(row, today)]
    queue = sorted(known, key=lambda each: file_queue.order_of(each[1], today))
    return render_template(
        "assessment/files/list.html",
        open_rows=[(row, file_queue.next_in(facts), file_queue.dates_of(facts, today), facts) for row, facts in queue],
        closed_rows=[row for row in rows if _is_finished(row, today)],
        regions=regions,
    )


def _is_finished(row: Assignment, today: date) -> bool:
    """Whether nothing of the file is open to its assessor any more, or ever was."""
    return row.closed_at is not None or row.interest == "conflict" or (row.closes_on or today) < today


@blueprint.get("/files/<uuid:file>/interests")
@requires(Permission.INTEREST_DECLARE)
def declare() -> str:
    """What an interest is, and the question."""
    return _page(_own(), Bound.empty(InterestForm))


@blueprint.post("/files/<uuid:file>/interests")
@requires(Permission.INTEREST_DECLARE)
def record() -> Response | tuple[str, int]:
    """Record the declaration; "none" opens the file, who cannot take part leaves the team."""
    assignment = _own(lock=True)
    form = bind(InterestForm, request.form)
    if form.valid and form.values["interest"] == "cannot":
        interests.decline(assignment, words=form.values["reason"], by=guard.actor())
        flash("Thank you for saying so. You have left this team, and the region has been told.", "success")
        return redirect(url_for("files.list_files"), 303)
    if form.valid:
        given = {name: form.values[name] for name in ("interest", "words")}
        try:
            interests.declare(assignment, by=guard.actor(), **given)
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            if assignment.interest == "none":
                return redirect(url_for("scores.begin"), 303)
            flash("Thank you. The region has been told and will ask somebody else.", "success")
            return redirect(url_for("files.list_files"), 303)
    return _page(assignment, form), 422


@blueprint.get("/files/<uuid:file>/interests/changed")
@requires(Permission.INTEREST_DECLARE)
def changed() -> Response | str:
    """What happens when a conflict is declared that was not known at first."""
    assignment = _own()
    if assignment.interest != "none":
        return redirect(url_for("files.declare"), 303)
    return _changed_page(assignment, Bound.empty(ChangeForm))


@blueprint.post("/files/<uuid:file>/interests/changed")
@requires(Permission.INTEREST_DECLARE)
def declare_late() -> Response | tuple[str, int]:
    """Declare a conflict late: the file closes to the viewer at once."""
    assignment = _own(lock=True)
    form = bind(ChangeForm, request.form)
    if form.valid:
        try:
            interests.declare_late(assignment, words=form.values["words"], by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            left = "You have left this team" if assignment.withdrawn_at else "The file is closed to you"
            flash(f"Thank you. {left}, and the region has been told.", "success")
            return redirect(url_for("files.list_files"), 303)
    return _changed_page(assignment, form), 422


def _own(*, lock: bool = False) -> Assignment:
    file_id = guard.place().id
    if file_id is None:
        raise NotFound
    return queries.get_own(file_id, guard.viewer().id, lock=lock)


def _page(assignment: Assignment, form: Bound) -> str:
    # Nothing else of the file opens without a declaration of no interest, so nothing else is offered.
    menu = {} if assignment.interest == "none" else {"navigation": [("My files", "files.list_files")]}
    return render_template(
        "assessment/files/declare.html",
        **menu,
        assignment=assignment,
        councils=list_own_councils(assignment.user_id, assignment.region_id),
        form=form,
    )


def _changed_page(assignment: Assignment, form: Bound) -> str:
    decided = Stage(get_accreditation(assignment.accreditation_id).stage) in DECIDED
    return render_template("assessment/files/changed.html", assignment=assignment, decided=decided, form=form)


def _facts(row: Assignment, own: OwnFile | None) -> file_queue.FileFacts:
    """What the queue knows of one assignment; more than that it is assigned only of a file that is open."""
    return file_queue.FileFacts(
        leads=row.duty == "lead",
        declared=row.declared_at is not None,
        conflict=row.interest == "conflict",
        submitted=row.submitted_at is not None,
        scored=row.scored,
        to_score=row.to_score,
        stage=Stage(own.stage) if own else None,
        visit_on=own.visit_on if own else None,
        question_due_on=own.question_due_on if own else None,
        closes_on=row.closes_on,
        again=own.again if own else (),
    )
