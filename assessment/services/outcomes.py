"""Telling a council's leads of its outcome, in notices that their daily mail repeats."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.appeals import AppealDecision
from assessment.models.reports import Report
from assessment.queries.accreditations import address_of, get_accreditation
from assessment.rules import appeals
from saas.db import db
from saas.policy import Permission
from tenants.queries.access import list_colleagues
from tenants.services import notices
from tenants.services.notices import Told


def notice_key(report_id: UUID) -> str:
    """What the notice of a released report is known by."""
    return f"outcome:{report_id}"


def accreditation_of(report_id: UUID) -> UUID:
    """Whose report it is."""
    return db.session.scalars(select(Report.accreditation_id).where(Report.id == report_id)).one()


def tell_of_report(report_id: UUID) -> list[Told]:
    """The outcome is released: the first issued report tells it, a second one follows from an appeal.

    Returns the leads who had not been told before; each is mailed at once.
    """
    report = db.session.scalar(select(Report).where(Report.id == report_id))
    if report is None or report.number != 1:
        return []
    words = "The region has released your council’s report and outcome"
    return _tell(report.accreditation_id, key=notice_key(report_id), words=words, page="journey")


def tell_of_appeal(decision_id: UUID) -> None:
    """The appeal is decided."""
    decision = db.session.scalar(select(AppealDecision).where(AppealDecision.id == decision_id))
    if decision is not None:
        words = f"Your council’s appeal is {appeals.LABELS[decision.outcome].lower()}"
        _tell(decision.accreditation_id, key=f"appeal:{decision_id}", words=words, page="appeal")


def _tell(accreditation_id: UUID, *, key: str, words: str, page: str) -> list[Told]:
    accreditation = get_accreditation(accreditation_id)
    path = f"{address_of(accreditation)}{page}"
    leads = list_colleagues(accreditation.council_id, Permission.APPEAL_LODGE)
    told = [Told(lead.user_id, key, "outcome", words, path) for lead in leads]
    return notices.tell_all(accreditation.council_id, told)
