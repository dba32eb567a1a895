"""A council's evidence: files, links and live measures it holds, cited by answers; every version and its text."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

EVIDENCE_KINDS = ("file", "link", "measure")
SCANS = ("unscanned", "clean", "quarantined")
TEXT_STATES = ("waiting", "read", "no_text")
WORDS = "(((title || ' ') || coalesce(filename, '')) || ' ') || link_title"
"""What is searched, in the brackets that PostgreSQL gives it."""


@visible_to(council="siud")
class Evidence(TenantKeyed, Versioned, Base):
    """A file (content-addressed by its SHA-256 within the council), a link, or a live measure. Sizes in bytes.

    `speaks_for_on` is the date the document is about, apart from when it was uploaded. `removed_at` hides it from the
    library; a sealed copy of a file is never removed. The columns of the file are those of its newest version, number
    `file_number`. A quarantined file is cited and downloaded by nobody. `checked_at` … `check_words` are what the last
    look at a link found; `reachable` is None until it was looked at.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(f"kind in {EVIDENCE_KINDS}", name="kind"),
        CheckConstraint("(kind = 'link') = (url is not null)", name="link_has_url"),
        CheckConstraint("(kind = 'file') = (sha256 is not null)", name="file_has_hash"),
        CheckConstraint("(kind = 'measure') = (measure is not null)", name="measure_is_named"),
        CheckConstraint(f"scan in {SCANS}", name="scan"),
        CheckConstraint(f"text_state in {TEXT_STATES}", name="text_state"),
        Index("ix_evidence_council_id_sha256", "council_id", "sha256"),
        Index("ix_evidence_words", text(f"tenancy.indexed(council_id, {WORDS})"), postgresql_using="gin"),
        Index("uq_evidence_measure", "council_id", "measure", unique=True, postgresql_where="measure is not null"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    url: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    content_type: Mapped[str | None]
    filename: Mapped[str | None]
    speaks_for_on: Mapped[date | None]
    valid_until_on: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    added_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]
    measure: Mapped[str | None]
    file_number: Mapped[int] = mapped_column(default=1)
    scan: Mapped[str] = mapped_column(default="unscanned")
    scan_words: Mapped[str] = mapped_column(default="")
    text_state: Mapped[str] = mapped_column(default="waiting")
    pages: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    reachable: Mapped[bool | None]
    link_title: Mapped[str] = mapped_column(default="")
    link_dated_on: Mapped[date | None]
    check_words: Mapped[str] = mapped_column(default="")


@visible_to(council="siud")
class EvidenceVersion(TenantKeyed, Base):
    """One version of a file: what it was when, from 1 on. The newest stands in the evidence itself as well.

    Written by the database itself with every file and every new `file_number` (trigger `keep_evidence_version`), so
    that no way of adding can forget it. A quarantined one is downloaded by nobody.
    """

    __tablename__ = "evidence_versions"
    __table_args__ = (
        same_council("evidence_id", "evidence"),
        UniqueConstraint("council_id", "evidence_id", "number"),
        Index("ix_evidence_versions_sha256", "council_id", "sha256"),
    )

    evidence_id: Mapped[UUID]
    number: Mapped[int]
    sha256: Mapped[str]
    size: Mapped[int]
    content_type: Mapped[str]
    filename: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    added_by_name: Mapped[str]
    quarantined: Mapped[bool] = mapped_column(default=False)


@visible_to(council="siud")
class EvidencePage(TenantKeyed, Base):
    """The text of one page of a file's newest version, as it is searched (through `tenancy.search`)."""

    __tablename__ = "evidence_pages"
    __table_args__ = (
        same_council("evidence_id", "evidence", ondelete="CASCADE"),
        UniqueConstraint("council_id", "evidence_id", "page"),
        Index("ix_evidence_pages_words", "words", postgresql_using="gin"),
    )

    evidence_id: Mapped[UUID]
    page: Mapped[int]
    text: Mapped[str]
    words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("tenancy.indexed(council_id, text)", persisted=True), deferred=True
    )
