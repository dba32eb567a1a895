"""Citations: the words beside a piece of evidence that an answer cites, changed in place."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.answers import Answer, Citation
from assessment.services.answers import accreditation_of, refuse_at_rest, refuse_closed, requirement_of
from saas import events
from saas.db import db
from saas.errors import NotFound
from saas.tenancy import Actor
from tenants.models.evidence import Evidence


def get_citation(answer: Answer, citation_id: UUID) -> Citation:
    """One citation of the answer as it stands now, held until the transaction ends; raises NotFound."""
    found = db.session.scalar(
        select(Citation)
        .where(Citation.council_id == answer.council_id, Citation.answer_id == answer.id, Citation.id == citation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def change_citation(answer: Answer, citation: Citation, *, pinpoint: str, why: str, by: Actor) -> None:
    """Say anew where in the evidence and what it shows; what is empty is taken away. Raises Conflict (at rest)."""
    accreditation = accreditation_of(answer)
    requirement = requirement_of(accreditation, answer.requirement_id)
    refuse_at_rest(accreditation)
    refuse_closed(accreditation, requirement)
    citation.pinpoint, citation.why = pinpoint, why
    title = db.session.scalar(
        select(Evidence.title).where(Evidence.council_id == answer.council_id, Evidence.id == citation.evidence_id)
    )
    payload = {"requirement": requirement.code, "evidence": title}
    events.record("evidence.cited", answer, by=by, audience="council", payload=payload)
