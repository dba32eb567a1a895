"""The region reads an interim return, verifies improvement by improvement and writes its letter, or asks again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import ImprovementLine, list_improvements
from assessment.queries.submissions import find_decision, get_submission
from assessment.rules.improvements import ENDING_LABELS
from assessment.rules.interim import letter_of
from assessment.rules.lateness import words_of as late_words
from assessment.services import interim_reviews
from assessment.services.interim_letters import letter
from assessment.services.interim_reviews import LONGEST_LETTER, LONGEST_REASON, OPEN
from saas.downloads import PDF, file_response
from saas.errors import Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, may, requires
from saas.policy import Permission

blueprint = Blueprint("interim_reviews", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>"
PAGE = CASE + "/interim/<uuid:submission_id>"


class LetterForm(Schema):
    """The letter; with it, for each open improvement, where it stands."""

    letter = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_LETTER),
        metadata={
            "label": "The letter to the council",
            "subject": "The letter",
            "required": "Write the letter to the council.",
            "who": "the council and your region",
        },
    )


class AgainForm(Schema):
    """Why the return is asked for once more."""

    reason = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "label": "What is needed",
            "subject": "What is needed",
            "required": "Say what is needed.",
            "who": "the council and your region",
        },
    )


@blueprint.get(PAGE)
@requires(Permission.CASE_READ)
def show(accreditation_id: UUID, submission_id: UUID) -> str:
    """What the council sent, and the review of it."""
    accreditation, submission = _load(accreditation_id, submission_id)
    lines = list_improvements(accreditation_id)
    waiting = [line for line in lines if not line.is_closed]
    done = [line.improvement.number for line in waiting if _claims(line)]
    still_open = [line.improvement.number for line in waiting if not _claims(line)]
    document = submission.document
    began: dict[str, Any] = {
        "letter": letter_of(accreditation.council_name, document["level"]["title"], done, still_open)
    }
    began |= {f"ending_{line.improvement.number}": "verified" if _claims(line) else OPEN for line in waiting}
    return _page(accreditation, submission, lines, Bound.empty(_schema(waiting), began))


@blueprint.post(PAGE)
@requires(Permission.IMPROVEMENT_VERIFY)
def review(accreditation_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """Close the review: where each improvement stands, and the letter."""
    accreditation, submission = _load(accreditation_id, submission_id, lock=True)
    lines = list_improvements(accreditation_id)
    waiting = [line for line in lines if not line.is_closed]
    form = bind(_schema(waiting), request.form)
    if form.valid:
        given = form.values
        endings = {line.improvement.number: given[f"ending_{line.improvement.number}"] for line in waiting}
        try:
            interim_reviews.review(accreditation_id, submission_id, endings=endings, letter=given["letter"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("The interim review is made. The council reads your letter.", "success")
            return redirect(url_for("cases.show", accreditation_id=accreditation_id), code=303)
    return _page(accreditation, submission, lines, form), 422


@blueprint.route(PAGE + "/return", methods=["GET", "POST"])
@requires(Permission.IMPROVEMENT_VERIFY)
def ask_again(accreditation_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """Return it to the council, saying what is needed."""
    accreditation, submission = _load(accreditation_id, submission_id, lock=request.method == "POST")
    form = Bound.empty(AgainForm) if request.method == "GET" else bind(AgainForm, request.form)
    if request.method == "POST" and form.valid:
        try:
            interim_reviews.ask_again(accreditation_id, submission_id, reason=form.values["reason"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("Returned. The council sees what is needed.", "success")
            return redirect(url_for("cases.show", accreditation_id=accreditation_id), code=303)
    page = render_template(
        "assessment/interim/return.html", accreditation=accreditation, submission=submission, form=form
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get(CASE + "/interim-letter.pdf")
@requires(Permission.CASE_READ)
def download_letter(accreditation_id: UUID) -> Response:
    """The letter, to be printed and kept."""
    return file_response(letter(get_accreditation(accreditation_id)), "interim-review.pdf", PDF)


def _load(accreditation_id: UUID, submission_id: UUID, *, lock: bool = False) -> tuple[Accreditation, Submission]:
    accreditation = get_accreditation(accreditation_id, lock=lock)
    submission = get_submission(submission_id)
    if submission.accreditation_id != accreditation.id or submission.kind != "interim":
        raise NotFound
    return accreditation, submission


def _claims(line: ImprovementLine) -> bool:
    return line.progress is not None and line.progress.state == "claimed_complete"


def _schema(waiting: list[ImprovementLine]) -> Schema:
    wanted: dict[str, fields.Field] = {
        f"ending_{line.improvement.number}": fields.String(
            required=True,
            validate=validate.OneOf([OPEN, *ENDING_LABELS]),
            metadata={
                "label": f"Where improvement {line.improvement.number} stands",
                "required": f"Say where improvement {line.improvement.number} stands.",
            },
        )
        for line in waiting
    }
    return type("ReviewForm", (LetterForm,), wanted)()


def _page(accreditation: Accreditation, submission: Submission, lines: list[ImprovementLine], form: Bound) -> str:
    decision = find_decision(submission.id)
    return render_template(
        "assessment/interim/review.html",
        accreditation=accreditation,
        submission=submission,
        document=submission.document,
        late=late_words(submission.document),
        decision=decision,
        review=queries.find_review(accreditation.id) if decision and decision.outcome == "accepted" else None,
        waiting={line.improvement.number: _claims(line) for line in lines if not line.is_closed},
        reviewable=decision is None and may(Permission.IMPROVEMENT_VERIFY),
        ending_labels=ENDING_LABELS,
        form=form,
    )
