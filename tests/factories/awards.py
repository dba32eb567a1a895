"""Reports, decisions, awards and issued improvements for tests, made through the services."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Flask

from assessment.queries.reports import find_draft, find_newest
from assessment.services import awards, decisions, fact_checks, reports
from assessment.services.awards import Released
from saas import jobs
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.scores import Judge, MadeCase, actor, make_moderated, met
from tests.factories.tenants import MadeCouncil, make_user

SUMMARY = "The council learns on purpose, and can show it."
TOLD = "Two elements are not met yet."


def partly(*codes: str) -> Judge:
    """A scorer who finds these requirements partly met and all others met."""
    return lambda code: "partly_met" if code in codes else "met"


@remembered
def make_draft(app: Flask, council: MadeCouncil, *, judge: Judge = met, **options: object) -> MadeCase:
    """A report begun from scores on which both assessors agree, with its summary written."""
    case = make_moderated(app, council, council.region, judges=(judge, judge), **options)  # type: ignore[arg-type]
    with app.app_context(), within(case.region.scope(case.officer.id)):
        draft = reports.begin(case.accreditation_id, by=actor(case.officer))
        reports.save(case.accreditation_id, summary=SUMMARY, version=draft.version, by=actor(case.officer))
    return case


def draft_version(app: Flask, case: MadeCase) -> int:
    """The version of the report's draft."""
    with app.app_context(), within(case.region.scope(case.officer.id)):
        draft = find_draft(case.accreditation_id)
        assert draft is not None
        return draft.version


@remembered
def make_fact_check(app: Flask, council: MadeCouncil, **options: object) -> MadeCase:
    """A report that is open to the council for its facts; nothing is said of it yet."""
    case = make_draft(app, council, **options)  # type: ignore[arg-type]
    version = draft_version(app, case)
    with app.app_context(), within(case.region.scope(case.officer.id)):
        fact_checks.open_fact_check(case.accreditation_id, by=actor(case.officer), version=version)
    return case


@remembered
def comment(app: Flask, case: MadeCase, words: str = "") -> UUID:
    """The council's whole fact check of the newest version: its one comment, if any, and that this is all.

    The id of the comment, or of the word that there is nothing to correct.
    """
    with app.app_context(), within(case.council.scope()):
        report = find_newest(case.accreditation_id, "fact_check")
        assert report is not None
        wanted = case.accreditation_id
        said = words and fact_checks.comment(wanted, report.id, has_none=False, words=words, by=CONSOLE).id
        end = fact_checks.comment(wanted, report.id, has_none=True, words="", by=CONSOLE).id
        return said or end


@remembered
def decide(app: Flask, case: MadeCase, outcome: str = "awarded", *, reason: str = "", conditions: str = "") -> None:
    """A decider who stood outside decides, and writes to the council where that is needed."""
    words = TOLD if outcome == "not_yet" or reason else ""
    decider = make_user(app, case.region, "region_decider")
    with app.app_context(), within(case.region.scope(decider.id)):
        decisions.decide(
            case.accreditation_id,
            outcome=outcome,
            reason=reason,
            words=words,
            conditions=conditions,
            by=actor(decider),
        )


@remembered
def make_decided(
    app: Flask,
    council: MadeCouncil,
    *,
    outcome: str = "awarded",
    reason: str = "",
    conditions: str = "",
    **options: object,
) -> MadeCase:
    """The council had no comments and the outcome is decided; it waits for release."""
    case = make_fact_check(app, council, **options)
    comment(app, case)
    decide(app, case, outcome, reason=reason, conditions=conditions)
    return case


def release(app: Flask, case: MadeCase) -> Released:
    """The region's officer releases, and what follows from it is done."""
    with app.app_context():
        with within(case.region.scope(case.officer.id)):
            released = awards.release(case.accreditation_id, by=actor(case.officer))
        jobs.run_all()
    return released


@remembered
def make_award(
    app: Flask,
    council: MadeCouncil,
    *,
    improvements: int = 0,
    outcome: str = "awarded",
    reason: str = "",
    conditions: str = "",
    words: Mapping[int, Mapping[str, str]] | None = None,
    **options: object,
) -> MadeCase:
    """A released outcome. improvements: how many are issued; words: texts of the improvement with that number."""
    case = make_fact_check(app, council, **options) if not improvements else make_draft(app, council, **options)  # type: ignore[arg-type]
    if improvements:
        by = actor(case.officer)
        added = [
            {
                "action": f"Do thing {number}",
                "reason": f"Because of {number}",
                "remark": "",
                "timescale": "By December 2026",
                "requirement_code": "",
                "criterion_code": "",
                "mandatory": False,
                **(words or {}).get(number, {}),
            }
            for number in range(1, improvements + 1)
        ]
        with app.app_context(), within(case.region.scope(case.officer.id)):
            draft = find_draft(case.accreditation_id)
            assert draft is not None
            every = [*draft.improvements, *added]
            version = reports.save(case.accreditation_id, improvements=every, version=draft.version, by=by).version
            fact_checks.open_fact_check(case.accreditation_id, by=by, version=version)
    comment(app, case)
    decide(app, case, outcome, reason=reason, conditions=conditions)
    release(app, case)
    return case
