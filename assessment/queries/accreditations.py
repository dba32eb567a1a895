"""Accreditations, and the process each of them began with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.processes import ProcessVersion
from assessment.rules import processes
from saas.db import db
from saas.errors import NotFound


def get_accreditation(accreditation_id: UUID, *, lock: bool = False, share: bool = False) -> Accreditation:
    """The accreditation, in any scope that sees it; raises NotFound.

    `lock` holds it for a change of stage; `share` keeps its stage as it is while others may do the same.
    """
    wanted = select(Accreditation).where(Accreditation.id == accreditation_id)
    if lock or share:
        wanted = wanted.with_for_update(read=not lock, key_share=lock)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def list_signatures(accreditation_id: UUID) -> list[DeclarationSignature]:
    """The names under a commitment, in the order in which they signed."""
    wanted = select(DeclarationSignature).where(DeclarationSignature.accreditation_id == accreditation_id)
    return list(db.session.scalars(wanted.order_by(DeclarationSignature.signed_on, DeclarationSignature.office)))


def process_of(accreditation: Accreditation) -> processes.Process:
    """The process this accreditation is pinned to."""
    return processes.parse(accreditation.process)


def find_process(region_id: UUID) -> ProcessVersion | None:
    """The newest process settings of a region, or None while it uses the defaults."""
    wanted = select(ProcessVersion).where(ProcessVersion.region_id == region_id)
    return db.session.scalar(wanted.order_by(ProcessVersion.version.desc()).limit(1))
