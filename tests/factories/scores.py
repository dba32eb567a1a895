"""Teams, scores and moderation for tests, made through the services on a sealed submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import get_framework
from assessment.queries.submissions import get_submission
from assessment.services import assignments, interests, moderations, readiness, scores
from assessment.services.assignments import Asked
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.remembering import remembered
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

Judge = Callable[[str], str]
"""Requirement code → step, as one scorer judges."""


@dataclass(frozen=True)
class MadeCase:
    """An accreditation with its submission, its team and the region's officer who leads it."""

    accreditation_id: UUID
    submission_id: UUID
    framework_id: UUID
    council: MadeCouncil
    region: MadeRegion
    officer: MadeUser
    scorers: tuple[MadeUser, ...]

    def file(self, scorer: int = 0) -> Scope:
        """The file's scope for the first or second scorer."""
        return Scope.file(self.accreditation_id, self.region.id, self.scorers[scorer].id)


def actor(user: MadeUser) -> Actor:
    """The user as the one who does something."""
    return Actor(user.id, user.name)


def met(_code: str) -> str:
    """A scorer who finds everything met."""
    return "met"


@remembered
def make_accepted(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    *,
    framework: str = "charter-2008",
    officer: MadeUser | None = None,
    accreditation_id: UUID | None = None,
    submission_id: UUID | None = None,
) -> MadeCase:
    """A submission the region has accepted, with two assessors and an officer who can be asked (nobody is yet).

    submission_id: one that was made before, in place of a plain one.
    """
    officer = officer or make_user(app, region, "region_officer")
    framework_id = make_framework(app, framework)
    accreditation_id = accreditation_id or make_accreditation(app, council, framework_id)
    submission_id = submission_id or make_submission(app, council, accreditation_id)
    with app.app_context(), within(region.scope(officer.id)):
        accreditation = get_accreditation(accreditation_id, lock=True)
        readiness.decide(accreditation, get_submission(submission_id), outcome="accepted", reason="", by=actor(officer))
    scorers = (make_user(app, region, "assessor"), make_user(app, region, "assessor"))
    return MadeCase(accreditation_id, submission_id, framework_id, council, region, officer, scorers)


def seated(case: MadeCase) -> dict[str, Asked]:
    """The usual team: an officer and a councillor of other councils score, the region's officer leads."""
    return {
        "officer_1": Asked(case.scorers[0].id, "Northfield Borough Council"),
        "councillor_1": Asked(case.scorers[1].id, "Eastmoor District Council"),
        "regional_1": Asked(case.officer.id),
    }


@remembered
def make_team(app: Flask, council: MadeCouncil, region: MadeRegion, **options: object) -> MadeCase:
    """An accepted submission with its team, nobody declared yet."""
    case = make_accepted(app, council, region, **options)  # type: ignore[arg-type]
    with app.app_context(), within(region.scope(case.officer.id)):
        assignments.assign(get_accreditation(case.accreditation_id, lock=True), seated(case), by=actor(case.officer))
    return case


@remembered
def make_declared(app: Flask, council: MadeCouncil, region: MadeRegion, **options: object) -> MadeCase:
    """A team in which both scorers have declared that they have no interest."""
    case = make_team(app, council, region, **options)
    for number, scorer in enumerate(case.scorers):
        with app.app_context(), within(case.file(number)):
            interests.declare(
                get_own(case.accreditation_id, scorer.id, lock=True), interest="none", words="", by=actor(scorer)
            )
    return case


@remembered
def score_all(app: Flask, case: MadeCase, scorer: int, judge: Judge = met, *, submit: bool = True) -> None:
    """One scorer judges every requirement, and submits; strengths for what is met, improvements for the rest."""
    user = case.scorers[scorer]
    with app.app_context(), within(case.file(scorer)):
        framework = get_framework(case.framework_id)
        level = get_accreditation(case.accreditation_id).level
        for requirement in framework.tree.requirements_of(level):
            step = judge(requirement.code)
            scores.save(
                case.accreditation_id,
                requirement.code,
                judgement=step,
                reason=f"{user.name} on {requirement.code}",
                strength=f"Strong on {requirement.title.lower()}" if step == "met" else "",
                improvement="" if step == "met" else f"Do more about {requirement.title.lower()}",
                note="",
                version=0,
                by=actor(user),
            )
        if submit:
            scores.submit(case.accreditation_id, by=actor(user))


@remembered
def make_scored(
    app: Flask, council: MadeCouncil, region: MadeRegion, *, judges: tuple[Judge, Judge] = (met, met), **options: object
) -> MadeCase:
    """Both scorers have submitted; moderation has not begun."""
    case = make_declared(app, council, region, **options)
    for number, judge in enumerate(judges):
        score_all(app, case, number, judge)
    return case


@remembered
def make_moderated(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    *,
    judges: tuple[Judge, Judge] = (met, met),
    agreed: Mapping[str, str] | None = None,
    **options: object,
) -> MadeCase:
    """Every judgement is agreed and the report can be written (stage reporting).

    agreed: requirement code → step that moderation decides, for what the scorers differ on and for what it changes.
    """
    case = make_scored(app, council, region, judges=judges, **options)
    by = actor(case.officer)
    with app.app_context(), within(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        framework = get_framework(case.framework_id)
        moderations.begin(accreditation, by=by)
        moderations.agree_all(accreditation, by=by)
        for code, step in (agreed or {}).items():
            reason = f"Talked over {code}"
            moderations.moderate(accreditation, framework.ids[code], judgement=step, reason=reason, by=by)
        moderations.finish(accreditation, by=by)
    return case
