"""The assessor's screen: the tree, what the council sent, and the score; then all scores are submitted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as Answer

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import ScoreDraft
from assessment.models.submissions import SubmissionAnswer
from assessment.queries import scores as queries
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.scores import Line
from assessment.rules import stages
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from assessment.services import scores
from saas import files, guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("scores", __name__)
SHOWS = {"": "All", "open": "Not scored", "no-evidence": "No evidence"}
SHOWN_IN_PLACE = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain")
WHO = "the region and the other scorers, once all have submitted"
TEXTS = ("reason", "strength", "improvement", "note")


class ScoreForm(Schema):
    """One assessor's judgement of one requirement."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))
    judgement = fields.String(required=True, metadata={"label": "Your judgement", "required": "Choose a judgement."})
    reason = fields.String(
        required=True,
        validate=validate.Length(max=4000),
        metadata={"label": "Reason", "who": WHO, "required": "Give the reason for your judgement."},
    )
    strength = fields.String(validate=validate.Length(max=2000), metadata={"label": "A strength", "who": WHO})
    improvement = fields.String(
        validate=validate.Length(max=2000), metadata={"label": "What could be better", "who": WHO}
    )
    note = fields.String(validate=validate.Length(max=4000), metadata={"label": "Private note", "who": "only you"})
    then = fields.String(validate=validate.OneOf(["stay", "next"]))
    following = fields.String(validate=validate.Length(max=40))


@dataclass(frozen=True, slots=True)
class Opened:
    """The file as this scorer has it open."""

    accreditation: Accreditation
    assignment: Assignment
    framework: PublishedFramework


@blueprint.get("/files/<uuid:file>/")
@requires(Permission.FILE_READ)
def begin() -> Answer:
    """The first requirement without a score, or the last step."""
    opened = _opened()
    if isinstance(opened, Answer):
        return opened
    lines = queries.list_lines(opened.assignment)
    first = next((line for line in lines if line.judgement is None), None)
    if first is None or opened.assignment.submitted_at is not None:
        return redirect(url_for("scores.submit"), 303)
    return redirect(url_for("scores.edit", code=opened.framework.codes[first.requirement_id]), 303)


@blueprint.get("/files/<uuid:file>/requirements/<code>")
@requires(Permission.FILE_READ)
def edit(code: str) -> Answer | str:
    """One requirement: read and score it."""
    opened = _opened()
    if isinstance(opened, Answer):
        return opened
    requirement_id = _id_of(opened.framework, code)
    answer, draft = queries.get_answer(opened.assignment, requirement_id)
    initial = {name: getattr(draft, name) for name in ("version", "judgement", *TEXTS)} if draft else {"version": 0}
    return _page(opened, code, answer, draft, Bound.empty(ScoreForm, initial))


@blueprint.post("/files/<uuid:file>/requirements/<code>")
@requires(Permission.SCORE_GIVE)
def save(code: str) -> Answer | str | tuple[str, int]:
    """Save the score and go on to the next requirement, or stay."""
    form = bind(ScoreForm, request.form)
    if form.valid:
        try:
            return _save(code, form)
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            if not isinstance(error.theirs, ScoreDraft):
                raise
            return _conflict_page(code, form, error.theirs), 409
    opened = _opened()
    if isinstance(opened, Answer):
        return opened
    answer, draft = queries.get_answer(opened.assignment, _id_of(opened.framework, code))
    return _page(opened, code, answer, draft, form), 422


@blueprint.get("/files/<uuid:file>/submit")
@requires(Permission.FILE_READ)
def submit() -> Answer | str:
    """What is missing, or what will happen when all scores are submitted."""
    opened = _opened()
    return opened if isinstance(opened, Answer) else _submit_page(opened)


@blueprint.post("/files/<uuid:file>/submit")
@requires(Permission.SCORE_GIVE)
def send() -> Answer | tuple[str, int]:
    """Submit every score for good."""
    try:
        scores.submit(_file_id(), by=guard.actor())
    except Invalid:
        opened = _opened()
        return opened if isinstance(opened, Answer) else (_submit_page(opened), 422)
    flash("Your scores are submitted. Thank you.", "success")
    return redirect(url_for("scores.submit"), 303)


@blueprint.get("/files/<uuid:file>/papers/<uuid:file_id>")
@requires(Permission.FILE_READ)
def download_file(file_id: UUID) -> Response:
    """One sealed file; ?inline=1 shows it in the browser where its type is safe. 404 until interests are declared."""
    file = queries.get_sealed_file(_file_id(), file_id)
    return files.attachment_response(
        str(file.council_id),
        file.sha256,
        filename=file.filename,
        content_type=file.content_type,
        inline="inline" in request.args,
    )


def _file_id() -> UUID:
    file_id = guard.place().id
    if file_id is None:
        raise NotFound
    return file_id


def _opened() -> Opened | Answer:
    """The open file; the way to the declaration while interests are not declared, or an interest was."""
    try:
        accreditation, assignment = queries.get_file(_file_id(), guard.viewer().id)
    except NotFound:
        if get_own(_file_id(), guard.viewer().id).interest == "none":
            raise
        return redirect(url_for("files.declare"), 303)
    return Opened(accreditation, assignment, get_framework(accreditation.framework_id))


def _id_of(framework: PublishedFramework, code: str) -> UUID:
    if code not in framework.ids:
        raise NotFound
    return framework.ids[code]


def _save(code: str, form: Bound) -> Answer:
    values = dict(form.values)
    then, following = values.pop("then"), values.pop("following")
    scores.save(_file_id(), code, by=guard.actor(), **values)
    show = _show() or None
    if then == "stay":
        return redirect(url_for("scores.edit", code=code, show=show), 303)
    if not following:
        return redirect(url_for("scores.begin"), 303)
    return redirect(url_for("scores.edit", code=following, show=show), 303)


def _show() -> str:
    wanted = request.args.get("show", "")
    return wanted if wanted in SHOWS else ""


def _shown(line: Line, show: str) -> bool:
    return line.judgement is None if show == "open" else line.evidence == 0 if show == "no-evidence" else True


def _page(opened: Opened, code: str, answer: SubmissionAnswer, draft: ScoreDraft | None, form: Bound) -> str:
    framework, assignment, show = opened.framework, opened.assignment, _show()
    lines = queries.list_lines(assignment)
    by_code = {framework.codes[line.requirement_id]: line for line in lines}
    order = [each for each, line in by_code.items() if each == code or _shown(line, show)]
    here = order.index(code)
    rest = order[here + 1 :] + order[:here]
    scoring = assignment.submitted_at is None and stages.may_score(Stage(opened.accreditation.stage))
    ids = [UUID(item["file_id"]) for item in answer.evidence if item.get("file_id")]
    return render_template(
        "assessment/scores/edit.html",
        framework=framework.tree,
        requirement=framework.tree.requirement(code),
        criterion=framework.tree.place_of(code)[0],
        answer=answer,
        draft=draft,
        form=form,
        lines=by_code,
        visible=set(order),
        done=sum(line.judgement is not None for line in lines),
        before=order[here - 1] if here else None,
        following=next((each for each in rest if by_code[each].judgement is None), None),
        after=order[here + 1] if here + 1 < len(order) else None,
        files={str(file_id): file for file_id, file in queries.list_sealed_files(assignment, ids).items()},
        href_of=_href_of,
        frames=SHOWN_IN_PLACE,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        scoring=scoring,
        submitted=assignment.submitted_at,
        others=queries.list_others(assignment, answer.requirement_id) if assignment.submitted_at else [],
        show=show,
        shows=SHOWS,
    )


def _href_of(file_id: UUID, inline: bool) -> str:
    return url_for("scores.download_file", file_id=file_id, inline="1" if inline else None)


def _conflict_page(code: str, form: Bound, theirs: ScoreDraft) -> str:
    accreditation, _ = queries.get_file(_file_id(), guard.viewer().id)
    tree = get_framework(accreditation.framework_id).tree
    labels = {name: form.label(name) for name in TEXTS}
    same = {name: form.typed(name) for name in TEXTS[1:] if form.typed(name) == getattr(theirs, name)}
    return render_template(
        "assessment/scores/conflict.html",
        code=code,
        pairs=[
            {"label": labels[name], "name": name, "mine": form.typed(name), "theirs": getattr(theirs, name)}
            for name in TEXTS
            if name not in same
        ],
        same=same,
        mine=tree.step(form.typed("judgement")) if tree.has_step(form.typed("judgement")) else None,
        saved=tree.step(theirs.judgement) if theirs.judgement else None,
        theirs=theirs,
        by=guard.viewer().name,
    )


def _submit_page(opened: Opened) -> str:
    framework = opened.framework
    by_code = {framework.codes[line.requirement_id]: line for line in queries.list_lines(opened.assignment)}
    wanted = framework.tree.requirements_of(opened.accreditation.level)
    return render_template(
        "assessment/scores/submit.html",
        assignment=opened.assignment,
        missing=[each for each in wanted if each.code not in by_code or by_code[each.code].judgement is None],
        wanted=wanted,
        lines=by_code,
        framework=framework.tree,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        scoring=stages.may_score(Stage(opened.accreditation.stage)),
    )
