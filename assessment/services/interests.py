"""What somebody of a team declares: an interest or none, at first or late, or that he or she cannot take part."""

from __future__ import annotations

from assessment.models.assignments import Assignment
from assessment.queries.accreditations import get_accreditation
from assessment.rules import stages
from assessment.rules.stages import DECIDED, LABELS, Stage
from saas import clock, events
from saas.db import db
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor

LATE_CONFLICT = "Declared a conflict of interest that was not known at first."
CANNOT_TAKE_PART = "Cannot take part"


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


def decline(assignment: Assignment, *, words: str, by: Actor) -> None:
    """A scorer who has declared nothing yet cannot take part: the place is empty at once; in file scope.

    words: why, for the region alone; may be empty. It says nothing of a conflict. Raises Conflict for who has declared
    or left already, or where the file is closed.
    """
    if assignment.withdrawn_at is not None:
        raise Conflict("You have left this team already.")
    if assignment.declared_at is not None:
        raise Conflict("You have declared already. Ask the region if something has changed.")
    if assignment.closed_at is not None:
        raise Conflict("This file is closed.")
    why = words.strip()
    assignment.withdrawn_at = clock.now()
    assignment.withdrawn_reason = f"{CANNOT_TAKE_PART}: {why}" if why else f"{CANNOT_TAKE_PART}."
    db.session.flush()
    payload = {"name": assignment.name, "duty": assignment.duty}
    events.record("assignment.declined", assignment, by=by, audience="region", payload=payload)


def declare_late(assignment: Assignment, *, words: str, by: Actor) -> None:
    """A scorer has a conflict that was not known at first: the file closes to him or her at once; in file scope.

    Before the decision he or she leaves the team, and what was scored is void. After it the conflict stands on record
    beside the scores: the region sees what was decided on. Raises Invalid (words), Conflict for who left already or
    has not declared, NotFound for a file that is not open any more.
    """
    if assignment.withdrawn_at is not None:
        raise Conflict("You have left this team already.")
    if assignment.closed_at is not None:
        raise NotFound
    if assignment.interest != "none":
        raise Conflict("Declare your interests first.")
    decided = Stage(get_accreditation(assignment.accreditation_id).stage) in DECIDED
    if not words.strip():
        raise Invalid({"words": ["Say what has changed, in a sentence."]})
    now = clock.now()
    assignment.interest = "conflict"
    assignment.interest_words = words.strip()
    assignment.conflicted_at = now
    if decided:
        assignment.closed_at = now
    else:
        assignment.withdrawn_at = now
        assignment.withdrawn_reason = LATE_CONFLICT
    db.session.flush()
    payload = {"name": assignment.name, "submitted": assignment.submitted_at is not None}
    payload |= {"decided": True} if decided else {}
    events.record("assignment.conflicted", assignment, by=by, audience="region", payload=payload)
