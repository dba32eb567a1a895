"""Jobs about files in quarantine."""

from __future__ import annotations

from uuid import UUID

from assessment.services import quarantined
from saas.jobs import job


@job()
def discard_quarantined(evidence_id: UUID) -> None:
    """Delete the bytes in which malware was found, unless a seal holds them."""
    quarantined.discard(evidence_id)
