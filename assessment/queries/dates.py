"""Every date a council has still before it, or has let pass: what is due, where it is dealt with, and whose it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, ContributionRequest, ElementOwner
from assessment.models.signings import SignatureRequest
from assessment.models.visits import Visit
from assessment.queries.cases import Case, list_cases_of_council
from assessment.queries.frameworks import get_framework
from assessment.rules.answering import Standing, progress_among
from assessment.rules.stages import Stage, may_edit_answers
from assessment.rules.waiting import Task, for_council
from saas import clock
from saas.db import db
from saas.policy import Permission
from tenants.models.access import Access
from tenants.models.councils import Council
from tenants.models.evidence import Evidence
from tenants.models.meetings import Meeting
from tenants.models.plans import Action, Plan
from tenants.queries.access import roles_with
from tenants.queries.plans import is_open

OPEN = [stage.value for stage in Stage if may_edit_answers(stage)]
REPLIES_BEFORE = (10,)
"""Days before replies are due on which every council is reminded."""
PLACES_OF = {
    Task.REPLY: ("reply", "improvements"),
    Task.SEND_INTERIM: ("interim", "interim"),
    Task.APPEAL: ("appeal", "appeal"),
}
"""What has a page of its own: the kind of date it is, and the page below the accreditation's."""
TITLES = {Task.APPEAL: "Last day to appeal"}
"""What is called otherwise among dates than in a list of work."""
ELSEWHERE = {Task.READ_REPORT, Task.PREPARE_VISIT}
"""What has no day of its own, or is among the dates already."""
JUDGEMENTS = ("judgement", "reasoned", "carried", "confirmed")


@dataclass(frozen=True, slots=True)
class Dated:
    """Something not done yet with its day. `subject` names it within its kind; `people` is empty where it is the leads.

    who: the outsider who has to do it; only colleagues read that. renewal: the day is the last one something is valid,
    not the one by which something is to be done. before: days on which it reminds beside those the council set.
    """

    kind: str
    subject: str
    on: date
    title: str
    path: str
    people: tuple[UUID, ...] = ()
    renewal: bool = False
    who: str = ""
    before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on a council's self-assessment: those who write answers, and its leads among them."""

    writers: frozenset[UUID]
    leads: tuple[UUID, ...]

    def of(self, *wanted: UUID | None) -> tuple[UUID, ...]:
        """Those of the wanted who still write answers here; nobody means the leads."""
        return tuple(dict.fromkeys(each for each in wanted if each is not None and each in self.writers))


def find_team(council_id: UUID) -> Team:
    """The people of a council who hear of its dates; one statement."""
    writes, leads = roles_with(Permission.ANSWER_WRITE), set(roles_with(Permission.SUBMISSION_SEAL))
    rows = db.session.execute(
        select(Access.user_id, Access.role)
        .where(Access.council_id == council_id, Access.ended_at.is_(None), Access.role.in_([*writes, *leads]))
        .order_by(Access.user_id)
    ).all()
    return Team(
        frozenset(row.user_id for row in rows),
        tuple(dict.fromkeys(row.user_id for row in rows if row.role in leads)),
    )


def list_dates(council_id: UUID, team: Team) -> list[Dated]:
    """Every dated thing of a council that is not done, by date; ten statements, however much there is."""
    slug = db.session.scalar(select(Council.slug).where(Council.id == council_id))
    home = f"/councils/{slug}"
    cases = list_cases_of_council(council_id)
    found = [dated for case in cases for dated in _of_case(case, home)]
    found += _elements(council_id, home, team)
    found += _contributions(council_id, home, team)
    found += _evidence(council_id, home, team)
    found += _signatures(council_id, home)
    found += _actions(council_id, home)
    found += _meetings(council_id, home)
    found += _visits(council_id, home)
    return sorted(found, key=lambda each: (each.on, each.kind, each.title))


def _of_case(case: Case, home: str) -> list[Dated]:
    """What the council has to do next in one accreditation, and the days it set itself or the region set."""
    accreditation = case.accreditation
    here = f"{home}/accreditations/{accreditation.id}"
    path = f"{here}/journey"
    days: dict[date, str] = {}
    own: list[Dated] = []
    for waiting in for_council(case.facts, clock.today()):
        if waiting.due_on is None or waiting.task in ELSEWHERE:
            continue
        if waiting.task in PLACES_OF:
            kind, page = PLACES_OF[waiting.task]
            title = f"{TITLES.get(waiting.task, waiting.words)} ({case.level_title})"
            before = REPLIES_BEFORE if waiting.task is Task.REPLY else ()
            own.append(Dated(kind, str(accreditation.id), waiting.due_on, title, f"{here}/{page}", before=before))
            continue
        days.setdefault(waiting.due_on, waiting.words)
    if may_edit_answers(case.facts.stage):
        for on, words in (
            (accreditation.deadline_on, "Last day to be assessed"),
            (accreditation.target_on, "Your target"),
        ):
            if on is not None:
                days.setdefault(on, words)
    facts, told = case.facts, {each.on for each in own}
    settled = facts.award_ended or facts.interim_reviewed or facts.interim_waits
    if facts.stage is Stage.AWARDED and facts.interim_due_on and not settled and facts.interim_due_on not in told:
        days.setdefault(facts.interim_due_on, "Interim review")
    return own + [
        Dated("accreditation", str(accreditation.id), on, f"{words} ({case.level_title})", path)
        for on, words in days.items()
    ]


def _elements(council_id: UUID, home: str, team: Team) -> list[Dated]:
    """Elements with a day whose requirements are not all judged, while the answers are open."""
    of_accreditation = and_(
        Accreditation.council_id == ElementOwner.council_id, Accreditation.id == ElementOwner.accreditation_id
    )
    owned = db.session.execute(
        select(ElementOwner, Accreditation)
        .join(Accreditation, of_accreditation)
        .where(ElementOwner.council_id == council_id, ElementOwner.due_on.is_not(None), Accreditation.stage.in_(OPEN))
    ).all()
    judged = db.session.execute(
        select(
            Answer.accreditation_id,
            Answer.requirement_id,
            Answer.judgement,
            (func.trim(Answer.not_applicable_reason) != "").label("reasoned"),
            (Answer.carried.is_not(None) | Answer.imported.is_not(None)).label("carried"),
            Answer.confirmed_at.is_not(None).label("confirmed"),
        )
        .join(
            Accreditation,
            and_(Accreditation.council_id == Answer.council_id, Accreditation.id == Answer.accreditation_id),
        )
        .where(Answer.council_id == council_id, Answer.judgement.is_not(None), Accreditation.stage.in_(OPEN))
    ).all()
    standings: dict[UUID, dict[UUID, Standing]] = defaultdict(dict)
    for row in judged:
        standings[row.accreditation_id][row.requirement_id] = Standing(
            **{name: getattr(row, name) for name in JUDGEMENTS}
        )
    found = []
    for owner, accreditation in owned:
        framework = get_framework(accreditation.framework_id)
        by_code = {framework.codes[key]: standing for key, standing in standings[accreditation.id].items()}
        wanted = {each.code for each in framework.tree.requirements_of(accreditation.level)}
        for element in (each for criterion in framework.tree.criteria for each in criterion.elements):
            asked = tuple(each for each in element.requirements if each.code in wanted)
            done = not asked or progress_among(framework.tree, asked, by_code).is_complete
            if element.code == owner.element_code and owner.due_on is not None and not done:
                path = f"{home}/accreditations/{accreditation.id}/requirements/{asked[0].code}"
                title = f"Answers to {element.code} {element.title}"
                found.append(Dated("element", str(owner.id), owner.due_on, title, path, team.of(owner.user_id)))
    return found


def _contributions(council_id: UUID, home: str, team: Team) -> list[Dated]:
    """Texts that were asked for and have not come; those whose answers are closed are nobody's any more."""
    of_accreditation = and_(
        Accreditation.council_id == ContributionRequest.council_id,
        Accreditation.id == ContributionRequest.accreditation_id,
    )
    rows = db.session.scalars(
        select(ContributionRequest)
        .join(Accreditation, of_accreditation)
        .where(
            ContributionRequest.council_id == council_id,
            ContributionRequest.due_on.is_not(None),
            ContributionRequest.sent_at.is_(None),
            ContributionRequest.declined_at.is_(None),
            ContributionRequest.withdrawn_at.is_(None),
            Accreditation.stage.in_(OPEN),
        )
    )
    return [
        Dated(
            "contribution",
            str(row.id),
            row.due_on,
            f"Text about {row.shown['code']} {row.shown['title']}",
            f"{home}/accreditations/{row.accreditation_id}/requirements/{row.shown['code']}#contributions",
            team.of(row.asked_by),
            who=row.name,
        )
        for row in rows
        if row.due_on is not None
    ]


def _evidence(council_id: UUID, home: str, team: Team) -> list[Dated]:
    """Evidence that is valid until a day, for whoever added it."""
    rows = db.session.execute(
        select(Evidence.id, Evidence.title, Evidence.valid_until_on, Evidence.added_by).where(
            Evidence.council_id == council_id,
            Evidence.valid_until_on.is_not(None),
            Evidence.removed_at.is_(None),
        )
    )
    return [
        Dated(
            "evidence",
            str(row.id),
            row.valid_until_on,
            f"Evidence “{row.title}”",
            f"{home}/evidence/{row.id}",
            team.of(row.added_by),
            renewal=True,
        )
        for row in rows
    ]


def _signatures(council_id: UUID, home: str) -> list[Dated]:
    """Signatures that are asked for; the day is the last one on which the link works."""
    rows = db.session.scalars(
        select(SignatureRequest).where(
            SignatureRequest.council_id == council_id,
            SignatureRequest.key_hash.is_not(None),
            SignatureRequest.signed_at.is_(None),
            SignatureRequest.declined_at.is_(None),
            SignatureRequest.ended_at.is_(None),
            SignatureRequest.paper_signed_on.is_(None),
        )
    )
    return [
        Dated(
            "signature",
            str(row.id),
            row.expires_at.astimezone(clock.LONDON).date(),
            f"Signature of the {row.office}: {row.text_title}",
            f"{home}/accreditations/{row.accreditation_id}/journey",
            who=row.name,
        )
        for row in rows
    ]


def _actions(council_id: UUID, home: str) -> list[Dated]:
    """Open actions by plan and day: a plan often gives one day to many. What was put away is due to nobody."""
    rows = db.session.execute(
        select(Plan.id, Plan.title, Action.latest_on, func.count().label("number"))
        .join(Plan, and_(Plan.council_id == Action.council_id, Plan.id == Action.plan_id))
        .where(
            Action.council_id == council_id,
            Plan.put_away_at.is_(None),
            Action.latest_on.is_not(None),
            is_open(),
        )
        .group_by(Plan.id, Plan.title, Action.latest_on)
    )
    return [
        Dated(
            "actions",
            str(row.id),
            row.latest_on,
            f"{row.number} action{'' if row.number == 1 else 's'} of {row.title}",
            f"{home}/plans/{row.id}",
        )
        for row in rows
    ]


def _meetings(council_id: UUID, home: str) -> list[Dated]:
    """Meetings about plans that are still to come, today's among them."""
    rows = db.session.execute(
        select(Meeting.id, Meeting.body, Meeting.held_on, Plan.id.label("plan_id"), Plan.title)
        .join(Plan, and_(Plan.council_id == Meeting.council_id, Plan.id == Meeting.plan_id))
        .where(
            Meeting.council_id == council_id,
            Meeting.closed_at.is_(None),
            Meeting.held_on >= clock.today(),
            Plan.put_away_at.is_(None),
        )
    )
    return [
        Dated(
            "meeting",
            str(row.id),
            row.held_on,
            f"{row.body} meets about {row.title}",
            f"{home}/plans/{row.plan_id}/meetings/{row.id}",
        )
        for row in rows
    ]


def _visits(council_id: UUID, home: str) -> list[Dated]:
    """Visits that are still to come: one that was not, nobody is late with."""
    rows = db.session.execute(
        select(Visit.id, Visit.accreditation_id, Visit.held_on, Visit.place).where(
            Visit.council_id == council_id,
            Visit.state.in_(("planned", "invited")),
            Visit.held_on >= clock.today(),
        )
    )
    return [
        Dated(
            "visit",
            str(row.id),
            row.held_on,
            f"Visit of the assessors, {row.place}",
            f"{home}/accreditations/{row.accreditation_id}/visit",
        )
        for row in rows
    ]
