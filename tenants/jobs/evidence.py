"""Jobs about evidence: its words, its scan, and the page a link leads to."""

from __future__ import annotations

from uuid import UUID

from saas.jobs import job
from tenants.services import evidence_looks


@job()
def read_evidence(evidence_id: UUID) -> None:
    """Keep the words of a file that was added or replaced."""
    evidence_looks.read_text(evidence_id)


def _later(evidence_id: UUID, _error: Exception) -> None:
    evidence_looks.ask_again_later(evidence_id)


@job(on_failure=_later)
def scan_evidence(evidence_id: UUID) -> None:
    """Scan a file that was kept while the scanner was away; tried until it answers."""
    evidence_looks.scan_again(evidence_id)


@job()
def check_link(evidence_id: UUID) -> None:
    """Look at the page a link leads to."""
    evidence_looks.check_link(evidence_id)
