"""Release: the report issued for good, improvements, award and register entry written, all in one step."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award, Decision, RegisterEntry
from assessment.models.improvements import Improvement
from assessment.models.reports import Report, ReportDraft
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import list_empty_places, list_team
from assessment.queries.awards import find_award
from assessment.queries.decisions import find_decision
from assessment.queries.frameworks import get_framework
from assessment.queries.register import find_same
from assessment.queries.reports import find_draft, find_issued, list_versions
from assessment.rules.awards import AwardDates, award_dates
from assessment.rules.certificates import make_number
from assessment.rules.process_words import day_words
from assessment.rules.reports import problems
from assessment.rules.stages import LABELS, Stage, Verb, may_decide
from assessment.rules.teams import INCOMPLETE
from assessment.rules.working_days import working_days_after
from assessment.services import good_practice, issued_judgements
from assessment.services.accreditations import move
from assessment.services.assignments import close_after
from assessment.services.fact_checks import add_report, document_of
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, NotFound
from saas.tenancy import Actor
from tenants.models.councils import Council, Region


@dataclass(frozen=True, slots=True)
class Released:
    """What the council has now. `again` when it was released before and nothing was done this time."""

    report: Report
    award: Award | None
    again: bool


def obstacles(accreditation: Accreditation, draft: ReportDraft | None = None) -> list[str]:
    """What keeps the outcome from being released, in sentences; empty when nothing does.

    draft: the report, where what it lacks counts too.
    """
    return _in_the_way(accreditation) + (problems(draft.summary, draft.improvements) if draft else [])


def _in_the_way(accreditation: Accreditation) -> list[str]:
    stage = Stage(accreditation.stage)
    if not may_decide(stage):
        return [f"Nothing can be released at the stage “{LABELS[stage]}”."]
    versions = [each for each in list_versions(accreditation.id) if each.report.kind == "fact_check"]
    found = [
        f"The council’s comment on version {each.report.number} has no answer yet."
        for each in versions
        if each.is_unresolved
    ]
    if not versions:
        return ["The fact check was never opened."]
    newest = versions[0]
    until = newest.checked_until(clock.today())
    if until is not None:
        found.append(
            f"The council may comment on version {newest.report.number} until"
            f" {day_words(until)}, and has not said yet that it has no comments."
        )
    if find_decision(accreditation.id) is None:
        found.append("The outcome is not decided yet.")
    if list_empty_places(accreditation):
        found.append(INCOMPLETE)
    return found


def reply_due_on(accreditation: Accreditation) -> date:
    """The day by which the council replies to improvements released today."""
    process = process_of(accreditation)
    return working_days_after(clock.today(), process.reply_days, process.nation)


def file_closes_on(accreditation: Accreditation) -> date:
    """The last day on which a file released today is open to its assessors."""
    return clock.today() + timedelta(days=process_of(accreditation).file_closes_days)


def dates_of(accreditation: Accreditation, decision: Decision) -> AwardDates:
    """The dates of the award: its life begins on the day of the decision, in London."""
    return award_dates(decision.decided_at.astimezone(clock.LONDON).date(), process_of(accreditation))


def release(
    accreditation_id: UUID, *, by: Actor, version: int | None = None, decision_id: UUID | None = None
) -> Released:
    """Issue the report and tell the council; the same again changes nothing, whoever asks.

    version: the draft's as it was seen on the page, where there was one. decision_id: what was to be released then.
    Raises Conflict while anything stands in the way, the draft changed since or it was decided anew; Invalid (FORM)
    with what the report lacks.
    """
    accreditation = get_accreditation(accreditation_id, lock=True)
    issued = find_issued(accreditation_id)
    if issued is not None:
        return Released(issued, find_award(accreditation_id), again=True)
    list_team(accreditation_id, lock=True)  # nobody leaves it between the look and the decision
    hindered = obstacles(accreditation)
    if hindered:
        raise Conflict(" ".join(hindered))
    decision, draft = find_decision(accreditation_id), find_draft(accreditation_id, lock=True)
    if decision is None or draft is None:
        raise NotFound
    if decision_id is not None and decision.id != decision_id:
        raise Conflict(f"{decision.decided_by_name} decided this anew since. Look at it again before you release it.")
    if version is not None and draft.version != version:
        raise Conflict(f"{draft.updated_by_name} changed the report since. Look at it again before you release it.")
    award = add_award(accreditation, decision, by=by) if decision.outcome == "awarded" else None
    result = result_of(decision, award)
    document = document_of(accreditation, draft, result)
    report = add_report(accreditation, document, kind="issued", number=1, closes_on=None, by=by)
    issued_judgements.keep(report, get_framework(accreditation.framework_id))
    good_practice.keep(report, get_framework(accreditation.framework_id))
    reply_due = reply_due_on(accreditation)
    _add_improvements(accreditation, report, reply_due)
    close_after(accreditation, on=file_closes_on(accreditation), by=by)
    waited_for = reply_due if document["improvements"] else award.interim_due_on if award else None
    verb = Verb.AWARD if award else Verb.DECIDE_NOT_YET
    payload = {"hash": report.hash, "improvements": len(document["improvements"])}
    events.record("report.issued", report, by=by, audience="shared", payload=payload)
    move(accreditation, verb, by=by, next_due_on=waited_for)
    if award is not None:
        enter(accreditation, award, document["region"], by=by)
    if document["improvements"]:
        payload = {"number": len(document["improvements"]), "reply_due_on": reply_due.isoformat()}
        events.record("improvements.issued", accreditation, by=by, audience="shared", payload=payload)
    return Released(report, award, again=False)


def end(award: Award, *, ending: str, on: date, by: Actor) -> None:
    """End an award before its time (`surrendered`, `ended`, `expired`), here and in the register; once only."""
    if award.ending is not None:
        return
    award.ending, award.ended_on = ending, on
    entry = find_same(award.region_id, award.certificate_number)
    if entry is not None:
        entry.ending, entry.ended_on = ending, on
    payload = {"ending": ending, "on": on.isoformat()}
    events.record("award.ended", award, by=by, audience="shared", payload=payload)


def add_award(accreditation: Accreditation, decision: Decision, *, by: Actor) -> Award:
    """The award that follows from a decision; one of the same level before it ends. `enter` makes it public."""
    framework = get_framework(accreditation.framework_id).tree
    dates = dates_of(accreditation, decision)
    _end_earlier(accreditation, dates.awarded_on, by=by)
    award = Award(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        certificate_number=make_number(secrets.choice),
        level=accreditation.level,
        level_title=framework.level(accreditation.level).title,
        framework_title=framework.title,
        conditions=decision.conditions,
        awarded_on=dates.awarded_on,
        interim_due_on=dates.interim_due_on,
        reassessment_opens_on=dates.reassessment_opens_on,
        valid_to_on=dates.expires_on,
        grace_to_on=dates.grace_ends_on,
        released_at=clock.now(),
        released_by_name=by.name,
        ending=None,
        ended_on=None,
    )
    db.session.add(award)
    db.session.flush()
    return award


def _end_earlier(accreditation: Accreditation, on: date, *, by: Actor) -> None:
    """An award of the same level takes the place of the one before it."""
    earlier = select(Award).where(
        Award.council_id == accreditation.council_id, Award.level == accreditation.level, Award.ending.is_(None)
    )
    for award in db.session.scalars(earlier.with_for_update()):
        end(award, ending="ended", on=on, by=by)


def enter(accreditation: Accreditation, award: Award, region: str, *, by: Actor) -> None:
    """The award's public line, and its event: names and colour as they are today, and no pointer to the council."""
    enter_many([(accreditation, award)], region, by=by)


def enter_many(made: Sequence[tuple[Accreditation, Award]], region: str, *, by: Actor) -> None:
    """The public lines of many awards, and their events; one statement before the next flush."""
    wanted = (
        select(Council.id, Council.county, Council.kind, Region.accent)
        .join(Region, Region.id == Council.region_id)
        .where(Council.id.in_({award.council_id for _, award in made}))
    )
    councils = {row.id: row for row in db.session.execute(wanted)}
    for accreditation, award in made:
        _enter(accreditation, award, region, councils[award.council_id], by)


def _enter(accreditation: Accreditation, award: Award, region: str, council: Any, by: Actor) -> None:
    db.session.add(
        RegisterEntry(
            id=new_id(),
            region_id=accreditation.region_id,
            certificate_number=award.certificate_number,
            council_name=accreditation.council_name,
            region_name=region,
            level_title=award.level_title,
            framework_title=award.framework_title,
            awarded_on=award.awarded_on,
            valid_to_on=award.valid_to_on,
            grace_to_on=award.grace_to_on,
            ending=None,
            ended_on=None,
            with_conditions=bool(award.conditions),
            accent=council.accent,
            county=council.county,
            council_kind=council.kind,
            level=award.level,
        )
    )
    payload = {"number": award.certificate_number, "valid_to_on": award.valid_to_on.isoformat()}
    verb = "award.made"
    if accreditation.recorded_from:
        verb = "award.recorded"
        payload |= {"on": day_words(award.awarded_on), "filename": accreditation.recorded_from}
    events.record(verb, award, by=by, audience="shared", payload=payload)


def lift_conditions(award: Award, *, by: Actor) -> None:
    """Let an award stand without its conditions, here and in the register."""
    award.conditions = ""
    entry = find_same(award.region_id, award.certificate_number)
    if entry is not None:
        entry.with_conditions = False
    events.record("award.conditions_lifted", award, by=by, audience="shared")


def result_of(decision: Decision, award: Award | None) -> dict[str, Any]:
    """What the issued report says of the outcome; reasons of the decider stay with the region."""
    return {
        "outcome": decision.outcome,
        "words": decision.words,
        "conditions": decision.conditions,
        "award": award
        and {
            "certificate_number": award.certificate_number,
            "awarded_on": award.awarded_on.isoformat(),
            "interim_due_on": award.interim_due_on.isoformat() if award.interim_due_on else None,
            "reassessment_opens_on": award.reassessment_opens_on.isoformat(),
            "valid_to_on": award.valid_to_on.isoformat(),
        },
    }


def _add_improvements(accreditation: Accreditation, report: Report, reply_due: date) -> None:
    """Every numbered improvement of the document becomes a record, word for word."""
    framework = get_framework(accreditation.framework_id)
    for item in report.document["improvements"]:
        db.session.add(
            Improvement(
                council_id=accreditation.council_id,
                id=new_id(),
                region_id=accreditation.region_id,
                accreditation_id=accreditation.id,
                report_id=report.id,
                number=item["number"],
                requirement_id=framework.ids.get(item["requirement_code"]),
                criterion_code=item["criterion_code"],
                criterion_title=item["criterion_title"],
                action=item["action"],
                reason=item["reason"],
                remark=item["remark"],
                timescale=item["timescale"],
                mandatory=item["mandatory"],
                issued_at=report.opened_at,
                reply_due_on=reply_due,
                ending=None,
                ended_at=None,
            )
        )
    db.session.flush()
