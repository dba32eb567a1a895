"""An assessor's own scores, for programs: saved one by one, then submitted for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.files import FILE, OwnFileSchema
from assessment.api.sealed import SealedAnswerSchema, sealed_answer
from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import ScoreDraft
from assessment.queries import scores as queries
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.score_lines import list_lines
from assessment.rules.scoring import LONGEST_NOTE, LONGEST_REASON, LONGEST_REMARK, Standing, standing
from assessment.services import scores
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("scores", "Scores")
SCORES = f"{FILE}/scores"
ONE = f"{SCORES}/<code>"


class ScoreSchema(ApiSchema):
    """The caller's own judgement of one requirement. Nobody else reads it before every scorer has submitted."""

    requirement = fields.String(required=True, metadata={"description": "Its code.", "example": "1.1.1"})
    title = fields.String(required=True)
    standing = fields.String(required=True, metadata={"enum": [each.value for each in Standing]})
    judgement = fields.String(
        required=True, allow_none=True, metadata={"description": "The code of a step of the framework's scale."}
    )
    cannot_assess = fields.Boolean(required=True)
    reason = fields.String(required=True)
    strength = fields.String(required=True)
    good_practice = fields.Boolean(required=True, metadata={"description": "Others should hear of the strength."})
    improvement = fields.String(required=True)
    mandatory = fields.Boolean(required=True, metadata={"description": "The improvement has to be made."})
    note = fields.String(required=True, metadata={"description": "Stays private to the caller."})
    flagged = fields.Boolean(required=True, metadata={"description": "To be talked over with the other scorers."})
    updated_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata={"description": "0 while there is no score."})


class JudgedSchema(ApiSchema):
    """What a scorer said, as it was submitted."""

    judgement = fields.String(required=True, allow_none=True, metadata={"description": "Null: cannot be assessed."})
    reason = fields.String(required=True)
    strength = fields.String(required=True)
    improvement = fields.String(required=True)
    flagged = fields.Boolean(required=True)


class OtherScoreSchema(JudgedSchema):
    """What another scorer said."""

    name = fields.String(required=True)
    cannot_assess = fields.Boolean(required=True)


class SentScoreSchema(JudgedSchema):
    """What a scorer said, with how much the strength and the improvement weigh, and since when."""

    good_practice = fields.Boolean(required=True)
    mandatory = fields.Boolean(required=True)
    submitted_at = fields.AwareDateTime(required=True)


class WholeScoreSchema(ScoreSchema):
    """The caller's own judgement with what the council sent and, once all have submitted, what the others say."""

    answer = fields.Nested(SealedAnswerSchema, required=True)
    others = fields.List(fields.Nested(OtherScoreSchema), required=True)


class WrittenScoreSchema(ApiSchema):
    """What every score that is sent says but for its reason."""

    judgement = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=100),
        metadata={"description": "The code of a step of the framework's scale.", "example": "met"},
    )
    cannot_assess = fields.Boolean(load_default=False, metadata={"description": "In place of a judgement."})
    strength = fields.String(load_default="", validate=validate.Length(max=LONGEST_REMARK))
    good_practice = fields.Boolean(load_default=False)
    improvement = fields.String(load_default="", validate=validate.Length(max=LONGEST_REMARK))
    mandatory = fields.Boolean(load_default=False)
    flagged = fields.Boolean(load_default=False)


class SavedScoreSchema(WrittenScoreSchema):
    """One assessor's judgement of one requirement."""

    reason = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_REASON), metadata={"example": "Every group takes part."}
    )
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTE))
    unfinished = fields.Boolean(load_default=False, metadata={"description": "Keep it though it is not whole yet."})


@operations.get(SCORES, "listScores", answers=Listed(ScoreSchema, "requirement"))
@requires(Permission.FILE_READ)
def list_scores() -> list[dict[str, Any]]:
    """List the caller's own scores. One for each requirement that was sent, in the order of the framework."""
    _, assignment, framework = _opened()
    drafts = queries.list_drafts(assignment)
    lines = [each.requirement_id for each in list_lines(assignment)]
    return [_told(framework, requirement_id, drafts.get(requirement_id)) for requirement_id in lines]


@operations.get(ONE, "getScore", answers=WholeScoreSchema)
@requires(Permission.FILE_READ)
def get_score(code: str) -> dict[str, Any]:
    """Read one score. With what the council sent about the requirement."""
    _, assignment, framework = _opened()
    if code not in framework.ids:
        raise NotFound
    answer, draft = queries.get_answer(assignment, framework.ids[code])
    others = queries.list_others(assignment, answer.requirement_id) if assignment.submitted_at else []
    more = {"answer": sealed_answer(framework, answer), "others": others}
    return _told(framework, answer.requirement_id, draft) | more


@operations.put(ONE, "saveScore", takes=SavedScoreSchema, answers=ScoreSchema)
@requires(Permission.SCORE_GIVE)
def save_score(code: str, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save one score. Whole: what is not named is empty. Nobody else reads it until every scorer has submitted."""
    unfinished = given.pop("unfinished")
    draft = scores.save(place_id(), code, **given, version=version, while_typing=unfinished, by=actor())
    _, _, framework = _opened()
    return _told(framework, draft.requirement_id, draft)


@operations.post(f"{SCORES}/submission", "submitScores", answers=OwnFileSchema, status=200)
@requires(Permission.SCORE_GIVE)
def submit_scores() -> Assignment:
    """Submit every score. For good; each requirement needs a judgement and its reason, or why it has none."""
    return scores.submit(place_id(), by=actor())


def _opened() -> tuple[Accreditation, Assignment, PublishedFramework]:
    accreditation, assignment = queries.get_file(place_id(), viewer().id)
    return accreditation, assignment, get_framework(accreditation.framework_id)


def _told(framework: PublishedFramework, requirement_id: UUID, draft: ScoreDraft | None) -> dict[str, Any]:
    requirement = framework.requirement(requirement_id)
    named = {"requirement": requirement.code, "title": requirement.title}
    if draft is None:
        return named | {
            "standing": Standing.NOT_SCORED.value, "judgement": None, "cannot_assess": False, "reason": "",
            "strength": "", "good_practice": False, "improvement": "", "mandatory": False, "note": "",
            "flagged": False, "updated_at": None, "version": 0,
        }  # fmt: skip
    typed = draft.strength + draft.improvement + draft.note
    stands = standing(draft.judgement, draft.reason, draft.cannot_assess, typed)
    wanted = [name for name in ScoreSchema().fields if name not in ("requirement", "title", "standing")]
    return named | {"standing": stands.value} | {name: getattr(draft, name) for name in wanted}
