"""Moderation: the region lays the scores side by side and agrees one judgement for each requirement."""

from __future__ import annotations

from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Moderation
from assessment.queries.accreditations import process_of
from assessment.queries.assignments import has_access, list_team
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import given_by_scorer, list_moderations
from assessment.queries.scores import list_scores
from assessment.rules import judgements, stages, teams
from assessment.rules.stages import LABELS, Stage, Verb
from assessment.services.accreditations import move
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Forbidden, Invalid
from saas.tenancy import Actor


def begin(accreditation: Accreditation, *, by: Actor) -> None:
    """Lay the scores open to the region. Raises Conflict while a place is empty or a scorer has not submitted."""
    _check_outsider(accreditation, by)
    team = list_team(accreditation.id, lock=True)
    empty = teams.vacant(process_of(accreditation), [(each.duty, each.capacity) for each in team])
    if empty:
        named = ", ".join(place.label.lower() for place in empty)
        raise Conflict(f"Moderation begins when every place of the team is filled. Still empty: {named}.")
    waiting = [each.name for each in team if each.duty == "scorer" and each.submitted_at is None]
    if waiting:
        raise Conflict(f"Moderation begins when all have submitted. Still scoring: {', '.join(waiting)}.")
    move(accreditation, Verb.BEGIN_MODERATION, by=by)


def agree_all(accreditation: Accreditation, *, by: Actor) -> int:
    """Let every requirement stand on which the scorers are of one mind; how many are new."""
    _check_moderating(accreditation, by)
    framework = get_framework(accreditation.framework_id)
    agreed = judgements.agreed(
        given_by_scorer(accreditation, list_scores(accreditation.id)),
        framework.tree,
        accreditation.level,
        process_of(accreditation).disagreement_threshold,
    )
    known = list_moderations(accreditation.id)
    fresh = {code: step for code, step in agreed.items() if framework.ids[code] not in known}
    for code, step in fresh.items():
        db.session.add(_moderation(accreditation, framework.ids[code], step, "", True, 1, by))
    if fresh:
        db.session.flush()
        events.record("moderation.agreed", accreditation, by=by, audience="region", payload={"agreed": len(fresh)})
    return len(fresh)


def moderate(
    accreditation: Accreditation, requirement_id: UUID, *, judgement: str, reason: str, by: Actor
) -> Moderation:
    """Agree the judgement of one requirement, with the reason; an earlier one stays beneath.

    Raises Invalid (judgement, reason), NotFound for a requirement of another framework.
    """
    _check_moderating(accreditation, by)
    framework = get_framework(accreditation.framework_id)
    requirement = framework.requirement(requirement_id)
    messages = {}
    if not framework.tree.has_step(judgement) or accreditation.level not in requirement.levels:
        messages["judgement"] = ["Choose the judgement that was agreed."]
    if not reason.strip():
        messages["reason"] = ["Give the reason that was agreed."]
    if messages:
        raise Invalid(messages)
    earlier = list_moderations(accreditation.id).get(requirement_id)
    number = earlier.number + 1 if earlier else 1
    moderation = _moderation(accreditation, requirement_id, judgement, reason.strip(), False, number, by)
    db.session.add(moderation)
    db.session.flush()
    payload = {"requirement": requirement.code}
    events.record("moderation.decided", moderation, by=by, audience="region", payload=payload)
    return moderation


def finish(accreditation: Accreditation, *, by: Actor) -> None:
    """Go on to the report. Raises Conflict while a requirement of the level has no agreed judgement."""
    _check_moderating(accreditation, by)
    framework = get_framework(accreditation.framework_id)
    known = list_moderations(accreditation.id)
    wanted = framework.tree.requirements_of(accreditation.level)
    missing = [each.code for each in wanted if framework.ids[each.code] not in known]
    if missing:
        raise Conflict(f"These requirements have no agreed judgement yet: {', '.join(missing)}.")
    move(accreditation, Verb.BEGIN_REPORT, by=by)


def _moderation(
    accreditation: Accreditation,
    requirement_id: UUID,
    judgement: str,
    reason: str,
    agreed: bool,
    number: int,
    by: Actor,
) -> Moderation:
    return Moderation(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        requirement_id=requirement_id,
        judgement=judgement,
        reason=reason,
        agreed=agreed,
        moderated_at=clock.now(),
        moderated_by=by.id,
        moderated_by_name=by.name,
        number=number,
    )


def _check_moderating(accreditation: Accreditation, by: Actor) -> None:
    _check_outsider(accreditation, by)
    stage = Stage(accreditation.stage)
    if not stages.may_moderate(stage):
        raise Conflict(f"Judgements are agreed at the stage “{LABELS[Stage.MODERATING]}”, not at “{LABELS[stage]}”.")


def _check_outsider(accreditation: Accreditation, by: Actor) -> None:
    """Who has access in the council sees none of its scores: the database would show this person an empty list."""
    if by.id is not None and has_access(by.id, accreditation.council_id):
        raise Forbidden("You have access in this council, so its scores are closed to you.")
