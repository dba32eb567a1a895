"""What removes each kind of record of assessments that is older than a moment, or only counts it; and all sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import InstrumentedAttribute

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerComment, Citation, ContributionRequest, ElementOwner
from assessment.models.assessors import Assessor, AssessorAbsence, AssessorCouncil
from assessment.models.awards import Award
from assessment.models.clarifications import Clarification, ClarificationDraft, ClarificationFile
from assessment.models.improvements import Improvement, ReplyDraft
from assessment.models.interim import InterimDraft
from assessment.models.region_views import CouncilImport
from assessment.models.submissions import SubmissionFile
from assessment.rules.stages import Stage
from saas.db import TenantKeyed, db
from saas.files import storage
from tenants.models.action_details import ActionEvidence
from tenants.models.evidence import Evidence, EvidenceVersion
from tenants.queries.retention import Keeper
from tenants.services import retention_sweeps
from tenants.services.retention import Sweep
from tenants.services.retention_sweeps import count, deleted, emptied

FORMER_ASSESSOR = "A former assessor"
FORGET_REPORT_DRAFTS = text("select tenancy.forget_report_drafts(:before, :really)")
FORGET_SCORE_DRAFTS = text("select tenancy.forget_score_drafts(:before, :really)")
OVER = [stage.value for stage in (Stage.NOT_YET, Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED)]
NOTHING_ASKED = {"name": "", "email": "", "question": "", "words": "", "decline_reason": "", "shown": {}}


def finished_drafts(keeper: Keeper, before: datetime, really: bool) -> int:
    """Answers, comments and requests of self-assessments that were over before; what was sealed is elsewhere."""
    ids = _over(keeper, before)
    if not ids:
        return 0
    questions = select(Clarification.id).where(Clarification.accreditation_id.in_(ids))
    improvements = select(Improvement.id).where(Improvement.accreditation_id.in_(ids))
    drafts: tuple[tuple[type[TenantKeyed], ColumnElement[bool]], ...] = (
        (Answer, Answer.accreditation_id.in_(ids)),
        (AnswerComment, AnswerComment.accreditation_id.in_(ids)),
        (ElementOwner, ElementOwner.accreditation_id.in_(ids)),
        (InterimDraft, InterimDraft.accreditation_id.in_(ids)),
        (ClarificationDraft, ClarificationDraft.clarification_id.in_(questions)),
        (ReplyDraft, ReplyDraft.improvement_id.in_(improvements)),
    )
    own = keeper.council_id
    gone = sum(deleted(model, model.council_id == own, of, really=really) for model, of in drafts)
    asked = and_(
        ContributionRequest.council_id == keeper.council_id,
        ContributionRequest.accreditation_id.in_(ids),
        or_(ContributionRequest.email != "", ContributionRequest.words != ""),
    )
    return gone + emptied(ContributionRequest, asked, values={**NOTHING_ASKED, "key_hash": None}, really=really)


def removed_evidence(keeper: Keeper, before: datetime, really: bool) -> int:
    """Evidence that was taken out of the library before and stands nowhere any more, with the bytes of its files."""
    wanted = (Evidence.council_id == keeper.council_id, Evidence.removed_at < before, ~_stands_somewhere())
    if not really:
        return count(Evidence, *wanted)
    ids = list(db.session.scalars(select(Evidence.id).where(*wanted)))
    if not ids:
        return 0
    of_those = (EvidenceVersion.council_id == keeper.council_id, EvidenceVersion.evidence_id.in_(ids))
    digests = set(db.session.scalars(delete(EvidenceVersion).where(*of_those).returning(EvidenceVersion.sha256)))
    db.session.execute(delete(Evidence).where(Evidence.council_id == keeper.council_id, Evidence.id.in_(ids)))
    held = (Evidence.sha256, EvidenceVersion.sha256, SubmissionFile.sha256, ClarificationFile.sha256)
    for digest in sorted(digests - {each for column in held for each in _kept(keeper, column, digests)}):
        storage().delete(str(keeper.council_id), digest)
    return len(ids)


def imported_documents(keeper: Keeper, before: datetime, really: bool) -> int:
    """A council's documents, or a region's lists of councils that nobody took in."""
    if keeper.council_id is not None:
        return retention_sweeps.imported_documents(keeper, before, really)
    lengths = func.jsonb_array_length(CouncilImport.rows) + func.jsonb_array_length(CouncilImport.leftovers)
    old = (
        CouncilImport.region_id == keeper.region_id,
        CouncilImport.taken_in_at.is_(None),
        CouncilImport.read_at < before,
        lengths > 0,
    )
    return emptied(CouncilImport, *old, values={"rows": [], "leftovers": []}, really=really)


def score_drafts(_: Keeper, before: datetime, really: bool) -> int:
    """Drafts of scores and private notes in files that were closed or left, or whose award ended, before."""
    return db.session.scalar(FORGET_SCORE_DRAFTS, {"before": before, "really": really}) or 0


def report_drafts(_: Keeper, before: datetime, really: bool) -> int:
    """Drafts of reports on awards and self-assessments that ended before, with all versions of each."""
    return db.session.scalar(FORGET_REPORT_DRAFTS, {"before": before, "really": really}) or 0


def former_assessors(keeper: Keeper, before: datetime, really: bool) -> int:
    """Assessors whose last day was before: without name, absences and councils."""
    gone = (
        Assessor.region_id == keeper.region_id,
        Assessor.left_on < before.date(),
        Assessor.name != FORMER_ASSESSOR,
    )
    if not really:
        return count(Assessor, *gone)
    rows = db.session.execute(select(Assessor.id, Assessor.user_id).where(*gone)).all()
    ids, users = [row.id for row in rows], [row.user_id for row in rows]
    region = keeper.region_id
    deleted(AssessorCouncil, AssessorCouncil.region_id == region, AssessorCouncil.assessor_id.in_(ids), really=True)
    deleted(AssessorAbsence, AssessorAbsence.region_id == region, AssessorAbsence.user_id.in_(users), really=True)
    values = {"name": FORMER_ASSESSOR, "version": Assessor.version + 1}
    return emptied(Assessor, Assessor.region_id == region, Assessor.id.in_(ids), values=values, really=True)


def _over(keeper: Keeper, before: datetime) -> list[UUID]:
    """The accreditations of a council that ended before without an award, or whose award did."""
    wanted = (
        select(Accreditation.id)
        .outerjoin(
            Award, and_(Award.council_id == Accreditation.council_id, Award.accreditation_id == Accreditation.id)
        )
        .where(
            Accreditation.council_id == keeper.council_id,
            or_(
                and_(Accreditation.stage.in_(OVER), Accreditation.stage_since < before),
                and_(Award.ending.is_not(None), Award.ended_on < before.date()),
            ),
        )
    )
    return list(db.session.scalars(wanted))


def _stands_somewhere() -> ColumnElement[bool]:
    """In SQL: a piece of evidence is cited, shows what an action came to, or was chosen for what is not sent yet."""
    named = array([cast(Evidence.id, String)])
    return or_(
        Evidence.measure.is_not(None),
        exists().where(Citation.council_id == Evidence.council_id, Citation.evidence_id == Evidence.id),
        exists().where(ActionEvidence.council_id == Evidence.council_id, ActionEvidence.evidence_id == Evidence.id),
        exists().where(InterimDraft.council_id == Evidence.council_id, InterimDraft.evidence.has_any(named)),
        exists().where(
            ClarificationDraft.council_id == Evidence.council_id,
            ClarificationDraft.evidence.has_any(named),
        ),
    )


def _kept(keeper: Keeper, column: InstrumentedAttribute[Any], digests: set[str]) -> list[str]:
    owner = column.class_
    return list(db.session.scalars(select(column).where(owner.council_id == keeper.council_id, column.in_(digests))))


SWEEPS: Mapping[str, Sweep] = {
    **retention_sweeps.SWEEPS,
    "finished_drafts": finished_drafts,
    "former_assessors": former_assessors,
    "imported_documents": imported_documents,
    "removed_evidence": removed_evidence,
    "report_drafts": report_drafts,
    "score_drafts": score_drafts,
}
"""Kind → its sweep, for every kind that a council or a region keeps."""
