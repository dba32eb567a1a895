"""Submissions: the sealed snapshot that was sent. Append-only; read by the region and the declared team."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import visible_to

SUBMISSION_KINDS = ("plan", "readiness", "interim")
OUTCOMES = ("accepted", "returned")


@visible_to(council="siu")
class SealRequest(TenantKeyed, Base):
    """The council asked for a seal; the job makes it. While one is open, answers rest."""

    __tablename__ = "seal_requests"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"kind in {SUBMISSION_KINDS}", name="kind"),
        Index(
            "uq_seal_requests_one_open",
            "council_id",
            "accreditation_id",
            unique=True,
            postgresql_where="done_at is null and failed_at is null",
        ),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None]


@visible_to(SUCCESSOR, council="si", region="s", file="s")
class Submission(TenantKeyed, Base):
    """One seal: the canonical document, its SHA-256, and the one hash over document and files.

    `manifest` and `page` (of format 2) are the text of `manifest.json` and of `index.html` as they were made; the ZIP
    is written from them when it is downloaded. Of a seal of format 1 `archive_sha256` and `archive_size` (bytes) name
    the ZIP in the council's storage instead.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("seal_request_id", "seal_requests"),
        UniqueConstraint("council_id", "seal_request_id"),
        UniqueConstraint("council_id", "accreditation_id", "kind", "number"),
        CheckConstraint(f"kind in {SUBMISSION_KINDS}", name="kind"),
        CheckConstraint("(manifest is null) = (archive_sha256 is not null)", name="has_its_manifest"),
        CheckConstraint("(manifest is null) = (page is null)", name="has_its_page"),
        Index("ix_submissions_accreditation_id", "accreditation_id"),
        Index("ix_submissions_region_id", "region_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    seal_request_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[int]
    sealed_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    sent_by_name: Mapped[str]
    document: Mapped[dict[str, Any]]
    document_sha256: Mapped[str]
    hash: Mapped[str]
    manifest: Mapped[str | None] = mapped_column(deferred=True)
    page: Mapped[str | None] = mapped_column(deferred=True)
    archive_sha256: Mapped[str | None]
    archive_size: Mapped[int | None]


@visible_to(SUCCESSOR, council="si", region="s", file="s")
class SubmissionAnswer(TenantKeyed, Base):
    """One answer as sent, with its evidence and actions, and what the last cycle said of the same requirement."""

    __tablename__ = "submission_answers"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "submission_id", "requirement_id"),
        Index("ix_submission_answers_region_id_requirement_id", "region_id", "requirement_id"),
        Index("ix_submission_answers_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str]
    narrative: Mapped[str]
    not_applicable_reason: Mapped[str]
    evidence: Mapped[list[Any]]
    """Per citation: title, pinpoint, why, and `file_id` of the submission file, `url`, or the frozen `measure`."""
    actions: Mapped[list[Any]]
    carried: Mapped[dict[str, Any] | None]
    """Of an answer carried from the last cycle: where from, and who confirmed it when."""
    previous: Mapped[dict[str, Any] | None]


@visible_to(SUCCESSOR, council="si", region="s", file="s")
class SubmissionFile(TenantKeyed, Base):
    """One cited file as sent; its bytes stay in storage under their SHA-256 for as long as the seal does.

    `crc32` is what a ZIP states before the file's bytes; a seal of format 1 did not keep it.
    """

    __tablename__ = "submission_files"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "submission_id", "sha256", "title"),
        Index("ix_submission_files_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    title: Mapped[str]
    filename: Mapped[str]
    content_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    crc32: Mapped[int | None]


@visible_to(SUCCESSOR, council="s", region="si")
class SubmissionDecision(TenantKeyed, Base):
    """The region accepted what was sent, or returned it with reasons."""

    __tablename__ = "submission_decisions"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "submission_id"),
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint("outcome = 'accepted' or reason <> ''", name="return_has_reason"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    outcome: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str]


@visible_to(council="s", region="si")
class ReturnedRequirement(TenantKeyed, Base):
    """What the region said of one requirement when it decided on what was sent.

    Of what was returned it is what is to be changed there; of an approved plan it is a comment.
    """

    __tablename__ = "returned_requirements"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "submission_id", "requirement_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    words: Mapped[str]
    named_at: Mapped[datetime]
