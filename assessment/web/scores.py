"""The assessor's screen: score one requirement after the other, find one by number, then submit them all."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.models.scores import ScoreDraft
from assessment.queries import scores as queries
from assessment.rules.scoring import find_code
from assessment.services import scores
from assessment.web import score_pages as pages
from assessment.web.score_forms import ScoreForm, given_by, initial_of, is_empty
from saas import files, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import time_of_day

blueprint = Blueprint("scores", __name__)
PAGE = "/files/<uuid:file>/requirements/<code>"


@blueprint.get("/files/<uuid:file>/")
@requires(Permission.FILE_READ)
def begin() -> Answer:
    """The first requirement without a score, or the last step."""
    there = pages.opened()
    first = next((code for code, line in there.lines().items() if not line.done), None)
    if first is None or there.assignment.submitted_at is not None:
        return redirect(url_for("scores.submit"), 303)
    return redirect(url_for("scores.edit", code=first), 303)


@blueprint.get("/files/<uuid:file>/requirements")
@requires(Permission.FILE_READ)
def list_requirements() -> str:
    """Every requirement, and how far this scorer is with it."""
    return pages.listed(pages.opened())


@blueprint.get("/files/<uuid:file>/go")
@requires(Permission.FILE_READ)
def go() -> Answer:
    """To the requirement with this code, or at this place in the list."""
    there = pages.opened()
    typed = request.args.get("to", "")
    code = find_code(typed, [each.code for each in there.wanted])
    show = pages.shown() or None
    if code is None:
        flash(f"There is no requirement “{typed[:40]}”." if typed.strip() else "Enter a number or a code.", "problem")
        return redirect(url_for("scores.list_requirements", show=show), 303)
    return redirect(url_for("scores.edit", code=code, show=show), 303)


@blueprint.get(PAGE)
@requires(Permission.FILE_READ)
def edit(code: str) -> str:
    """One requirement: read and score it."""
    there = pages.opened()
    answer, draft = queries.get_answer(there.assignment, there.id_of(code))
    return pages.screen(there, code, answer, draft, Bound.empty(ScoreForm, initial_of(draft)))


@blueprint.post(PAGE)
@requires(Permission.SCORE_GIVE)
def save(code: str) -> Answer | str | tuple[str, int]:
    """Save the score and go on to the next requirement, or stay; skipping keeps what is not whole yet."""
    form = bind(ScoreForm, request.form)
    if form.valid:
        try:
            return _saved(code, form)
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            if not isinstance(error.theirs, ScoreDraft):
                raise
            return pages.both_texts(code, form, error.theirs), 409
    there = pages.opened()
    answer, draft = queries.get_answer(there.assignment, there.id_of(code))
    return pages.screen(there, code, answer, draft, form), 422


@blueprint.post(f"{PAGE}/autosave")
@requires(Permission.SCORE_GIVE)
def autosave(code: str) -> Response:
    """Save what is typed while it is typed, whole or not."""
    form = bind(ScoreForm, request.form)
    if not form.valid:
        pages.opened()  # nothing is said of a file that is not open
        return _told(422, "Not saved. " + " ".join(problem.message for problem in form))
    try:
        draft = scores.save(pages.file_id(), code, while_typing=True, by=guard.actor(), **given_by(form))
    except Invalid as error:
        return _told(422, "Not saved. " + " ".join(words for texts in error.messages.values() for words in texts))
    except Conflict as error:
        if isinstance(error.theirs, ScoreDraft):
            return _told(409, "Not saved: this score was saved in another window.", both=True)
        return _told(409, f"Not saved. {error.message}", both=False)
    return jsonify(version=draft.version, words=f"Saved at {time_of_day(draft.updated_at)}")


@blueprint.get("/files/<uuid:file>/submit")
@requires(Permission.FILE_READ)
def submit() -> str:
    """What is missing, or what will happen when all scores are submitted."""
    return pages.submitting(pages.opened())


@blueprint.post("/files/<uuid:file>/submit")
@requires(Permission.SCORE_GIVE)
def send() -> Answer | tuple[str, int]:
    """Submit every score for good."""
    try:
        scores.submit(pages.file_id(), by=guard.actor())
    except Invalid:
        return pages.submitting(pages.opened()), 422
    flash("Your scores are submitted. Thank you.", "success")
    return redirect(url_for("scores.submit"), 303)


@blueprint.get("/files/<uuid:file>/papers/<uuid:file_id>")
@requires(Permission.FILE_READ)
def download_file(file_id: UUID) -> Response:
    """One sealed file; ?inline=1 shows it in the browser where its type is safe. 404 until interests are declared."""
    file = queries.get_sealed_file(pages.file_id(), file_id)
    return files.attachment_response(
        str(file.council_id),
        file.sha256,
        filename=file.filename,
        content_type=file.content_type,
        inline="inline" in request.args,
    )


def _saved(code: str, form: Bound) -> Answer:
    do, following, show = form.values["do"], form.values["following"], pages.shown() or None
    if do != "skip" or not is_empty(form):
        draft = scores.save(pages.file_id(), code, while_typing=do == "skip", by=guard.actor(), **given_by(form))
        kept = "saved" if scores.is_done(draft) else "kept as it is"
        flash(f"{code} {kept} at {time_of_day(draft.updated_at)}.", "success")
    if do not in ("next", "skip", "cannot"):
        return redirect(url_for("scores.edit", code=code, show=show), 303)
    if not following:
        return redirect(url_for("scores.submit"), 303)
    return redirect(url_for("scores.edit", code=following, show=show), 303)


def _told(status: int, words: str, **more: bool) -> Response:
    answer = jsonify(words=words, **more)
    answer.status_code = status
    return answer
