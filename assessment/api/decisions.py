"""Decisions for programs: what the award rule proposes, what is decided, and the release to the council."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import ValidationError, fields, validate

from assessment.api.cases import CASE
from assessment.models.awards import OUTCOMES as RECORDED
from assessment.models.awards import Decision
from assessment.models.releases import Release
from assessment.queries.accreditations import get_accreditation
from assessment.queries.decisions import find_decision
from assessment.queries.releases import get_release as find_release
from assessment.queries.releases import list_decided, list_lines
from assessment.rules import outcomes, stages
from assessment.rules.stages import Stage
from assessment.services import decisions, releases
from saas import clock
from saas.api import ApiSchema, Given, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("decisions", "Decisions and releases")
DECISION = f"{CASE}/decision"
RELEASES = "/regions/<region>/releases"
OUTCOMES = tuple(outcomes.LABELS)
TEXT = validate.Length(max=outcomes.LONGEST_TEXT)
FURTHEST = timedelta(days=2 * 366)


def _is_near(moment: datetime) -> None:
    """Raises ValidationError for an instant that nobody waits for."""
    if not clock.now() - FURTHEST < moment < clock.now() + FURTHEST:
        raise ValidationError("A release is set for a time within two years.")


class RuleLineSchema(ApiSchema):
    """One line of the award rule."""

    text = fields.String(required=True)
    holds = fields.Boolean(required=True)


class DecisionSchema(ApiSchema):
    """What was decided. The council reads of it when it is released, and never the reason."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    number = fields.Integer(required=True, metadata={"description": "2 and more where it was decided again."})
    outcome = fields.Function(
        lambda decision: outcomes.outcome_of(decision.outcome, decision.conditions),
        required=True,
        metadata={"type": "string", "enum": list(OUTCOMES)},
    )
    proposed = fields.String(required=True, metadata={"enum": list(RECORDED), "description": "By the award rule."})
    rule_lines = fields.List(fields.Nested(RuleLineSchema), required=True)
    conditions = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "Why otherwise than proposed; stays here."})
    words = fields.String(required=True, metadata={"description": "What the council reads about the outcome."})
    decided_at = fields.AwareDateTime(required=True)
    decided_by_name = fields.String(required=True)


class ToDecideSchema(ApiSchema):
    """What the award rule says, and what was decided."""

    refusal = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the caller may not decide; null who may."}
    )
    proposed = fields.String(required=True, allow_none=True, metadata={"enum": [*RECORDED, None]})
    rule_lines = fields.List(fields.Nested(RuleLineSchema), required=True)
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True)


class DecidedSchema(ApiSchema):
    """What is decided, and why."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES), metadata={"example": "awarded"})
    conditions = fields.String(load_default="", validate=TEXT, metadata={"description": "Of an award with some."})
    reason = fields.String(
        load_default="",
        validate=TEXT,
        metadata={"description": "Needed where it is otherwise than proposed. The council does not read it."},
    )
    words = fields.String(
        load_default="",
        validate=TEXT,
        metadata={"description": "What the council reads: needed where it is not yet, or otherwise than proposed."},
    )


class UnreleasedSchema(ApiSchema):
    """A decided outcome that its council does not know yet."""

    accreditation_id = fields.UUID(required=True, attribute="accreditation.id")
    council = fields.String(required=True, attribute="accreditation.council_name")
    level_title = fields.String(required=True)
    decision = fields.Nested(DecisionSchema, required=True)
    report_version = fields.Integer(required=True, attribute="draft_version")
    release_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        attribute="standing.release_at",
        dump_default=None,
        metadata={"description": "When it is set to go out."},
    )


class ChosenSchema(ApiSchema):
    """An outcome to be released, with the report as it was seen."""

    accreditation_id = fields.UUID(required=True)
    report_version = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))


class ToReleaseSchema(ApiSchema):
    """Which outcomes go out together, and when."""

    outcomes = fields.List(fields.Nested(ChosenSchema), required=True, validate=validate.Length(1, 200))
    release_at = fields.AwareDateTime(
        load_default=None, allow_none=True, validate=_is_near, metadata={"description": "Without it, at once."}
    )


class ReleasedOutcomeSchema(ApiSchema):
    """One outcome of a release."""

    accreditation_id = fields.UUID(required=True, attribute="item.accreditation_id")
    council = fields.String(required=True, attribute="council_name")
    released_at = fields.AwareDateTime(required=True, allow_none=True, attribute="item.released_at")
    failure = fields.String(
        required=True, attribute="item.failure", metadata={"description": "Why it stayed back; empty while it did not."}
    )


class ReleaseSchema(ApiSchema):
    """A time at which outcomes go out, and what became of each."""

    id = fields.UUID(required=True, attribute="release.id")
    release_at = fields.AwareDateTime(required=True, attribute="release.release_at")
    set_at = fields.AwareDateTime(required=True, attribute="release.set_at")
    set_by_name = fields.String(required=True, attribute="release.set_by_name")
    called_off_at = fields.AwareDateTime(required=True, allow_none=True, attribute="release.called_off_at")
    done_at = fields.AwareDateTime(required=True, allow_none=True, attribute="release.done_at")
    outcomes = fields.List(fields.Nested(ReleasedOutcomeSchema), required=True)


@operations.get(DECISION, "getDecision", answers=ToDecideSchema)
@requires(Permission.OUTCOME_DECIDE)
def get_decision(accreditation_id: UUID) -> dict[str, Any]:
    """Read what the award rule proposes. And what was decided, once it is."""
    accreditation = get_accreditation(accreditation_id)
    decided, refusal = find_decision(accreditation_id), decisions.why_not(accreditation, viewer().id)
    open_now = stages.may_decide(Stage(accreditation.stage)) and decided is None and refusal is None
    proposal = decisions.propose(accreditation) if open_now else None
    proposed = decided.proposed if decided else proposal.outcome.value if proposal else None
    lines: Sequence[Any] = decided.rule_lines if decided else decisions.lines_of(proposal) if proposal else []
    return {"refusal": refusal, "proposed": proposed, "rule_lines": lines, "decision": decided}


@operations.post(DECISION, "decideAccreditation", takes=DecidedSchema, answers=DecisionSchema)
@requires(Permission.OUTCOME_DECIDE)
def decide_accreditation(accreditation_id: UUID, given: dict[str, Any]) -> Decision:
    """Decide whether the award is made. Once, by somebody who neither led nor scored; the council learns of it when it
    is released.
    """
    chosen = given.pop("outcome")
    wrong = outcomes.problem_with_conditions(chosen, given["conditions"])
    if wrong:
        raise Invalid({"/conditions": [wrong]})
    return decisions.decide(accreditation_id, outcome=outcomes.as_recorded(chosen), **given, by=actor())


@operations.get(f"{RELEASES}/waiting", "listDecisions", answers=Listed(UnreleasedSchema, "accreditation.id"))
@requires(Permission.AWARD_RELEASE)
def list_decisions() -> Sequence[Any]:
    """List the decided outcomes that wait for their release. By council."""
    return list_decided(place_id())


@operations.post(RELEASES, "releaseDecisions", takes=ToReleaseSchema, answers=ReleaseSchema)
@requires(Permission.AWARD_RELEASE)
def release_decisions(given: dict[str, Any]) -> Given:
    """Release decided outcomes. At once or at a set time; each then goes out by itself, shortly after."""
    chosen = {each["accreditation_id"]: each["report_version"] for each in given["outcomes"]}
    try:
        release = releases.set_time(place_id(), chosen, release_at=given["release_at"], by=actor())
    except Invalid as refusal:
        pointers = {"cases": "/outcomes"}
        raise Invalid({pointers.get(name, name): texts for name, texts in refusal.messages.items()}) from refusal
    return Given(_told(release), url_for("api_decisions.getRelease", release_id=release.id))


@operations.get(f"{RELEASES}/<uuid:release_id>", "getRelease", answers=ReleaseSchema)
@requires(Permission.AWARD_RELEASE)
def get_release(release_id: UUID) -> dict[str, Any]:
    """Read a release. With what became of each outcome."""
    return _told(find_release(release_id))


@operations.post(f"{RELEASES}/<uuid:release_id>/call-off", "callOffRelease", answers=ReleaseSchema, status=200)
@requires(Permission.AWARD_RELEASE)
def call_off_release(release_id: UUID) -> dict[str, Any]:
    """Call a release off. Before it has begun; its outcomes wait as before."""
    releases.call_off(release_id, by=actor())
    return _told(find_release(release_id))


def _told(release: Release) -> dict[str, Any]:
    return {"release": release, "outcomes": list_lines(release.id)}
