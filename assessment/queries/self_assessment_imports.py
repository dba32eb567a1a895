"""Self-assessments that were read from a document, and those that were taken in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from assessment.models.accreditations import Accreditation
from saas.db import db
from saas.errors import NotFound
from tenants.models.imports import Import

SELF_ASSESSMENT = "self_assessment"


def get_self_assessment_import(accreditation: Accreditation, import_id: UUID, *, lock: bool = False) -> Import:
    """One document that was read for this self-assessment; raises NotFound. `lock` holds it for a change."""
    wanted = _of(accreditation).where(Import.id == import_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_taken_in_before(accreditation: Accreditation, sha256: str) -> Import | None:
    """The import by which this very file was taken into this self-assessment, if it was."""
    wanted = _of(accreditation).where(Import.sha256 == sha256, Import.taken_in_at.is_not(None))
    return db.session.scalar(wanted.order_by(Import.taken_in_at.desc()).limit(1))


def list_self_assessment_imports(accreditation: Accreditation) -> list[Import]:
    """Documents taken in, newest first."""
    wanted = _of(accreditation).where(Import.taken_in_at.is_not(None))
    return [*db.session.scalars(wanted.order_by(Import.taken_in_at.desc(), Import.id))]


def _of(accreditation: Accreditation) -> Select[Import]:
    return select(Import).where(
        Import.council_id == accreditation.council_id,
        Import.kind == SELF_ASSESSMENT,
        Import.accreditation_id == accreditation.id,
    )
