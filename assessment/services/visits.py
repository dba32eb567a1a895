"""The visit: planned, changed, put before those invited, called off and marked as held; in region scope."""

from __future__ import annotations

from datetime import date, time

from assessment.models.accreditations import Accreditation
from assessment.models.visits import Visit
from assessment.queries import visits as queries
from assessment.queries.accreditations import process_of
from assessment.rules import visits as rules
from assessment.rules.process_words import day_words
from assessment.rules.stages import LABELS, Stage
from assessment.rules.visits import TimetableError
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

LONGEST_REASON = 500
STALE = "Somebody changed the visit after you opened the page. Check it and try again."
ALREADY = "Somebody else has planned the visit already."


def why_not(accreditation: Accreditation) -> str:
    """Why no visit can be planned or changed now, in words for the page; "" where it can."""
    if not process_of(accreditation).visit:
        return "The process of this accreditation has no visit."
    stage = Stage(accreditation.stage)
    return "" if rules.may_plan(stage) else f"The visit cannot be planned at the stage “{LABELS[stage]}”."


def plan(
    accreditation: Accreditation,
    *,
    held_on: date,
    place: str,
    joining: str = "",
    length: str,
    begins_at: time,
    reason: str = "",
    version: int | None = None,
    by: Actor,
) -> Visit:
    """Plan the visit with the usual timetable of its length ("full", "half", "short"), or anew after it was called off.

    version: of the visit that was called off. Raises Invalid (held_on, place, begins_at, length, reason) or Conflict.
    """
    _check(accreditation)
    process = process_of(accreditation)
    messages, kept = _of_the_day(accreditation, held_on, place, reason)
    if length not in rules.LENGTHS:
        messages["length"] = ["Choose how long the visit is."]
    try:
        slots = () if "length" in messages else rules.template(process, length, begins_at)
    except TimetableError as error:
        messages["begins_at"] = [str(error)]
    if messages:
        raise Invalid(messages)
    visit = queries.find_visit(accreditation.id, lock=True)
    if visit is None:
        visit = Visit(
            council_id=accreditation.council_id,
            id=new_id(),
            region_id=accreditation.region_id,
            accreditation_id=accreditation.id,
            calendar_sequence=0,
            invited_at=None,
            organiser_name="",
            organiser_email="",
        )
    elif visit.state != "called_off":
        raise Conflict(ALREADY, theirs=visit)
    elif version != visit.version:
        raise Conflict(STALE, theirs=visit)
    visit.state, visit.called_off_reason = "planned", ""
    visit.held_on, visit.place, visit.joining, visit.reason = held_on, place.strip(), joining.strip(), kept
    visit.timetable = rules.to_document(slots)
    _touch(visit, by)
    with turning("uq_visits_council_id_accreditation_id", lambda: Conflict(ALREADY)):
        db.session.add(visit)
        db.session.flush()
    events.record("visit.planned", visit, by=by, audience="shared", payload={"on": held_on.isoformat()})
    return visit


def change(
    accreditation: Accreditation,
    visit: Visit,
    *,
    held_on: date,
    place: str,
    joining: str = "",
    reason: str = "",
    version: int,
    by: Actor,
) -> None:
    """Change day, place or how to take part; those invited hear of it when invitations are sent again.

    Raises Invalid (held_on, place, reason), or Conflict, with `theirs` where the visit was changed in the meantime.
    """
    _check_open(accreditation, visit, version)
    messages, kept = _of_the_day(accreditation, held_on, place, reason)
    if visit.held_on == held_on:
        messages.pop("held_on", None)
    if messages:
        raise Invalid(messages)
    before = visit.held_on
    visit.held_on, visit.place, visit.joining, visit.reason = held_on, place.strip(), joining.strip(), kept
    _touch(visit, by)
    db.session.flush()
    payload = {"from": before.isoformat(), "on": held_on.isoformat()}
    events.record("visit.changed", visit, by=by, audience="shared", payload=payload)


def add_slot(
    accreditation: Accreditation, visit: Visit, *, at: time, minutes: int, title: str, who: str, version: int, by: Actor
) -> None:
    """Add a line to the timetable. Raises Invalid (at) or Conflict."""
    _check_open(accreditation, visit, version)
    try:
        slots = rules.add(rules.read(visit.timetable), at=at, minutes=minutes, title=title.strip(), who=who.strip())
    except TimetableError as error:
        raise Invalid({"at": [str(error)]}) from error
    _keep(visit, slots, by)


def change_slot(
    accreditation: Accreditation,
    visit: Visit,
    key: str,
    *,
    at: time,
    minutes: int,
    title: str,
    who: str,
    following: bool,
    version: int,
    by: Actor,
) -> None:
    """Change a line; `following` moves those after it by as much as its end moves. Raises Invalid (at), Conflict."""
    _check_open(accreditation, visit, version)
    try:
        slots = rules.change(
            rules.read(visit.timetable),
            key,
            at=at,
            minutes=minutes,
            title=title.strip(),
            who=who.strip(),
            following=following,
        )
    except TimetableError as error:
        raise Invalid({"at": [str(error)]}) from error
    except KeyError as error:
        raise Conflict("Somebody took this line out of the timetable.") from error
    _keep(visit, slots, by)


def remove_slot(accreditation: Accreditation, visit: Visit, key: str, *, version: int, by: Actor) -> None:
    """Take a line out of the timetable. Raises Conflict, also for the last one."""
    _check_open(accreditation, visit, version)
    try:
        slots = rules.remove(rules.read(visit.timetable), key)
    except TimetableError as error:
        raise Conflict(str(error)) from error
    _keep(visit, slots, by)


def invite(accreditation: Accreditation, visit: Visit, *, version: int, by: Actor) -> None:
    """Invite the team and the council's leads, or tell them of changes: a job mails each a calendar entry.

    Raises Conflict when there is nothing new to send, the day is past, or the visit was changed in the meantime.
    """
    _check_open(accreditation, visit, version)
    if visit.state == "invited" and not is_changed(visit):
        raise Conflict("The invitations are sent, and nothing has changed since.")
    if visit.held_on < clock.today():
        raise Conflict(f"{day_words(visit.held_on)} is past. Choose another day, or say that the visit was held.")
    if visit.invited_at is None:
        visit.organiser_name = by.name
        visit.organiser_email = queries.find_address(visit.region_id, by.id) if by.id else ""
    else:
        visit.calendar_sequence += 1
    again = visit.state == "invited"
    visit.state = "invited"
    visit.invited_at = clock.now()
    db.session.flush()
    payload = {"on": visit.held_on.isoformat(), "again": again}
    events.record("visit.invited", visit, by=by, audience="shared", payload=payload)


def call_off(accreditation: Accreditation, visit: Visit, *, reason: str, version: int, by: Actor) -> None:
    """Call the visit off; whoever was invited is told why. Raises Invalid (reason) or Conflict."""
    _check_open(accreditation, visit, version)
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": ["Say why the visit does not take place."]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"The reason must have at most {LONGEST_REASON} characters."]})
    if visit.invited_at is not None:
        visit.calendar_sequence += 1
    visit.state, visit.called_off_reason = "called_off", reason
    _touch(visit, by)
    db.session.flush()
    events.record("visit.called_off", visit, by=by, audience="shared", payload={"reason": reason})


def hold(accreditation: Accreditation, visit: Visit, *, version: int, by: Actor) -> None:
    """Say that the visit was held. Raises Conflict before its day, or when it was changed in the meantime."""
    if not may_hold(accreditation):
        _check(accreditation)
    _check_current(visit, version)
    if visit.held_on > clock.today():
        raise Conflict(f"The visit is on {day_words(visit.held_on)}. Say that it was held when it has been.")
    visit.state = "held"
    _touch(visit, by)
    db.session.flush()
    events.record("visit.held", visit, by=by, audience="shared", payload={"on": visit.held_on.isoformat()})


def may_hold(accreditation: Accreditation) -> bool:
    """Whether a visit can be marked as held: also when it was forgotten and the report is being written."""
    return rules.may_note(Stage(accreditation.stage))


def is_changed(visit: Visit) -> bool:
    """Whether something was changed after the invitations were sent."""
    return visit.invited_at is not None and visit.updated_at > visit.invited_at


def _check(accreditation: Accreditation) -> None:
    refusal = why_not(accreditation)
    if refusal:
        raise Conflict(refusal)


def _check_open(accreditation: Accreditation, visit: Visit, version: int) -> None:
    _check(accreditation)
    _check_current(visit, version)


def _check_current(visit: Visit, version: int) -> None:
    if visit.version != version:
        raise Conflict(STALE, theirs=visit)
    if visit.state in ("held", "called_off"):
        raise Conflict("The visit was held." if visit.state == "held" else "The visit was called off.")


def _of_the_day(
    accreditation: Accreditation, held_on: date, place: str, reason: str
) -> tuple[dict[str, list[str]], str]:
    """What is wrong with day and place, and the reason as it is kept: none where nothing speaks against the day."""
    messages: dict[str, list[str]] = {}
    away = queries.list_away(accreditation.id, since=clock.today())
    against = rules.warnings(held_on, process_of(accreditation), away)
    reason = reason.strip()
    if held_on < clock.today():
        messages["held_on"] = ["The day of the visit must be today or later."]
    elif against and not reason:
        messages["reason"] = [f"{' '.join(against)} Choose another day, or say why the visit is held on it."]
    elif len(reason) > LONGEST_REASON:
        messages["reason"] = [f"The reason must have at most {LONGEST_REASON} characters."]
    if not place.strip():
        messages["place"] = ["Enter where the visit takes place."]
    return messages, reason if against else ""


def _keep(visit: Visit, slots: rules.Timetable, by: Actor) -> None:
    visit.timetable = rules.to_document(slots)
    _touch(visit, by)
    db.session.flush()
    payload = {"from": visit.held_on.isoformat(), "on": visit.held_on.isoformat()}
    events.record("visit.changed", visit, by=by, audience="shared", payload=payload)


def _touch(visit: Visit, by: Actor) -> None:
    visit.updated_at = clock.now()
    visit.updated_by_name = by.name
