"""Moderation for programs: what the scorers differ on, and the judgement that is agreed of each requirement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.api.scores import SentScoreSchema
from assessment.models.scores import Moderation, Score
from assessment.queries import moderations as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.disagreements import check_scores_open, find_disagreements, requirement_id_of
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import list_scores
from assessment.rules.judgements import LONGEST_AGAIN, LONGEST_REASON, Reason
from assessment.services import moderations, score_reopenings
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires, viewer
from saas.policy import Permission

operations = Operations("moderations", "Moderation")
MODERATION = f"{CASE}/moderation"
ONE = f"{MODERATION}/requirements/<code>"


class SubmittedScoreSchema(SentScoreSchema):
    """One assessor's submitted judgement."""

    assignment_id = fields.UUID(required=True)
    name = fields.String(required=True)


class ModerationSchema(ApiSchema):
    """The judgement that was agreed of one requirement."""

    requirement_id = fields.UUID(required=True)
    judgement = fields.String(required=True, metadata={"description": "The code of a step of the scale."})
    reason = fields.String(required=True)
    agreed = fields.Boolean(required=True, metadata={"description": "The scorers were of one mind: no words needed."})
    moderated_at = fields.AwareDateTime(required=True)
    moderated_by_name = fields.String(required=True)
    version = fields.Integer(required=True, attribute="number")


class DisagreementSchema(ApiSchema):
    """One requirement with every scorer's judgement, side by side."""

    requirement = fields.String(required=True, metadata={"description": "Its code.", "example": "1.1.1"})
    title = fields.String(required=True)
    reasons = fields.List(
        fields.String(metadata={"enum": [each.value for each in Reason]}),
        required=True,
        metadata={"description": "Why it needs talking over; empty where the scorers agree."},
    )
    awaited = fields.Boolean(required=True, metadata={"description": "It is scored again, and not by everybody yet."})
    scores = fields.List(fields.Nested(SubmittedScoreSchema), required=True)
    moderation = fields.Nested(
        ModerationSchema, required=True, allow_none=True, metadata={"description": "What is agreed; null until then."}
    )
    version = fields.Integer(
        required=True, metadata={"description": "Of the last judgement agreed, void ones too: send it as If-Match."}
    )


class AskedDisagreementsSchema(ApiSchema):
    """Which requirements."""

    all = fields.Boolean(load_default=False, metadata={"description": "Also those on which the scorers agree."})


class ModeratedSchema(ApiSchema):
    """The judgement to be agreed, and why."""

    judgement = fields.String(required=True, validate=validate.Length(1, 100), metadata={"example": "met"})
    reason = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_REASON),
        metadata={"description": "The council reads it in the report.", "example": "The minutes show it."},
    )


class ReasonGivenSchema(ApiSchema):
    """Why."""

    reason = fields.String(required=True, validate=validate.Length(1, LONGEST_AGAIN))


class AgreedAllSchema(ApiSchema):
    """How many judgements stand that did not before."""

    agreed = fields.Integer(required=True)


@operations.get(f"{MODERATION}/disagreements", "listDisagreements", answers=Listed(DisagreementSchema, "requirement"),
                asks=AskedDisagreementsSchema)  # fmt: skip
@requires(Permission.SCORE_MODERATE)
def list_disagreements(accreditation_id: UUID, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List what the scorers differ on. From the beginning of moderation on; before it no score is to be seen."""
    accreditation = get_accreditation(accreditation_id)
    check_scores_open(accreditation, viewer().id)
    framework = get_framework(accreditation.framework_id)
    every = list_scores(accreditation_id)
    reasons = find_disagreements(accreditation, every)
    given: dict[UUID, list[Score]] = {}
    for score in every:
        given.setdefault(score.requirement_id, []).append(score)
    settled, last = queries.list_moderations(accreditation_id), queries.last_numbers(accreditation_id)
    awaited = queries.list_awaited(accreditation_id)
    return [
        {
            "requirement": each.code,
            "title": each.title,
            "reasons": [reason.value for reason in reasons.get(each.code, ())],
            "awaited": framework.ids[each.code] in awaited,
            "scores": given.get(framework.ids[each.code], []),
            "moderation": settled.get(framework.ids[each.code]),
            "version": last.get(framework.ids[each.code], 0),
        }
        for each in framework.tree.requirements_of(accreditation.level)
        if asked["all"] or each.code in reasons
    ]


@operations.post(f"{MODERATION}/begin", "beginModeration")
@requires(Permission.SCORE_MODERATE)
def begin_moderation(accreditation_id: UUID) -> None:
    """Open the scores to the region. Once every scorer has submitted."""
    moderations.begin(get_accreditation(accreditation_id, lock=True), by=actor())


@operations.post(f"{MODERATION}/agree", "agreeJudgements", answers=AgreedAllSchema, status=200)
@requires(Permission.SCORE_MODERATE)
def agree_judgements(accreditation_id: UUID) -> dict[str, int]:
    """Let every judgement stand on which the scorers agree."""
    return {"agreed": moderations.agree_all(get_accreditation(accreditation_id, lock=True), by=actor())}


@operations.put(ONE, "moderateScore", takes=ModeratedSchema, answers=ModerationSchema)
@requires(Permission.SCORE_MODERATE)
def moderate_score(accreditation_id: UUID, code: str, given: dict[str, Any], version: int) -> Moderation:
    """Agree the judgement of one requirement. Earlier ones remain beneath it."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    requirement_id = requirement_id_of(accreditation, code)
    return moderations.moderate(accreditation, requirement_id, **given, version=version, by=actor())


@operations.post(f"{ONE}/again", "scoreAgain", takes=ReasonGivenSchema)
@requires(Permission.SCORE_MODERATE)
def score_again(accreditation_id: UUID, code: str, given: dict[str, Any]) -> None:
    """Open one requirement to be scored again. The scorers read the reason; what was agreed of it is void."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    score_reopenings.reopen(accreditation, requirement_id_of(accreditation, code), **given, by=actor())


@operations.post(f"{ONE}/again/close", "closeScoringAgain")
@requires(Permission.SCORE_MODERATE)
def close_scoring_again(accreditation_id: UUID, code: str) -> None:
    """Wait for no more new scores of one requirement."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    score_reopenings.close(accreditation, requirement_id_of(accreditation, code), by=actor())


@operations.post(f"{MODERATION}/reopen", "reopenModeration", takes=ReasonGivenSchema)
@requires(Permission.SCORE_MODERATE)
def reopen_moderation(accreditation_id: UUID, given: dict[str, Any]) -> None:
    """Open moderation again while the report is written or checked. A decision not yet released is void."""
    moderations.reopen(get_accreditation(accreditation_id, lock=True), **given, by=actor())


@operations.post(f"{MODERATION}/finish", "finishModeration")
@requires(Permission.SCORE_MODERATE)
def finish_moderation(accreditation_id: UUID) -> None:
    """Go on to the report. Every requirement of the level needs its agreed judgement."""
    moderations.finish(get_accreditation(accreditation_id, lock=True), by=actor())
