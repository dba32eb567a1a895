"""Endings before their time: an accreditation that lapses, an award given back, an award that has run out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.queries.accreditations import list_under_way
from assessment.queries.dates import find_team
from assessment.queries.signings import find_current
from assessment.rules.process_words import day_words
from assessment.rules.stages import LABELS, Stage, Verb, may_lapse
from assessment.services import signature_requests
from assessment.services.accreditations import move
from assessment.services.awards import end
from saas import clock, events
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.tenancy import SERVICE, Actor
from tenants.models.councils import Council
from tenants.services.notices import Told, tell_all

LONGEST_REASON = 1_000
STALE = "Somebody changed this accreditation after you opened the page. Look at it again."


def why_no_lapse(accreditation: Accreditation) -> str:
    """Why an accreditation cannot lapse, in words for the page; "" where it can."""
    stage = Stage(accreditation.stage)
    if not may_lapse(stage):
        return f"An accreditation at the stage “{LABELS[stage]}” does not lapse."
    if accreditation.deadline_on is None:
        return "This accreditation has no last day."
    if accreditation.deadline_on >= clock.today():
        return f"The last day, {day_words(accreditation.deadline_on)}, is not over."
    return ""


def lapse(accreditation: Accreditation, reason: str, *, version: int, by: Actor) -> None:
    """The region lets an accreditation lapse whose last day is over; the council reads why. In the region's scope.

    accreditation: read with `lock`. version: of the accreditation on the page. Raises Conflict, Invalid (reason).
    """
    refusal = why_no_lapse(accreditation)
    if refusal:
        raise Conflict(refusal)
    if accreditation.version != version:
        raise Conflict(STALE, theirs=accreditation)
    reason = _reason(reason)
    move(accreditation, Verb.LAPSE, by=by)
    events.record("accreditation.lapsed", accreditation, by=by, audience="shared", payload={"reason": reason})


def end_signings(accreditation: Accreditation, words: str) -> None:
    """Nobody is asked to sign any more; in the council's scope. words: why, for those who were asked."""
    for about in ("commitment", "readiness"):
        signing = find_current(accreditation, about)
        if signing is not None:
            signature_requests.end_all(signing, words, by=SERVICE)


def surrender(accreditation_id: UUID, *, on: date, reason: str, by: Actor) -> Award:
    """The council gave its award back: recorded by the region, here and in the register, once and for good.

    on: the day it takes effect. Raises Conflict without a standing award, Invalid (on, reason).
    """
    award = db.session.scalar(select(Award).where(Award.accreditation_id == accreditation_id).with_for_update())
    if award is None:
        raise Conflict("This accreditation has led to no award.")
    if award.ending is not None:
        raise Conflict(f"The award has ended already, on {day_words(award.ended_on or clock.today())}.")
    messages: dict[str, list[str]] = {}
    if on > clock.today():
        messages["on"] = ["The day must not be in the future."]
    elif on < award.awarded_on:
        messages["on"] = [f"The day must not be before the award was made, {day_words(award.awarded_on)}."]
    try:
        reason = _reason(reason)
    except Invalid as refusal:
        messages |= refusal.messages
    if messages:
        raise Invalid(messages)
    end(award, ending="surrendered", on=on, by=by)
    events.record("award.surrendered", award, by=by, audience="shared", payload={"reason": reason})
    return award


def list_run_out(council_id: UUID) -> list[UUID]:
    """The awards of a council whose grace is over and that nobody has ended."""
    wanted = select(Award.id).where(
        Award.council_id == council_id, Award.ending.is_(None), Award.grace_to_on < clock.today()
    )
    return list(db.session.scalars(wanted.order_by(Award.id)))


def expire(award_id: UUID) -> None:
    """Write down that an award has run out, with the register; in the region's scope, once however often it runs."""
    award = db.session.scalar(select(Award).where(Award.id == award_id).with_for_update())
    if award is not None and award.ending is None and award.grace_to_on < clock.today():
        end(award, ending="expired", on=award.grace_to_on, by=SERVICE)


def invite(council_id: UUID) -> int:
    """Invite the leads of a council to be reassessed, from the day on which that opens; once for each award.

    In the council's scope. A level to which the council has committed again already invites nobody.
    """
    today = clock.today()
    opened = select(Award).where(
        Award.council_id == council_id,
        Award.ending.is_(None),
        Award.reassessment_opens_on <= today,
        Award.grace_to_on >= today,
    )
    awards = list(db.session.scalars(opened.order_by(Award.id)))
    if not awards:
        return 0
    begun = {each.level for each in list_under_way(council_id)}
    slug = db.session.scalar(select(Council.slug).where(Council.id == council_id))
    leads = find_team(council_id).leads
    lines = [
        Told(
            person,
            f"reassessment:{award.id}",
            "reassessment",
            f"Reassessment is open: commit to {award.level_title} again before {day_words(award.valid_to_on)}.",
            f"/councils/{slug}/accreditations/new",
        )
        for award in awards
        if award.level not in begun
        for person in leads
    ]
    return len(tell_all(council_id, lines))


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Invalid({"reason": ["Enter the reason."]})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": [f"The reason must have at most {LONGEST_REASON:,} characters."]})
    return reason
