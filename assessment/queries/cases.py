"""Everything that is known of accreditations at a glance, in one statement for any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.queries.accreditations import of_open_council, process_of
from assessment.queries.case_facts import to_watch, wanted
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import appeals, interim
from assessment.rules.answering import Progress, Standing, progress_of
from assessment.rules.case_facts import Facts
from assessment.rules.processes import DEFAULT
from assessment.rules.stages import BEFORE_DECISION, DECIDED, Stage, may_lapse
from assessment.rules.visits import missing_groups
from saas import clock
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class Case:
    """An accreditation with its facts, its award if it led to one, and its newest submission.

    later_id: the accreditation under way to which the council committed after this one. deciders: who ever decided its
    outcome. duties: who has or had a part in its assessment, and which; both as far as the scope sees them.
    """

    accreditation: Accreditation
    framework_title: str
    framework_version: str
    level_title: str
    award: Award | None
    submission_id: UUID | None
    lead: str | None
    facts: Facts
    later_id: UUID | None
    deciders: frozenset[UUID]
    duties: Mapping[UUID, str]


def list_cases_of_council(council_id: UUID) -> list[Case]:
    """Every accreditation of a council, newest first."""
    return _cases(Accreditation.council_id == council_id)


def list_cases_to_watch(region_id: UUID) -> list[Case]:
    """A region's accreditations that may need somebody: under way, or with something open after the decision.

    Open are improvements without a reply or to verify, an interim return, an appeal, an award that still runs, and
    what is late.
    Oldest stage first; one statement, however many there are.
    """
    found = _cases(and_(Accreditation.region_id == region_id, to_watch()))
    return sorted(found, key=lambda case: case.accreditation.stage_since)


def get_case(accreditation_id: UUID) -> Case:
    """One accreditation, in any scope that sees it; raises NotFound."""
    found = _cases(and_(Accreditation.id == accreditation_id, of_open_council()))
    if not found:
        raise NotFound
    return found[0]


def _cases(condition: ColumnElement[bool]) -> list[Case]:
    rows = db.session.execute(wanted().where(condition).order_by(Accreditation.committed_at.desc())).all()
    return [_case(row) for row in rows]


def _case(row: Any) -> Case:
    accreditation: Accreditation = row.Accreditation
    published = get_framework(accreditation.framework_id)
    framework = published.tree
    progress = _progress(published, accreditation.level, row.standings or [])
    award: Award | None = row.newest_awards
    visit_on = row.visit_on if Stage(accreditation.stage) in BEFORE_DECISION else None
    named = row.visit_people or {"people": [], "groups": []}
    facts = Facts(
        stage=Stage(accreditation.stage),
        next_due_on=_next_due_on(accreditation, late=row.late),
        answered=progress.done,
        to_answer=progress.total,
        plan_step=bool(accreditation.process["plan_approval"]),
        sent=row.sent or "",
        sent_outcome=row.sent_outcome,
        sealing=row.sealing,
        signing=row.signing,
        signed=row.signed,
        signatures=row.signatures,
        unconfirmed=row.unconfirmed,
        chair_asked=row.chair_asked,
        scorers=row.scorers,
        conflicts=row.conflicts,
        submitted=row.submitted,
        report_closes_on=row.report_closes_on,
        commented=row.commented or False,
        checking_until=_checking_until(row),
        comment_waits=row.comment_waits or False,
        decided=row.decided,
        replies_missing=row.replies_missing,
        reply_due_on=row.reply_due_on,
        to_verify=row.to_verify,
        reassessment_opens_on=award.reassessment_opens_on if award else None,
        valid_to_on=award.valid_to_on if award else None,
        award_ended=award is not None and award.ending is not None,
        begun_again=row.later_id is not None,
        empty_places=_empty_places(accreditation, row.scorers, row.leads),
        undeclared=row.undeclared,
        judged=row.judged,
        to_judge=len(framework.requirements_of(accreditation.level)),
        questions=row.questions,
        question_due_on=row.question_due_on,
        appealed=row.appealed,
        late=row.late,
        stayed_back=row.stayed_back or "",
        interim_opens_on=_interim_opens_on(accreditation, award),
        interim_due_on=award.interim_due_on if award else None,
        interim_waits=row.interim_waits,
        interim_reviewed=award is not None and award.interim_reviewed_on is not None,
        past_deadline=_past_deadline(accreditation),
        sent_on=_day(row.sealed_at),
        answered_on=_day(row.sent_decided_at),
        commented_on=_day(row.commented_at),
        appealed_on=_day(row.appealed_at),
        released_on=_day(row.issued_at),
        appeal_by=_appeal_by(accreditation, award, row),
        visit_on=visit_on,
        visit_missing=missing_groups(named["groups"], named["people"]) if visit_on else (),
        visit_unnamed=visit_on is not None and not named["people"],
    )
    level_title = framework.level(accreditation.level).title
    about = (accreditation, row.title, row.version, level_title)
    duties = {UUID(user_id): duty for user_id, duty in (row.duties or {}).items()}
    people = (frozenset(row.deciders or ()), duties)
    return Case(*about, award, row.submission_id, row.lead, facts, row.later_id, *people)


def _next_due_on(accreditation: Accreditation, *, late: bool) -> date | None:
    """The next date; one that is past and makes nothing late is nobody's any more."""
    due_on = accreditation.next_due_on
    return due_on if due_on is None or late or due_on >= clock.today() else None


def _progress(framework: PublishedFramework, level: str, found: Sequence[dict[str, Any]]) -> Progress:
    standings = {
        framework.codes[UUID(each["requirement"])]: Standing(
            each["judgement"], reasoned=each["reasoned"], carried=each["carried"], confirmed=each["confirmed"]
        )
        for each in found
    }
    return progress_of(framework.tree, level, standings)


def _empty_places(accreditation: Accreditation, scorers: int, leads: int) -> int:
    """How many places of its process's team nobody sits in."""
    seats = [seat for seat in accreditation.process["team"] if seat["scores"] or seat["leads"]]
    wanted = sum(seat["number"] for seat in seats if seat["scores"])
    leading = sum(seat["number"] for seat in seats if not seat["scores"])
    return max(0, wanted - scorers) + max(0, leading - leads)


def _checking_until(row: Any) -> date | None:
    """The last day of the newest version's fact check, while the council may still comment."""
    closes_on: date | None = row.report_closes_on
    return closes_on if closes_on is not None and not row.commented and clock.today() <= closes_on else None


def _interim_opens_on(accreditation: Accreditation, award: Award | None) -> date | None:
    if award is None or award.interim_due_on is None:
        return None
    months = accreditation.process.get("interim_opens_months", DEFAULT.interim_opens_months)
    return interim.opens_on(award.interim_due_on, months)


def _past_deadline(accreditation: Accreditation) -> date | None:
    """The last day to be assessed, where it is over and the council has sent no submission."""
    deadline = accreditation.deadline_on
    open_still = may_lapse(Stage(accreditation.stage))
    return deadline if deadline is not None and open_still and deadline < clock.today() else None


def _appeal_by(accreditation: Accreditation, award: Award | None, row: Any) -> date | None:
    """The last day of an appeal, where the council may still make one."""
    if row.first_released is None or Stage(accreditation.stage) not in DECIDED:
        return None
    released = appeals.Released(
        outcome=row.first_released["result"]["outcome"],
        conditions=row.first_released["result"]["conditions"],
        released_on=datetime.fromisoformat(row.first_released["at"]).astimezone(clock.LONDON).date(),
        ended=award is not None and award.ending is not None,
    )
    process, lodged = process_of(accreditation), row.appealed_at is not None
    if appeals.why_not_lodge(released, lodged=lodged, today=clock.today(), process=process) is not None:
        return None
    return appeals.last_day(released.released_on, process)


def _day(at: datetime | None) -> date | None:
    """The day of an instant, in London."""
    return at.astimezone(clock.LONDON).date() if at is not None else None
