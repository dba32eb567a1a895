"""The region reads what a council sent, and accepts it or returns it with a reason."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as Answer

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.returned import find_decision_and_words
from assessment.queries.scores import get_sealed_file
from assessment.queries.seal_differences import compare_with_last
from assessment.rules import returning, stages
from assessment.rules.framework_tree import Requirement
from assessment.rules.lateness import words_of as late_words
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from assessment.services import readiness
from saas import files, guard
from saas.errors import Forbidden, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("readiness", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>"
WORDS = {
    "plan": ("Plan", "Approve the plan", "Approved", "The plan is approved. The council can begin to improve."),
    "readiness": ("Submission", "Accept: the council is ready", "Accepted", "Accepted. Put the team together next."),
    "interim": ("Interim return", "", "Accepted", ""),
}
NEEDS = {"plan": Permission.PLAN_APPROVE, "readiness": Permission.READINESS_DECIDE}


class DecisionForm(Schema):
    """What the region decides of a submission."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(["accepted", "returned"]),
        metadata={"label": "Your decision", "required": "Say whether it is accepted or returned."},
    )
    reason = fields.String(
        validate=validate.Length(max=returning.LONGEST_WORDS),
        metadata={
            "label": "Why it is returned, and what is needed",
            "who": "the council and your region",
            "quiet": True,
        },
    )
    comment = fields.String(
        validate=validate.Length(max=returning.LONGEST_WORDS),
        metadata={"label": "A comment on the plan", "who": "the council and your region", "quiet": True},
    )


@blueprint.get(f"{CASE}/submissions/<uuid:submission_id>")
@requires(Permission.CASE_READ)
def decide(accreditation_id: UUID, submission_id: UUID) -> str:
    """What was sent, requirement by requirement, and the decision on it."""
    accreditation, submission = _load(accreditation_id, submission_id)
    return _page(accreditation, submission, Bound.empty(_schema(_requirements(accreditation))))


@blueprint.post(f"{CASE}/submissions/<uuid:submission_id>")
@requires(Permission.READINESS_DECIDE)
def record(accreditation_id: UUID, submission_id: UUID) -> Answer | tuple[str, int]:
    """Record the region's decision."""
    accreditation, submission = _load(accreditation_id, submission_id, lock=True)
    if submission.kind in NEEDS and not guard.may(NEEDS[submission.kind]):
        raise Forbidden
    requirements = _requirements(accreditation)
    form = bind(_schema(requirements), request.form)
    if form.valid:
        given = form.values
        places = {each.code: place for place, each in enumerate(requirements, 1)}
        try:
            decision = readiness.decide(
                accreditation,
                submission,
                outcome=given["outcome"],
                reason=given["comment" if given["outcome"] == "accepted" else "reason"],
                named=[code for code, place in places.items() if given[f"named_{place}"]],
                words={code: given[f"words_{place}"] for code, place in places.items()},
                by=guard.actor(),
            )
        except Invalid as error:
            form.add_errors({_field(name, places): texts for name, texts in error.messages.items()})
        else:
            flash(_done(submission, decision.outcome), "success")
            return redirect(url_for("cases.show", accreditation_id=accreditation_id), 303)
    return _page(accreditation, submission, form), 422


@blueprint.get(f"{CASE}/files/<uuid:file_id>")
@requires(Permission.CASE_READ)
def download_file(accreditation_id: UUID, file_id: UUID) -> Response:
    """One sealed file; ?inline=1 shows it in the browser where its type is safe."""
    file = get_sealed_file(accreditation_id, file_id)
    return files.attachment_response(
        str(file.council_id),
        file.sha256,
        filename=file.filename,
        content_type=file.content_type,
        inline="inline" in request.args,
    )


def _load(accreditation_id: UUID, submission_id: UUID, *, lock: bool = False) -> tuple[Accreditation, Submission]:
    accreditation = get_accreditation(accreditation_id, lock=lock)
    submission = submissions.get_submission(submission_id)
    if submission.accreditation_id != accreditation.id:
        raise NotFound
    return accreditation, submission


def _requirements(accreditation: Accreditation) -> tuple[Requirement, ...]:
    return get_framework(accreditation.framework_id).tree.requirements_of(accreditation.level)


def _schema(requirements: tuple[Requirement, ...]) -> Schema:
    """The decision, with a tick and a text for each requirement by its place in the framework, from 1."""
    wanted: dict[str, fields.Field] = {}
    for place, requirement in enumerate(requirements, 1):
        wanted[f"named_{place}"] = fields.Boolean(metadata={"label": f"{requirement.code} is to be changed"})
        wanted[f"words_{place}"] = fields.String(
            validate=validate.Length(max=returning.LONGEST_WORDS),
            metadata={
                "label": f"About {requirement.code}",
                "subject": f"What you say about {requirement.code}",
                "who": "the council and your region",
                "quiet": True,
            },
        )
    return type("NamingForm", (DecisionForm,), wanted)()


def _field(name: str, places: dict[str, int]) -> str:
    """The service's name of a field as this form has it: `words.1.1.1` is `words_1`."""
    kind, _, code = name.partition(".")
    return f"{kind}_{places[code]}" if code in places else name


def _done(submission: Submission, outcome: str) -> str:
    return WORDS[submission.kind][3] if outcome == "accepted" else "Returned. The council sees your reason."


def _page(accreditation: Accreditation, submission: Submission, form: Bound) -> str:
    framework = get_framework(accreditation.framework_id)
    stage = Stage(accreditation.stage)
    decision, said = find_decision_and_words(submission.id)
    title, accept, accepted, _ = WORDS[submission.kind]
    answers = submissions.list_answers(submission.id)
    return render_template(
        "assessment/readiness/decide.html",
        accreditation=accreditation,
        submission=submission,
        late=late_words(submission.document),
        answers={framework.codes[answer.requirement_id]: answer for answer in answers},
        compared=compare_with_last(submission, accreditation.framework_id, answers),
        said={framework.codes[requirement_id]: words for requirement_id, words in said.items()},
        places={each.code: place for place, each in enumerate(_requirements(accreditation), 1)},
        files={str(file.id): file for file in submissions.list_files(submission.id)},
        href_of=lambda file_id, inline: url_for(
            "readiness.download_file",
            accreditation_id=accreditation.id,
            file_id=file_id,
            inline="1" if inline else None,
        ),
        framework=framework.tree,
        evidence_expected=process_of(accreditation).evidence_expected,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        decision=decision,
        can_decide=decision is None
        and stages.may_decide_sent(submission.kind, stage)
        and guard.may(NEEDS[submission.kind]),
        title=title,
        accept=accept,
        accepted=accepted,
        form=form,
    )
