"""More time: the region moves the last day to be assessed of one council, with a reason the council reads."""

from __future__ import annotations

from datetime import date

from assessment.models.accreditations import Accreditation
from assessment.queries.decisions import find_decision
from assessment.rules.process_words import day_words
from assessment.rules.stages import BEFORE_DECISION, LABELS, Stage
from saas import clock, events
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

LONGEST_REASON = 1000
STALE = "Somebody changed this accreditation after you opened the page. Check the last day again."


def extend(accreditation: Accreditation, deadline_on: date, reason: str, *, version: int, by: Actor) -> None:
    """Move the last day to be assessed to a later one; in the region's scope.

    accreditation: read with `lock`. version: of the accreditation that was on the page. Raises Invalid (deadline_on,
    reason), Conflict when it is decided or over, has no last day, or was changed in the meantime.
    """
    refusal = why_not(accreditation)
    if refusal:
        raise Conflict(refusal)
    before = accreditation.deadline_on
    if before is None or accreditation.version != version:
        raise Conflict(STALE, theirs=accreditation)
    reason = reason.strip()
    messages: dict[str, list[str]] = {}
    if deadline_on <= before:
        messages["deadline_on"] = [f"The new last day must be after {day_words(before)}."]
    elif deadline_on < clock.today():
        messages["deadline_on"] = ["The new last day must be today or later."]
    if not reason:
        messages["reason"] = ["Tell the council why it gets more time."]
    elif len(reason) > LONGEST_REASON:
        messages["reason"] = [f"The reason must have at most {LONGEST_REASON} characters."]
    if messages:
        raise Invalid(messages)
    if accreditation.next_due_on == before:
        accreditation.next_due_on = deadline_on
    accreditation.deadline_on = deadline_on
    db.session.flush()
    payload = {"from": before.isoformat(), "to": deadline_on.isoformat(), "reason": reason}
    events.record("accreditation.extended", accreditation, by=by, audience="shared", payload=payload)


def why_not(accreditation: Accreditation) -> str:
    """Why the last day cannot be moved, in words for the page; "" where it can. In the region's scope."""
    stage = Stage(accreditation.stage)
    if stage not in BEFORE_DECISION:
        return f"The last day cannot be moved at the stage “{LABELS[stage]}”."
    if find_decision(accreditation.id) is not None:
        return "The outcome is decided: the last day cannot be moved any more."
    return "" if accreditation.deadline_on else "This accreditation has no last day."
