"""Accreditations, and the process each of them began with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, literal, select

from assessment.models.accreditations import Accreditation
from assessment.models.processes import ProcessVersion
from assessment.rules import processes
from assessment.rules.stages import BEFORE_DECISION
from saas.db import db
from saas.errors import NotFound
from tenants.models.councils import Council


def of_open_council() -> ColumnElement[bool]:
    """In SQL: in a council's scope only its own, without the record of councils that merged into it."""
    council_id = db.session.info["scope"].council_id
    return literal(True) if council_id is None else Accreditation.council_id == council_id


def get_accreditation(accreditation_id: UUID, *, lock: bool = False, share: bool = False) -> Accreditation:
    """The accreditation, in any scope that sees it; raises NotFound.

    `lock` holds it for a change of stage; `share` keeps its stage as it is while others may do the same.
    """
    wanted = select(Accreditation).where(Accreditation.id == accreditation_id, of_open_council())
    if lock or share:
        wanted = wanted.with_for_update(read=not lock, key_share=lock)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def list_under_way(council_id: UUID) -> list[Accreditation]:
    """Everything of a council that is not decided yet."""
    stages = [stage.value for stage in BEFORE_DECISION]
    wanted = select(Accreditation).where(Accreditation.council_id == council_id, Accreditation.stage.in_(stages))
    return list(db.session.scalars(wanted.order_by(Accreditation.committed_at)))


def has_closed(council_id: UUID) -> bool:
    """Whether any journey of this council is over."""
    stages = [stage.value for stage in BEFORE_DECISION]
    wanted = select(Accreditation.id).where(Accreditation.council_id == council_id, Accreditation.stage.not_in(stages))
    return db.session.scalar(wanted.limit(1)) is not None


def address_of(accreditation: Accreditation) -> str:
    """The path of the self-assessment's page, ending in a slash, for what leads there without a request at hand."""
    slug = db.session.scalar(select(Council.slug).where(Council.id == accreditation.council_id))
    return f"/councils/{slug}/accreditations/{accreditation.id}/"


def process_of(accreditation: Accreditation) -> processes.Process:
    """The process this accreditation is pinned to."""
    return processes.parse(accreditation.process)


def find_process(region_id: UUID) -> ProcessVersion | None:
    """The newest process settings of a region, or None while it uses the defaults."""
    wanted = select(ProcessVersion).where(ProcessVersion.region_id == region_id)
    return db.session.scalar(wanted.order_by(ProcessVersion.version.desc()).limit(1))
