"""The council's interim return: where it stands, what will be sent, and the region's letter after it."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import list_improvements
from assessment.queries.submissions import find_latest_request
from assessment.rules import interim as rules
from assessment.rules.interim import LABELS, WHOLE
from assessment.rules.lateness import days_late
from assessment.services import interim
from assessment.services.interim_letters import letter
from assessment.services.submissions import Incomplete
from saas import clock
from saas.downloads import PDF, file_response
from saas.errors import Conflict
from saas.forms import bind
from saas.guard import actor, requires
from saas.policy import Permission
from saas.progress import look
from saas.templating import filesize, plural

blueprint = Blueprint("interim", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>/interim"


class SendForm(Schema):
    """What stood on the page that was checked: `number:hash` for each part of the return."""

    checked = fields.String(validate=validate.Length(max=20_000))


@blueprint.get(HOME)
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """Where the interim review stands: what is written, what is missing, and the way to send it."""
    accreditation = get_accreditation(accreditation_id)
    standing = queries.find_standing(accreditation)
    asked = find_latest_request(accreditation_id, "interim") if standing.is_sealing else None
    if asked is not None:
        done, total, words = _how_far(asked.id)
        return render_template(
            "assessment/interim/sealing.html",
            accreditation=accreditation,
            asked=asked,
            so_far=(done, total, words),
        )
    return _overview(accreditation, standing)


@blueprint.post(HOME)
@requires(Permission.SUBMISSION_SEAL)
def send(accreditation_id: UUID) -> BaseResponse | tuple[str, int]:
    """Ask for the seal of what was checked; of anything else, show the check again and say what changed."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(SendForm, request.form)
    try:
        interim.request_seal(accreditation, checked=_checked(form.typed("checked")), by=actor())
    except Incomplete as error:
        return _overview(accreditation, queries.find_standing(accreditation), error.message), 409
    except interim.Unchecked as error:
        return _check_page(accreditation, error.message), 409
    return redirect(url_for("interim.show", accreditation_id=accreditation_id), code=303)


@blueprint.get(HOME + "/check")
@requires(Permission.SUBMISSION_SEAL)
def check(accreditation_id: UUID) -> BaseResponse | str:
    """What will be sent, before it is; back to the overview while something is missing."""
    accreditation = get_accreditation(accreditation_id)
    refusal = interim.why_not(accreditation, queries.find_standing(accreditation))
    if refusal:
        raise Conflict(refusal)
    if interim.look_over(accreditation):
        return redirect(url_for("interim.show", accreditation_id=accreditation_id), code=303)
    return _check_page(accreditation)


@blueprint.get(HOME + "/progress")
@requires(Permission.ACCREDITATION_READ)
def progress(accreditation_id: UUID) -> Response:
    """How far the seal is, for the page that waits for it."""
    asked = find_latest_request(get_accreditation(accreditation_id).id, "interim")
    finished = asked is None or asked.done_at is not None or asked.failed_at is not None
    done, total, words = (1, 1, "This is done.") if asked is None or finished else _how_far(asked.id)
    here = url_for("interim.show", accreditation_id=accreditation_id)
    return jsonify(done=done, total=total, words=words, finished=finished, href=here)


@blueprint.get(HOME + "/letter.pdf")
@requires(Permission.ACCREDITATION_READ)
def download_letter(accreditation_id: UUID) -> Response:
    """The region's letter after the review, to be printed and kept."""
    return file_response(letter(get_accreditation(accreditation_id)), "interim-review.pdf", PDF)


def _check_page(accreditation: Accreditation, refusal: str = "") -> str:
    drafts = queries.list_drafts(accreditation)
    improvements = list_improvements(accreditation.id)
    lines = queries.lines_of(improvements, drafts, queries.list_cited(drafts))
    return render_template(
        "assessment/interim/check.html",
        accreditation=accreditation,
        entries=[(each.improvement, line) for each, line in zip(improvements, lines, strict=True)],
        whole=queries.words_of(drafts),
        checked=" ".join(f"{number}:{said}" for number, said in interim.fingerprints(accreditation).items()),
        labels=LABELS,
        refusal=refusal,
    )


def _checked(typed: str) -> dict[int, str]:
    """The fingerprints as the check page carries them; what is no such pair is left out."""
    pairs = (each.partition(":") for each in typed.split())
    return {int(number): said for number, _, said in pairs if re.fullmatch("[0-9]{1,6}", number) and said}


def _overview(accreditation: Accreditation, standing: queries.Standing, refusal: str = "") -> str:
    drafts = queries.list_drafts(accreditation)
    improvements = list_improvements(accreditation.id)
    cited = queries.list_cited(drafts)
    lines = {line.number: line for line in queries.lines_of(improvements, drafts, cited)}
    problems = rules.problems_of(list(lines.values()), queries.words_of(drafts))
    asked = find_latest_request(accreditation.id, "interim")
    due_on = standing.award.interim_due_on if standing.award else None
    closed = interim.why_not(accreditation, standing)
    return render_template(
        "assessment/interim/show.html",
        accreditation=accreditation,
        standing=standing,
        closed=closed,
        improvements=improvements,
        lines=lines,
        whole=drafts.get(WHOLE),
        problems=problems,
        whole_optional=not closed and not rules.is_whole_asked(list(lines.values())),
        failure=asked.failure if asked is not None and asked.failed_at is not None and not refusal else "",
        late=days_late(clock.today(), due_on),
        due_on=due_on,
        labels=LABELS,
        refusal=refusal,
    )


def _how_far(request_id: UUID) -> tuple[int, int, str]:
    known = look(f"seal:{request_id}")
    if known is None or not known["of_files"]:
        return 0, 0, "Being sealed: every file is read and checked."
    count = f"{known['files']} of {plural(known['of_files'], 'file')} read"
    words = f"{count}, {filesize(known['bytes'])} of {filesize(known['of_bytes'])}."
    return known["bytes"], known["of_bytes"], words
