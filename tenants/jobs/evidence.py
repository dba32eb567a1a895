"""Jobs about evidence: its words, its scan, and the page a link leads to."""

from __future__ import annotations

from uuid import UUID

from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily
from tenants.queries.evidence import list_links_to_look_at
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


@daily
@job()
def recheck_links(council_id: UUID) -> None:
    """Once a week a link is looked at anew, each in a job of its own: a slow site holds up no other."""
    for evidence_id in list_links_to_look_at(council_id):
        put(check_link, evidence_id, db.session.info["scope"])
