"""Scoring again, for programs: why a requirement was opened again, what was said, and the new score."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from assessment.api.scores import ONE, OtherScoreSchema, SentScoreSchema, WrittenScoreSchema
from assessment.models.scores import Score
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import get_file, list_others
from assessment.queries.scores_again import find_reopening, list_given
from assessment.rules import stages
from assessment.rules.scoring import LONGEST_REASON
from assessment.rules.stages import Stage
from assessment.services import score_reopenings
from saas.api import ApiSchema, Operations
from saas.errors import NotFound
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("scores_again", "Scores")
AGAIN = f"{ONE}/again"


class GivenScoreSchema(SentScoreSchema):
    """One score that the caller has sent; earlier ones stay beneath."""

    cannot_assess = fields.Boolean(required=True)
    version = fields.Integer(required=True, attribute="number")


class ScoringAgainSchema(ApiSchema):
    """What stands of one requirement after the scores were submitted."""

    requirement = fields.String(required=True, metadata={"example": "1.1.1"})
    title = fields.String(required=True)
    open = fields.Boolean(required=True, metadata={"description": "Whether it can be scored again now."})
    reason = fields.String(required=True, metadata={"description": "Why it was opened; empty where it is not."})
    given = fields.List(fields.Nested(GivenScoreSchema), required=True)
    others = fields.List(fields.Nested(OtherScoreSchema), required=True)
    version = fields.Integer(required=True, metadata={"description": "The number of the caller's last score."})


class NewScoreSchema(WrittenScoreSchema):
    """A new score, whole."""

    reason = fields.String(
        required=True, validate=validate.Length(1, LONGEST_REASON), metadata={"example": "Page 9 shows it."}
    )


@operations.get(AGAIN, "getScoringAgain", answers=ScoringAgainSchema)
@requires(Permission.FILE_READ)
def get_scoring_again(code: str) -> dict[str, Any]:
    """Read why a requirement is open again. With every score of the caller, and what the others said last."""
    accreditation, assignment = get_file(place_id(), viewer().id)
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids or assignment.submitted_at is None:
        raise NotFound
    requirement_id = framework.ids[code]
    reopening, given = find_reopening(accreditation.id, requirement_id), list_given(assignment, requirement_id)
    return {
        "requirement": code,
        "title": framework.tree.requirement(code).title,
        "open": reopening is not None and stages.may_moderate(Stage(accreditation.stage)),
        "reason": reopening.reason if reopening else "",
        "given": given,
        "others": list_others(assignment, requirement_id),
        "version": given[-1].number if given else 0,
    }


@operations.put(AGAIN, "saveNewScore", takes=NewScoreSchema, answers=GivenScoreSchema)
@requires(Permission.SCORE_GIVE)
def save_new_score(code: str, given: dict[str, Any], version: int) -> Score:
    """Score a requirement again. While it is open; the earlier score stays beneath the new one."""
    return score_reopenings.score_again(place_id(), code, **given, version=version, by=actor())
