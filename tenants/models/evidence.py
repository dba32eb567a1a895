"""A council's evidence: files and links it holds, cited by answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned
from saas.tenancy import visible_to

EVIDENCE_KINDS = ("file", "link")


@visible_to(council="siud")
class Evidence(TenantKeyed, Versioned, Base):
    """A file (content-addressed by its SHA-256 within the council) or a link. Sizes in bytes.

    `speaks_for_on` is the date the document is about, apart from when it was uploaded. `removed_at` hides it from the
    library; a sealed copy of a file is never removed.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(f"kind in {EVIDENCE_KINDS}", name="kind"),
        CheckConstraint("(kind = 'link') = (url is not null)", name="link_has_url"),
        CheckConstraint("(kind = 'file') = (sha256 is not null)", name="file_has_hash"),
        Index("ix_evidence_council_id_sha256", "council_id", "sha256"),
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
