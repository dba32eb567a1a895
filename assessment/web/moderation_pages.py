"""What the pages of moderation show: the scores side by side, one requirement with its trail, and two texts at once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Moderation, Score
from assessment.queries import moderations as queries
from assessment.queries.accreditations import process_of
from assessment.queries.assignments import list_team
from assessment.queries.disagreements import check_scores_open, find_disagreements, requirement_id_of
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import list_scores
from assessment.queries.submissions import get_submission, list_answers
from assessment.rules import judgements, stages
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from saas import guard
from saas.forms import Bound


class ModerationForm(Schema):
    """The judgement that was agreed, and why; `version` is the number of the last one that was read."""

    version = fields.Integer(validate=validate.Range(min=0))
    judgement = fields.String(
        required=True, metadata={"label": "The agreed judgement", "required": "Choose the judgement that was agreed."}
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=judgements.LONGEST_REASON),
        metadata={
            "label": "The reason that was agreed",
            "hint": "Write it so that the report can use it.",
            "who": "your region; the council reads it in the report",
            "required": "Give the reason that was agreed.",
        },
    )


class AgainForm(Schema):
    """Why a requirement is to be scored again."""

    again_reason = fields.String(
        required=True,
        validate=validate.Length(max=judgements.LONGEST_AGAIN),
        metadata={
            "label": "Why it is to be scored again",
            "subject": "Your reason",
            "who": "your region and the scorers",
            "required": "Say why it is to be scored again. The scorers read it.",
        },
    )


def side_by_side(accreditation: Accreditation) -> Mapping[str, object]:
    """What differs and what is alike, what is settled, and what waits for new scores."""
    framework = get_framework(accreditation.framework_id)
    codes = framework.codes
    scores = list_scores(accreditation.id)
    differing = find_disagreements(accreditation, scores)
    settled = {codes[key]: row for key, row in queries.list_moderations(accreditation.id).items()}
    reopenings = queries.list_reopenings(accreditation.id)
    awaited = {codes[key]: each for key, each in reopenings.items() if each.awaited}
    wanted = framework.tree.requirements_of(accreditation.level)
    steps: dict[str, dict[UUID, Score]] = {}
    for score in scores:
        steps.setdefault(codes[score.requirement_id], {})[score.assignment_id] = score
    return {
        "framework": framework.tree,
        "shapes": {step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        "steps": steps,
        "settled": settled,
        "awaited": awaited,
        "reopened": {codes[key] for key in reopenings},
        "differing": [each for each in wanted if each.code in differing],
        "reasons": {code: [judgements.WORDS[reason] for reason in found] for code, found in differing.items()},
        "alike": [each for each in wanted if each.code not in differing],
        "to_agree": [
            each
            for each in wanted
            if each.code not in differing and each.code not in settled and each.code not in awaited
        ],
        "open": [each.code for each in wanted if each.code not in settled],
        "total": len(wanted),
        "threshold": process_of(accreditation).disagreement_threshold,
        "reopenable": stages.may(Stage(accreditation.stage), stages.Verb.MODERATE_AGAIN),
    }


def requirement_page(accreditation: Accreditation, code: str, form: Bound, again: Bound | None = None) -> str:
    """One requirement. again: the form that was sent to open it to be scored again, where it was that one.

    Raises Forbidden for whoever has access in the council, NotFound before moderation.
    """
    check_scores_open(accreditation, guard.viewer().id)
    framework = get_framework(accreditation.framework_id)
    requirement_id = requirement_id_of(accreditation, code)
    everything = list_scores(accreditation.id)
    scores = [each for each in everything if each.requirement_id == requirement_id]
    team = list_team(accreditation.id)
    submission = get_submission(team[0].submission_id) if team else None
    answers = list_answers(submission.id) if submission else []
    reasons = find_disagreements(accreditation, everything).get(code, ())
    return render_template(
        "assessment/moderations/edit.html",
        accreditation=accreditation,
        requirement=framework.tree.requirement(code),
        framework=framework.tree,
        shapes={step.code: shape_of(framework.tree, step) for step in framework.tree.scale},
        scores=scores,
        reasons=[judgements.WORDS[reason] for reason in reasons],
        submission=submission,
        answer=next((each for each in answers if each.requirement_id == requirement_id), None),
        settled=queries.list_moderations(accreditation.id).get(requirement_id),
        trail=queries.list_trail(accreditation.id, requirement_id),
        reopened=queries.list_reopenings(accreditation.id).get(requirement_id),
        moderating=stages.may_moderate(Stage(accreditation.stage)),
        form=form if again is None else again,
        judging=form,
        again=again or Bound.empty(AgainForm),
    )


def conflict_page(accreditation: Accreditation, code: str, form: Bound, theirs: Moderation) -> str:
    """Both texts, when somebody else agreed a judgement first."""
    tree = get_framework(accreditation.framework_id).tree
    typed, reason = form.typed("judgement"), form.typed("reason")
    return render_template(
        "assessment/moderations/conflict.html",
        accreditation=accreditation,
        code=code,
        mine=tree.step(typed) if tree.has_step(typed) else None,
        saved=tree.step(theirs.judgement),
        theirs=theirs,
        pairs=[{"label": form.label("reason"), "name": "reason", "mine": reason, "theirs": theirs.reason}],
    )
