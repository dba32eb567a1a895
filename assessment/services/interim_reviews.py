"""The region's interim review: improvements verified one by one, and a letter that stands for good; or asked again."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.interim import InterimReview
from assessment.models.submissions import Submission
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import list_improvements
from assessment.queries.submissions import find_decision, get_submission
from assessment.rules.improvements import ENDING_LABELS
from assessment.services.improvements import conclude
from assessment.services.readiness import decision_of
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor

LONGEST_LETTER = 20_000
LONGEST_REASON = 4_000
OPEN = "open"


def review(
    accreditation_id: UUID, submission_id: UUID, *, endings: Mapping[int, str], letter: str, by: Actor
) -> InterimReview:
    """Close the interim review: where each improvement stands, and the letter. In the region's scope.

    endings: by number for every improvement that is still open: "open", "verified", "superseded", "carried_forward".
    Raises NotFound, Invalid (ending_1 …, letter), and Conflict when it was reviewed or the award has ended.
    """
    accreditation, submission, award = _held(accreditation_id, submission_id)
    messages: dict[str, list[str]] = {}
    lines = [line for line in list_improvements(accreditation_id) if not line.is_closed]
    for line in lines:
        number = line.improvement.number
        chosen = endings.get(number, "")
        if chosen not in (OPEN, *ENDING_LABELS):
            messages[f"ending_{number}"] = ["Say where it stands."]
        elif chosen == "verified" and (line.progress is None or line.progress.state != "claimed_complete"):
            messages[f"ending_{number}"] = ["The council has not reported this as complete, so it cannot be verified."]
    for number in endings.keys() - {line.improvement.number for line in lines}:
        messages[f"ending_{number}"] = ["No improvement of this number is open."]
    if not letter.strip():
        messages["letter"] = ["Write the letter to the council."]
    elif len(letter) > LONGEST_LETTER:
        messages["letter"] = [f"The letter must have at most {LONGEST_LETTER:,} characters."]
    if messages:
        raise Invalid(messages)
    verified = 0
    for line in lines:
        chosen = endings[line.improvement.number]
        if chosen != OPEN:
            conclude(accreditation_id, line.improvement.number, ending=chosen, by=by)
            verified += chosen == "verified"
    _decide(submission, outcome="accepted", reason="", by=by)
    made = InterimReview(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation_id,
        submission_id=submission.id,
        letter=letter.strip(),
        verified=verified,
        reviewed_on=clock.today(),
        reviewed_at=clock.now(),
        reviewed_by=by.id,
        reviewed_by_name=by.name,
    )
    db.session.add(made)
    award.interim_reviewed_on = made.reviewed_on
    accreditation.next_due_on = award.reassessment_opens_on
    db.session.flush()
    events.record("interim.reviewed", made, by=by, audience="shared", payload={"verified": verified})
    return made


def ask_again(accreditation_id: UUID, submission_id: UUID, *, reason: str, by: Actor) -> None:
    """Return it to the council, which writes and sends it once more. Raises as `review`, Invalid (reason)."""
    _, submission, _ = _held(accreditation_id, submission_id)
    if not reason.strip():
        raise Invalid({"reason": ["Say what is needed."]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"The reason must have at most {LONGEST_REASON:,} characters."]})
    _decide(submission, outcome="returned", reason=reason.strip(), by=by)


def _held(accreditation_id: UUID, submission_id: UUID) -> tuple[Accreditation, Submission, Award]:
    accreditation = get_accreditation(accreditation_id, lock=True)
    submission = get_submission(submission_id)
    if submission.accreditation_id != accreditation.id or submission.kind != "interim":
        raise NotFound
    decision = find_decision(submission.id)
    if decision is not None:
        done = "reviewed" if decision.outcome == "accepted" else "returned"
        raise Conflict(f"{decision.decided_by_name} {done} this return already.", theirs=decision)
    wanted = select(Award).where(Award.accreditation_id == accreditation.id).with_for_update()
    award = db.session.scalar(wanted)
    if award is None or award.ending is not None:
        raise Conflict("The award has ended: there is nothing to review any more.")
    return accreditation, submission, award


def _decide(submission: Submission, *, outcome: str, reason: str, by: Actor) -> None:
    decision = decision_of(submission, outcome=outcome, reason=reason, by=by)
    db.session.add(decision)
    db.session.flush()
    payload = {"kind": submission.kind, "outcome": outcome}
    events.record("submission.decided", decision, by=by, audience="shared", payload=payload)
