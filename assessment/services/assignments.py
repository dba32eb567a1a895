"""Teams: who is asked to assess, who is withdrawn, and when the file closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.queries import assignments as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assessors import load_pool, why_not
from assessment.queries.frameworks import get_framework
from assessment.queries.readiness import find_accepted
from assessment.queries.team_places import file_of
from assessment.rules import stages, teams
from assessment.rules.stages import LABELS, Stage, Verb
from assessment.rules.suggestions import SEEN
from assessment.rules.teams import Place
from assessment.services.accreditations import move
from assessment.services.release_items import take_out
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

FORGET = text("select tenancy.forget(:accreditation_id)")


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody the region asks, and the council he or she comes from (as typed)."""

    user_id: UUID | None
    home_council: str = ""


def assign(accreditation: Accreditation, asked: Mapping[str, Asked], *, by: Actor) -> list[Assignment]:
    """Fill every empty place of the team; the first team begins the assessment, a late scorer leads back to it.

    asked: place key (`rules.teams.vacant`) → who. Raises Invalid (fields <key>_person, <key>_home) for somebody
    missing, asked twice or kept away by a rule; Conflict before readiness is accepted or after release.
    """
    _check_stage(accreditation)
    submission_id = find_accepted(accreditation.id, "readiness")
    if submission_id is None:
        raise Conflict("The team is assigned once the submission has been accepted.")
    team = queries.list_team(accreditation.id, lock=True)
    wanted = teams.vacant(process_of(accreditation), [(each.duty, each.capacity) for each in team])
    if not wanted:
        raise Conflict("Every place of the team is taken already.")
    made = _seat(accreditation, submission_id, wanted, asked, {each.user_id for each in team}, by)
    if Stage(accreditation.stage) is Stage.SUBMITTED:
        move(accreditation, Verb.ASSIGN_TEAM, by=by)
    _score_again(accreditation, made, by)
    return made


def assign_many(teams_asked: Mapping[UUID, Mapping[str, Asked]], *, by: Actor) -> list[Assignment]:
    """Fill the empty places of several files in one step, all of them or none; in region scope.

    teams_asked: accreditation id → place key → who. The rules are asked again for each file after the one before it.
    Raises Invalid with the fields of `assign`, each behind its accreditation's id and an underscore; a file that
    cannot be assigned any more stands under the id alone.
    """
    messages: dict[str, list[str]] = {}
    made: list[Assignment] = []
    for accreditation_id in sorted(teams_asked):  # one order for everybody, so that two officers never block each other
        accreditation = get_accreditation(accreditation_id, lock=True)
        try:
            made += assign(accreditation, teams_asked[accreditation_id], by=by)
        except Invalid as refused:
            messages |= {f"{accreditation_id}_{name}": texts for name, texts in refused.messages.items()}
        except Conflict as refused:
            messages[str(accreditation_id)] = [f"{accreditation.council_name}: {refused.message}"]
    if messages:
        raise Invalid(messages)
    return made


def withdraw(
    accreditation: Accreditation, assignment: Assignment, *, reason: str, replacement: Asked | None = None, by: Actor
) -> Assignment | None:
    """Withdraw somebody from the team, and name who comes instead; what was scored is void.

    After scoring, a change among those who score leads back to it. Returns the replacement's assignment. Raises
    Invalid (reason, replacement_person, replacement_home) or Conflict. Without a replacement the place stays empty,
    and all scores stay closed until somebody fills it.
    """
    _check_stage(accreditation)
    queries.list_team(accreditation.id, lock=True)
    if assignment.withdrawn_at is not None:
        raise Conflict(f"{assignment.name} has been withdrawn already.")
    if not reason.strip():
        raise Invalid({"reason": ["Say why this person leaves the team."]})
    assignment.withdrawn_at = clock.now()
    assignment.withdrawn_reason = reason.strip()
    db.session.flush()
    payload = {"name": assignment.name, "duty": assignment.duty}
    events.record("assignment.withdrawn", assignment, by=by, audience="region", payload=payload)
    if replacement is None:
        _score_again(accreditation, [assignment], by)
        return None
    place = Place("replacement", teams.LABELS[assignment.capacity], assignment.duty, assignment.capacity)
    others = {each.user_id for each in queries.list_team(accreditation.id)}
    asked = {"replacement": replacement}
    made = _seat(accreditation, assignment.submission_id, (place,), asked, others, by)
    _score_again(accreditation, [assignment], by)
    return made[0]


def close_after(accreditation: Accreditation, *, on: date, by: Actor) -> None:
    """Let the file stay open to its team until the end of this day, and no longer; at release. Idempotent.

    The database shuts the file by itself when the day has passed; the daily job then closes it and forgets the notes.
    """
    changed = [
        each
        for each in queries.list_team(accreditation.id, lock=True)
        if each.closed_at is None and each.closes_on != on
    ]
    for assignment in changed:
        assignment.closes_on = on
    if changed:
        db.session.flush()
        payload = {"on": on.isoformat()}
        events.record("assignments.closing_set", accreditation, by=by, audience="region", payload=payload)


def close(accreditation: Accreditation, *, by: Actor) -> None:
    """Close the file to its team when its last day has passed or the accreditation ended, and forget the notes.

    Private notes of scores are blanked and notes of interviews deleted, by the database itself: nobody of the region
    reads them. Idempotent.
    """
    standing = [each for each in queries.list_team(accreditation.id, lock=True) if each.closed_at is None]
    for assignment in standing:
        assignment.closed_at = clock.now()
    db.session.flush()
    forgotten = db.session.scalar(FORGET, {"accreditation_id": accreditation.id}) or 0
    if standing or forgotten:
        events.record("assignments.closed", accreditation, by=by, audience="region", payload={"notes": forgotten})


def close_due(council_id: UUID, *, by: Actor) -> int:
    """Close every file of a council whose last day has passed; how many; in region scope."""
    due = queries.list_due_to_close(council_id)
    for accreditation_id in due:
        close(get_accreditation(accreditation_id), by=by)
    return len(due)


def _check_stage(accreditation: Accreditation) -> None:
    stage = Stage(accreditation.stage)
    if not stages.may_change_team(stage):
        raise Conflict(f"The team cannot be changed at the stage “{LABELS[stage]}”.")


def _seat(
    accreditation: Accreditation,
    submission_id: UUID,
    wanted: tuple[Place, ...],
    asked: Mapping[str, Asked],
    seated: set[UUID],
    by: Actor,
) -> list[Assignment]:
    """Make the assignments of these places, or refuse all of them with what is wrong with each."""
    pool = load_pool(accreditation.region_id)
    file = file_of(accreditation)
    framework = get_framework(accreditation.framework_id).tree
    messages: dict[str, list[str]] = {}
    made: list[Assignment] = []
    taken = set(seated)
    for place in wanted:
        who = asked.get(place.key, Asked(None))
        person = pool.people.get(who.user_id) if who.user_id else None
        if person is None or not (person.scores if place.scores else person.leads):
            messages[f"{place.key}_person"] = [f"Choose who sits as {place.label.lower()}."]
            continue
        if person.user_id in taken:
            messages[f"{place.key}_person"] = [f"{person.name} is in this team already."]
        taken.add(person.user_id)
        home_id, home = pool.home_of(person, who.home_council)
        if place.scores and not home:
            messages[f"{place.key}_home"] = [f"Enter the council {person.name} comes from."]
        found = why_not(pool, file, person, who.home_council)
        if found:
            messages.setdefault(f"{place.key}_person", []).append(f"{person.name} cannot assess this council. {found}")
        elif place.scores and person.user_id in file.seen:
            messages.setdefault(f"{place.key}_person", []).append(f"{person.name} cannot score this file. {SEEN}")
        assignment = Assignment(
            council_id=accreditation.council_id,
            id=new_id(),
            region_id=accreditation.region_id,
            accreditation_id=accreditation.id,
            submission_id=submission_id,
            user_id=person.user_id,
            name=person.name,
            home_council=home,
            home_council_id=home_id,
            council_name=accreditation.council_name,
            framework_title=f"{framework.title}, {framework.level(accreditation.level).title}",
            duty=place.duty,
            capacity=place.capacity,
            assigned_at=clock.now(),
            assigned_by=by.id,
            interest=None,
            interest_words="",
            declared_at=None,
            withdrawn_at=None,
            withdrawn_reason="",
            scored=0,
            to_score=len(framework.requirements_of(accreditation.level)) if place.scores else 0,
            submitted_at=None,
            closed_at=None,
        )
        made.append(assignment)
    if messages:
        raise Invalid(messages)
    db.session.add_all(made)
    db.session.flush()
    for assignment in made:
        payload = {"name": assignment.name, "duty": assignment.duty, "capacity": assignment.capacity}
        events.record("assignment.made", assignment, by=by, audience="region", payload=payload)
    return made


def _score_again(accreditation: Accreditation, changed: Iterable[Assignment], by: Actor) -> None:
    """Go back to scoring where somebody who scores came or went after it: what was agreed since is void."""
    if stages.scores_again(Stage(accreditation.stage)) and any(each.duty == "scorer" for each in changed):
        move(accreditation, Verb.SCORE_AGAIN, by=by)
        take_out(accreditation, by=by)
