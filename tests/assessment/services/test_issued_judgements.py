"""What an issued report says of each requirement becomes rows, once, in the words of the report."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from assessment.models.frameworks import Requirement
from assessment.models.issued_judgements import IssuedJudgement
from assessment.queries.reports import find_issued
from tests.conftest import InScope
from tests.factories.awards import make_award, make_fact_check, partly, release
from tests.factories.tenants import MadeCouncil


def test_the_release_keeps_every_judgement_of_the_report(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council, judge=partly("1.1.1", "2.2.1"), reason="The team advises it.")
    release(app, case)  # again changes nothing
    with in_scope(council.region.scope()) as session:
        report = find_issued(case.accreditation_id)
        assert report is not None
        rows = session.execute(
            select(Requirement.code, IssuedJudgement.judgement, IssuedJudgement.report_id, IssuedJudgement.issued_at)
            .join(Requirement, Requirement.id == IssuedJudgement.requirement_id)
            .order_by(Requirement.position)
        ).all()
        said = [
            (line["code"], line["judgement"], report.id, report.opened_at)
            for criterion in report.document["criteria"]
            for line in criterion["judgements"]
        ]
        assert [tuple(row) for row in rows] == said
        assert {row.code for row in rows if row.judgement == "partly_met"} == {"1.1.1", "2.2.1"}


def test_a_version_for_the_fact_check_keeps_none(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_fact_check(app, council)
    with in_scope(council.region.scope()) as session:
        assert session.scalars(select(IssuedJudgement)).all() == []
