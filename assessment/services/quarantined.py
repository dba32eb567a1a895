"""Files in quarantine: their bytes go, unless a seal or an answer that was sent holds them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from assessment.models.clarifications import ClarificationFile
from assessment.models.submissions import SubmissionFile
from saas.db import db
from saas.files import storage
from tenants.models.evidence import EvidenceVersion
from tenants.queries.evidence import find_evidence


def discard(evidence_id: UUID) -> None:
    """Delete the content in which malware was found from storage; what was sealed is never touched."""
    evidence = find_evidence(evidence_id)
    if evidence is None:
        return
    sealed = exists().where(
        SubmissionFile.council_id == evidence.council_id, SubmissionFile.sha256 == EvidenceVersion.sha256
    )
    sent = exists().where(
        ClarificationFile.council_id == evidence.council_id, ClarificationFile.sha256 == EvidenceVersion.sha256
    )
    bad = select(EvidenceVersion.sha256).where(
        EvidenceVersion.council_id == evidence.council_id,
        EvidenceVersion.evidence_id == evidence.id,
        EvidenceVersion.quarantined,
        ~sealed,
        ~sent,
    )
    for sha256 in db.session.scalars(bad).all():
        storage().delete(str(evidence.council_id), sha256)
