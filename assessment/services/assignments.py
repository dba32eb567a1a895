"""Teams: who is asked to assess, what they declare, who is withdrawn, and when the file closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.queries import assignments as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.readiness import find_accepted
from assessment.rules import stages, teams
from assessment.rules.conflicts import Background, conflicts
from assessment.rules.stages import LABELS, Stage, Verb
from assessment.rules.teams import Place
from assessment.services.accreditations import move
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

LATE_CONFLICT = "Declared a conflict of interest that was not known at first."


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody the region asks, and the council he or she comes from (as typed)."""

    user_id: UUID | None
    home_council: str = ""


def assign(accreditation: Accreditation, asked: Mapping[str, Asked], *, by: Actor) -> list[Assignment]:
    """Fill every empty place of the team; the first team begins the assessment.

    asked: place key (`rules.teams.vacant`) → who. Raises Invalid (fields <key>_person, <key>_home) for somebody
    missing, asked twice or kept away by a conflict rule; Conflict before readiness is accepted or after scoring.
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
    return made


def withdraw(
    accreditation: Accreditation, assignment: Assignment, *, reason: str, replacement: Asked | None = None, by: Actor
) -> Assignment | None:
    """Withdraw somebody from the team, and name who comes instead; what was scored is void.

    Returns the replacement's assignment. Raises Invalid (reason, replacement_person, replacement_home) or Conflict.
    Without a replacement the place stays empty, and all scores stay closed until somebody fills it.
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
        return None
    place = Place("replacement", teams.LABELS[assignment.capacity], assignment.duty, assignment.capacity)
    others = {each.user_id for each in queries.list_team(accreditation.id)} | {assignment.user_id}
    asked = {"replacement": replacement}
    return _seat(accreditation, assignment.submission_id, (place,), asked, others, by)[0]


def declare(assignment: Assignment, *, interest: str, words: str, by: Actor) -> None:
    """A scorer says whether he or she has an interest ("none" or "conflict", with words); in file scope.

    "none" opens the file, "conflict" never does. Raises Invalid (interest, words), Conflict when it was said before.
    """
    if assignment.declared_at is not None:
        raise Conflict("You have declared already. Ask the region if something has changed.")
    if assignment.closed_at is not None:
        raise Conflict("This file is closed.")
    words = words.strip()
    if interest not in ("none", "conflict"):
        raise Invalid({"interest": ["Say whether you have an interest."]})
    if interest == "conflict" and not words:
        raise Invalid({"words": ["Say what the interest is, in a sentence."]})
    assignment.interest = interest
    assignment.interest_words = words if interest == "conflict" else ""
    assignment.declared_at = clock.now()
    db.session.flush()
    if interest == "none":  # only now the database lets the file be seen, and with it its stage
        stage = Stage(get_accreditation(assignment.accreditation_id).stage)
        if not stages.may_declare_interests(stage):
            raise Conflict(f"Interests cannot be declared at the stage “{LABELS[stage]}”.")
    events.record("assignment.declared", assignment, by=by, audience="region", payload={"interest": interest})


def declare_late(assignment: Assignment, *, words: str, by: Actor) -> None:
    """A scorer has a conflict that was not known at first: he or she leaves the team at once; in file scope.

    The next request finds no file, and what was scored is void. Raises Invalid (words), or Conflict for a file that
    is closed, left already, or was never opened.
    """
    if assignment.withdrawn_at is not None:
        raise Conflict("You have left this team already.")
    if assignment.closed_at is not None:
        raise Conflict("This file is closed.")
    if assignment.interest != "none":
        raise Conflict("Declare your interests first.")
    if not words.strip():
        raise Invalid({"words": ["Say what has changed, in a sentence."]})
    now = clock.now()
    assignment.interest = "conflict"
    assignment.interest_words = words.strip()
    assignment.conflicted_at = now
    assignment.withdrawn_at = now
    assignment.withdrawn_reason = LATE_CONFLICT
    db.session.flush()
    payload = {"name": assignment.name, "submitted": assignment.submitted_at is not None}
    events.record("assignment.conflicted", assignment, by=by, audience="region", payload=payload)


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
    """Close the file to its team: at release, or when the accreditation ends otherwise. Idempotent."""
    for assignment in queries.list_team(accreditation.id, lock=True):
        if assignment.closed_at is None:
            assignment.closed_at = clock.now()
            events.record("assignment.closed", assignment, by=by, audience="region")


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
    people = {each.user_id: each for each in queries.list_candidates(accreditation.region_id)}
    under_way = queries.list_pairs_under_way(accreditation.region_id)
    framework = get_framework(accreditation.framework_id).tree
    messages: dict[str, list[str]] = {}
    made: list[Assignment] = []
    taken = set(seated)
    for place in wanted:
        who = asked.get(place.key, Asked(None))
        home = " ".join(who.home_council.split())
        person = people.get(who.user_id) if who.user_id else None
        if person is None or not (person.scores if place.scores else person.leads):
            messages[f"{place.key}_person"] = [f"Choose who sits as {place.label.lower()}."]
            continue
        if person.user_id in taken:
            messages[f"{place.key}_person"] = [f"{person.name} is in this team already, or has left it."]
        taken.add(person.user_id)
        if place.scores and not home:
            messages[f"{place.key}_home"] = [f"Enter the council {person.name} comes from."]
        found = _why_not(accreditation, person.user_id, home, under_way)
        if found:
            messages.setdefault(f"{place.key}_person", []).append(f"{person.name} cannot assess this council. {found}")
        assignment = Assignment(
            council_id=accreditation.council_id,
            id=new_id(),
            region_id=accreditation.region_id,
            accreditation_id=accreditation.id,
            submission_id=submission_id,
            user_id=person.user_id,
            name=person.name,
            home_council=home,
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


def _why_not(accreditation: Accreditation, user_id: UUID, home: str, under_way: list[tuple[str, str]]) -> str:
    """Why this person may not assess this council, in words; "" when nothing is known against it.

    Councils are compared by name, because an assessor's own may lie outside the service; whoever has access in the
    assessed council counts as one of its people.
    """
    council = _plain(accreditation.council_name)
    councils = {_plain(home)} if home else set()
    if queries.has_access(user_id, accreditation.council_id):
        councils.add(council)
    found = conflicts(
        Background(frozenset(councils)),
        council,
        rules=process_of(accreditation).conflict_rules,
        today=clock.today(),
        assessing_now=[(_plain(own), _plain(assessed)) for own, assessed in under_way],
    )
    return found[0].words if found else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
