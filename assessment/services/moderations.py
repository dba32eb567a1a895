"""Moderation: the region lays the scores side by side and agrees one judgement for each requirement."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Moderation
from assessment.queries.accreditations import process_of
from assessment.queries.assignments import has_access, list_empty_places, list_team
from assessment.queries.disagreements import CLOSED_TO_YOU
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import (
    Reopened,
    find_last,
    given_by_scorer,
    last_numbers,
    list_moderations,
    list_reopenings,
)
from assessment.queries.scores import list_scores
from assessment.rules import judgements, stages, teams
from assessment.rules.stages import LABELS, Stage, Verb
from assessment.services.accreditations import move
from assessment.services.release_items import take_out
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Forbidden, Invalid
from saas.tenancy import Actor

ONE_NUMBER = "uq_moderations_number"
SOMEBODY_FIRST = "Somebody else agreed a judgement of this requirement after you opened it."


def begin(accreditation: Accreditation, *, by: Actor) -> None:
    """Lay the scores open to the region; what an earlier team's moderation agreed is void from now on.

    Raises Conflict while a place is empty or a scorer has not submitted.
    """
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
    accreditation.moderation_began_at = clock.now()
    for reopening in list_reopenings(accreditation.id).values():
        _close(reopening)


def agree_all(accreditation: Accreditation, *, by: Actor) -> int:
    """Let every requirement stand on which the scorers are of one mind; how many are new.

    One that is open to be scored again waits until every scorer has done so.
    """
    check_moderating(accreditation, by)
    framework = get_framework(accreditation.framework_id)
    scores, reopenings = list_scores(accreditation.id), list_reopenings(accreditation.id)
    agreed = judgements.agreed(
        given_by_scorer(accreditation, scores),
        framework.tree,
        accreditation.level,
        process_of(accreditation).disagreement_threshold,
    )
    awaited = {key for key, each in reopenings.items() if each.awaited}
    settled = awaited | set(list_moderations(accreditation.id))
    fresh = {framework.ids[code]: step for code, step in agreed.items() if framework.ids[code] not in settled}
    numbers = last_numbers(accreditation.id)
    for requirement_id, step in fresh.items():
        number = numbers.get(requirement_id, 0) + 1
        _close(reopenings.get(requirement_id))
        db.session.add(_moderation(accreditation, requirement_id, step, "", True, number, by))
    if fresh:
        db.session.flush()
        events.record("moderation.agreed", accreditation, by=by, audience="region", payload={"agreed": len(fresh)})
    return len(fresh)


def moderate(
    accreditation: Accreditation,
    requirement_id: UUID,
    *,
    judgement: str,
    reason: str,
    version: int | None = None,
    by: Actor,
) -> Moderation:
    """Agree the judgement of one requirement, with the reason; all earlier ones remain beneath.

    version: the number of the last agreed judgement that was read, 0 when there was none; None does not compare.
    Raises Invalid (judgement, reason), NotFound for a requirement of another framework, Conflict when somebody else
    agreed one since (`theirs` is what stands).
    """
    check_moderating(accreditation, by)
    framework = get_framework(accreditation.framework_id)
    requirement = framework.requirement(requirement_id)
    messages = {}
    if not framework.tree.has_step(judgement) or accreditation.level not in requirement.levels:
        messages["judgement"] = ["Choose the judgement that was agreed."]
    if not reason.strip():
        messages["reason"] = ["Give the reason that was agreed."]
    if messages:
        raise Invalid(messages)
    last = last_numbers(accreditation.id).get(requirement_id, 0)
    if version is not None and version != last:
        raise _taken(accreditation.id, requirement_id)
    moderation = _moderation(accreditation, requirement_id, judgement, reason.strip(), False, last + 1, by)
    # Two who write at once both read the same last number: the second is told what the first wrote.
    with turning(ONE_NUMBER, partial(_taken, accreditation.id, requirement_id)):
        db.session.add(moderation)
    _close(list_reopenings(accreditation.id).get(requirement_id))
    payload = {"requirement": requirement.code}
    events.record("moderation.decided", moderation, by=by, audience="region", payload=payload)
    return moderation


def reopen(accreditation: Accreditation, *, reason: str, by: Actor) -> None:
    """Open moderation again while the report is written or checked; what was agreed stands until it is changed.

    An outcome that was decided and not released is void: it is decided again. Raises Invalid (reason), Conflict at
    another stage.
    """
    _check_outsider(accreditation, by)
    if not reason.strip():
        raise Invalid({"reason": ["Say why moderation is opened again."]})
    move(accreditation, Verb.MODERATE_AGAIN, by=by)
    take_out(accreditation, by=by)
    events.record("moderation.reopened", accreditation, by=by, audience="region", payload={"reason": reason.strip()})


def finish(accreditation: Accreditation, *, by: Actor) -> None:
    """Go on to the report. Raises Conflict while a requirement of the level has no agreed judgement."""
    check_moderating(accreditation, by)
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


def _taken(accreditation_id: UUID, requirement_id: UUID) -> Conflict:
    last = find_last(accreditation_id, requirement_id)
    return Conflict(SOMEBODY_FIRST, theirs=last, version=last.number if last else 0)


def _close(reopening: Reopened | None) -> None:
    """What was open to be scored again is closed by the judgement that is agreed."""
    if reopening is not None:
        reopening.row.closed_at = clock.now()


def check_moderating(accreditation: Accreditation, by: Actor) -> None:
    """Raises Conflict outside moderation or in an incomplete team, Forbidden for whoever has access in the council."""
    _check_outsider(accreditation, by)
    stage = Stage(accreditation.stage)
    if not stages.may_moderate(stage):
        raise Conflict(f"Judgements are agreed at the stage “{LABELS[Stage.MODERATING]}”, not at “{LABELS[stage]}”.")
    if list_empty_places(accreditation):
        raise Conflict(teams.INCOMPLETE)


def _check_outsider(accreditation: Accreditation, by: Actor) -> None:
    """Who has access in the council sees none of its scores: the database would show this person an empty list."""
    if by.id is not None and has_access(by.id, accreditation.council_id):
        raise Forbidden(CLOSED_TO_YOU)
