"""Successions: a council that merged ends in every part, and its successor goes on with what is open."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, text

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.successions import Succession
from assessment.queries.dates import find_team
from assessment.queries.frameworks import get_framework
from assessment.queries.improvements import list_improvements_of
from assessment.queries.successions import UNDER_WAY, get_succession, list_councils
from assessment.rules.process_words import day_words
from assessment.rules.stages import Stage, Verb
from assessment.rules.successions import problems_of
from assessment.services import appeals, assignments, awards
from assessment.services.accreditations import move
from assessment.services.endings import end_signings
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import SERVICE, Actor
from tenants.models.councils import Council
from tenants.queries.plan_lines import list_actions
from tenants.services import notices, plans

CLOSE = text("select tenancy.close_council(:council)")


def check(region_id: UUID, council: str, successor: str, ended_on: date | None) -> tuple[Council, Council, date]:
    """The two councils and the day, as they were chosen; raises Invalid (council, successor, ended_on)."""
    messages = problems_of(council, successor, ended_on, clock.today())
    known = {str(each.id): each for each in list_councils(region_id)}
    for name, chosen in (("council", council), ("successor", successor)):
        if chosen and chosen not in known:
            messages.setdefault(name, ["Choose a council of your region that stands."])
    if messages or ended_on is None:
        raise Invalid(messages)
    return known[council], known[successor], ended_on


def record(region_id: UUID, *, council: str, successor: str, ended_on: date | None, by: Actor) -> Succession:
    """Write down that a council ended and which one succeeds it; in the region's scope, once and for good.

    council, successor: ids as text. What is under way ends, awards end here and in the register, everybody loses
    access. The successor's part follows in its own scope. Raises Invalid, Conflict when it was recorded meanwhile.
    """
    ended, heir, day = check(region_id, council, successor, ended_on)
    made = Succession(
        council_id=ended.id,
        id=new_id(),
        region_id=region_id,
        successor_id=heir.id,
        council_name=ended.name,
        successor_name=heir.name,
        ended_on=day,
        recorded_at=clock.now(),
        recorded_by=by.id,
        recorded_by_name=by.name,
    )
    with turning("uq_successions_council_id", lambda: Conflict(f"The end of {ended.name} is recorded already.")):
        db.session.add(made)
    open_ones = select(Accreditation).where(Accreditation.council_id == ended.id, Accreditation.stage.in_(UNDER_WAY))
    for accreditation in db.session.scalars(open_ones.with_for_update()).all():
        move(accreditation, Verb.END, by=by)
        assignments.close(accreditation, by=by)
    appeals.end_open(ended.id, f"{ended.name} merged into {heir.name}.", by=by)
    held = select(Award).where(Award.council_id == ended.id, Award.ending.is_(None))
    for award in db.session.scalars(held.with_for_update()).all():
        awards.end(award, ending="ended", on=day, by=by)
    db.session.flush()
    db.session.execute(CLOSE, {"council": ended.id})
    payload = {"council": ended.name, "successor": heir.name, "on": day.isoformat()}
    events.record("council.succeeded", made, by=by, audience="shared", payload=payload)
    return made


def take_over(succession_id: UUID) -> int:
    """Put what was open of a council that ended into its successor's plan, each once, and tell its leads; how many.

    Runs in the successor's own scope. What was asked, by when and why is kept to the word, with where it came from.
    """
    succession = get_succession(succession_id)
    lines = [line for line in list_improvements_of(succession.council_id) if not line.is_closed]
    record = f"Record of {succession.council_name}"
    if lines:
        title = f"Improvements of {succession.council_name}"
        heir = succession.successor_id
        plan = plans.find_or_create(heir, kind="own", accreditation_id=None, title=title, by=SERVICE)
        there = {(row.ref, row.source) for row in list_actions(plan)}
        for line in lines:
            each = line.improvement
            issued_on = day_words(each.issued_at.astimezone(clock.LONDON).date())
            source = f"{record}: {_framework_of(each.accreditation_id)}, report of {issued_on}"
            if (str(each.number), source) not in there:
                plans.add_action(
                    plan,
                    ref=str(each.number),
                    action=each.action,
                    timescale=each.timescale,
                    reason=each.reason,
                    remark=each.remark,
                    source=source,
                    by=SERVICE,
                )
    _tell(succession, len(lines))
    return len(lines)


def call_off(succession_id: UUID) -> None:
    """End every signature request of the council that ended; in its own scope."""
    succession = get_succession(succession_id)
    of_council = select(Accreditation).where(
        Accreditation.council_id == succession.council_id, Accreditation.stage == Stage.ENDED
    )
    for accreditation in db.session.scalars(of_council):
        end_signings(accreditation, f"The council merged into {succession.successor_name}.")


def _framework_of(accreditation_id: UUID) -> str:
    wanted = select(Accreditation.framework_id).where(Accreditation.id == accreditation_id)
    return get_framework(db.session.execute(wanted).scalar_one()).tree.title


def _tell(succession: Succession, number: int) -> None:
    heir = succession.successor_id
    slug = db.session.scalar(select(Council.slug).where(Council.id == heir))
    more = f" {number} open improvements are in your plan." if number > 1 else ""
    more = " 1 open improvement is in your plan." if number == 1 else more
    words = f"Your council succeeds {succession.council_name}: its record is yours to read.{more}"
    path = f"/councils/{slug}/records/{succession.id}"
    key = f"succession:{succession.id}"
    told = [notices.Told(person, key, "succession", words, path) for person in find_team(heir).leads]
    notices.tell_all(heir, told)
