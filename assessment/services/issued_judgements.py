"""Issued judgements: what an issued report says of each requirement, kept as rows for the region's reports."""

from __future__ import annotations

from sqlalchemy import insert

from assessment.models.issued_judgements import IssuedJudgement
from assessment.models.reports import Report
from assessment.queries.frameworks import PublishedFramework
from saas.db import db, new_id


def keep(report: Report, framework: PublishedFramework) -> None:
    """Keep one row for each judgement of an issued report; with the report, once."""
    rows = [
        {
            "council_id": report.council_id,
            "id": new_id(),
            "region_id": report.region_id,
            "accreditation_id": report.accreditation_id,
            "report_id": report.id,
            "requirement_id": framework.ids[line["code"]],
            "judgement": line["judgement"],
            "issued_at": report.opened_at,
        }
        for criterion in report.document["criteria"]
        for line in criterion["judgements"]
    ]
    if rows:
        db.session.execute(insert(IssuedJudgement), rows)
