"""A whole journey under each preset: from commitment to the award, through the services alone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta
from flask import Flask

from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import get_own
from assessment.queries.awards import find_award
from assessment.queries.frameworks import get_framework
from assessment.queries.submissions import find_latest, get_submission
from assessment.rules import teams
from assessment.rules.process_presets import PRESETS, Preset
from assessment.rules.processes import DEFAULT
from assessment.rules.stages import Stage
from assessment.services import (
    accreditations,
    answers,
    assignments,
    fact_checks,
    interests,
    moderations,
    readiness,
    reports,
)
from assessment.services import processes as process_services
from assessment.services.accreditations import Signature
from assessment.services.assignments import Asked
from assessment.services.submissions import Incomplete
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.assessment import make_framework
from tests.factories.awards import SUMMARY, comment, decide, draft_version, release
from tests.factories.clarifications import make_answer, make_question
from tests.factories.evidence import make_file
from tests.factories.scores import MadeCase, actor, score_all
from tests.factories.submissions import answer_all, make_seal
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

FRAMEWORK = "charter-2017"
HOMES = ("Northfield Borough Council", "Eastmoor District Council", "Westlake City Council")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_council_gets_its_award(
    app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser, in_scope: InScope, preset: Preset
) -> None:
    process = preset.process
    officer = make_user(app, region, "region_officer")
    framework_id = make_framework(app, FRAMEWORK)
    with in_scope(region.scope(officer.id)):
        process_services.save_process(region.id, process, version=0, by=actor(officer))
    accreditation_id = commit(app, council, framework_id, preset)
    with in_scope(council.scope()):
        made = get_accreditation(accreditation_id)
        assert process_of(made) == process
        assert (made.deadline_on is None) is (process.months_to_assess is None)

    answer(app, council, accreditation_id, with_evidence=process.evidence_expected)
    make_seal(app, council, accreditation_id, "plan")
    with in_scope(region.scope(officer.id)):
        accreditation = get_accreditation(accreditation_id, lock=True)
        assert accreditation.stage == (Stage.PLAN_SUBMITTED if process.plan_approval else Stage.IMPROVING)
        if process.plan_approval:
            plan = newest(accreditation_id, "plan")
            readiness.decide(accreditation, get_submission(plan), outcome="accepted", reason="", by=actor(officer))
    submission_id = make_seal(app, council, accreditation_id, "readiness")
    with in_scope(region.scope(officer.id)):
        readiness.decide(
            get_accreditation(accreditation_id, lock=True),
            get_submission(submission_id),
            outcome="accepted",
            reason="",
            by=actor(officer),
        )

    case = seat(app, council, region, officer, accreditation_id, submission_id, framework_id, preset)
    with in_scope(council.scope()):
        asked_about = get_framework(framework_id).tree.requirements_of("charter")[0].code
    question = make_question(app, case, asked_about)
    make_answer(app, case, question, lead, evidence=[make_file(app, council, title="Papers asked for")])
    for number in range(len(case.scorers)):
        score_all(app, case, number)
    report(app, case)
    comment(app, case)
    decide(app, case)
    release(app, case)
    with in_scope(council.scope()):
        award = find_award(accreditation_id)
        assert award is not None
        assert get_accreditation(accreditation_id).stage == Stage.AWARDED
        assert award.valid_to_on == award.awarded_on + relativedelta(months=process.award_months)
        assert (award.interim_due_on is None) is (process.interim_months is None)


def test_a_submission_without_evidence_is_refused_where_it_is_expected(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    framework_id = make_framework(app, FRAMEWORK)
    accreditation_id = commit(app, council, framework_id, PRESETS["north_west"])
    with in_scope(council.scope()):
        assert process_of(get_accreditation(accreditation_id)) == DEFAULT
    answer(app, council, accreditation_id, with_evidence=False)
    make_seal(app, council, accreditation_id, "plan")
    with in_scope(region.scope()):
        get_accreditation(accreditation_id, lock=True).stage = Stage.IMPROVING
    with pytest.raises(Incomplete):
        make_seal(app, council, accreditation_id, "readiness")


def commit(app: Flask, council: MadeCouncil, framework_id: UUID, preset: Preset) -> UUID:
    """Committed with every signature that the preset asks for, on paper."""
    signatures = [Signature(office, f"Holder of {office}", date(2026, 1, 5)) for office in preset.process.signatories]
    with app.app_context(), within(council.scope()):
        made = accreditations.commit(
            council.id,
            council.region.id,
            council.name,
            framework_id=framework_id,
            level="charter",
            target_on=None,
            signatures=signatures,
            by=CONSOLE,
        )
        return made.id


def answer(app: Flask, council: MadeCouncil, accreditation_id: UUID, *, with_evidence: bool) -> None:
    """Every requirement is judged met, with evidence or without any."""
    if with_evidence:
        answer_all(app, council, accreditation_id)
        return
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        framework = get_framework(accreditation.framework_id)
        for requirement in framework.tree.requirements_of(accreditation.level):
            answers.save(
                accreditation,
                framework.ids[requirement.code],
                judgement="met",
                narrative=f"What we do about {requirement.title.lower()}.",
                not_applicable_reason="",
                version=0,
                by=CONSOLE,
            )


def newest(accreditation_id: UUID, kind: str) -> UUID:
    """The submission of this kind that was sent last."""
    found = find_latest(accreditation_id, kind)
    assert found is not None
    return found.id


def seat(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    officer: MadeUser,
    accreditation_id: UUID,
    submission_id: UUID,
    framework_id: UUID,
    preset: Preset,
) -> MadeCase:
    """Every place of the preset's team filled, and every scorer declared."""
    places = teams.places(preset.process)
    scorers = tuple(make_user(app, region, "assessor") for place in places if place.scores)
    waiting, homes = iter(scorers), iter(HOMES)
    asked = {place.key: Asked(next(waiting).id, next(homes)) if place.scores else Asked(officer.id) for place in places}
    case = MadeCase(accreditation_id, submission_id, framework_id, council, region, officer, scorers)
    with app.app_context(), within(region.scope(officer.id)):
        assignments.assign(get_accreditation(accreditation_id, lock=True), asked, by=actor(officer))
    for number, scorer in enumerate(scorers):
        with app.app_context(), within(case.file(number)):
            own = get_own(accreditation_id, scorer.id, lock=True)
            interests.declare(own, interest="none", words="", by=actor(scorer))
    return case


def report(app: Flask, case: MadeCase) -> None:
    """Moderated, written, and open to the council for its facts."""
    by = actor(case.officer)
    with app.app_context(), within(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=by)
        moderations.agree_all(accreditation, by=by)
        moderations.finish(accreditation, by=by)
        draft = reports.begin(case.accreditation_id, by=by)
        reports.save(case.accreditation_id, summary=SUMMARY, version=draft.version, by=by)
    version = draft_version(app, case)
    with app.app_context(), within(case.region.scope(case.officer.id)):
        fact_checks.open_fact_check(case.accreditation_id, by=by, version=version)
