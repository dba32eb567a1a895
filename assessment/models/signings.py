"""Signings: a text put before named office-holders, and each one's request to sign it. The council's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.accreditations import SIGNED
from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import Policy, visible_to

REQUEST_OPEN = (
    "key_hash = (select tenancy.key_hash()) and signed_at is null and declined_at is null"
    " and ended_at is null and expires_at > now()"
)


@visible_to(
    Policy("bearer_select", "select", "id = (select tenancy.shown_signing())"),
    council="siu",
)
class Signing(TenantKeyed, Base):
    """One text to be signed by every office the process asks for.

    `text` is what each signs, to the word; `document` what it is about as it stood (of a submission: the answers),
    shown with it, and `document_sha256` the hash of its canonical JSON, named in the text. `complete_at` says when
    the last one signed, `used_at` when what was signed took place: the self-assessment opened, or the submission was
    sealed. Until then, or until it is called off, it is the current one; of a submission, answers rest meanwhile.
    """

    __tablename__ = "signings"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"about in {SIGNED}", name="about"),
        Index(
            "uq_signings_one_open",
            "council_id",
            "accreditation_id",
            unique=True,
            postgresql_where="used_at is null and called_off_at is null",
        ),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    about: Mapped[str]
    text: Mapped[str]
    document: Mapped[dict[str, Any] | None]
    document_sha256: Mapped[str | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    opened_by_name: Mapped[str]
    complete_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    called_off_reason: Mapped[str] = mapped_column(default="")


@visible_to(
    Policy("bearer_update", "update", REQUEST_OPEN, check="key_hash = (select tenancy.key_hash())"),
    council="siu",
    bearer="s",
    gate="su",
)
class SignatureRequest(TenantKeyed, Base):
    """One office-holder is asked to sign; signed, declined with a reason, or ended (`ended_reason`: left office …).

    The bearer of the link, or the user it names, signs or declines once. `council_name` and `text_title` are for the
    page behind the link. The secret itself is only in the mail. Where an office signed on paper nobody is asked:
    `paper_signed_on` is the day, `recorded_by` who says so.
    """

    __tablename__ = "signature_requests"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("signing_id", "signings"),
        same_council("office_holder_id", "office_holders"),
        CheckConstraint("signed_at is null or declined_at is null", name="signed_or_declined"),
        CheckConstraint("declined_at is null or decline_reason <> ''", name="declined_with_reason"),
        CheckConstraint("paper_signed_on is not null or office_holder_id is not null", name="holder_or_paper"),
        CheckConstraint(
            "paper_signed_on is null or (key_hash is null and signed_at is null)", name="paper_has_no_link"
        ),
        Index("ix_signature_requests_signing", "council_id", "signing_id"),
        Index("ix_signature_requests_key_hash", "key_hash"),
        Index(
            "uq_signature_requests_one_per_office",
            "council_id",
            "signing_id",
            "office",
            unique=True,
            postgresql_where="ended_at is null",
        ),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    signing_id: Mapped[UUID]
    office_holder_id: Mapped[UUID | None]
    office: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    user_id: Mapped[UUID | None]
    council_name: Mapped[str]
    text_title: Mapped[str]
    key_hash: Mapped[str | None]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    paper_signed_on: Mapped[date | None]
    recorded_by: Mapped[UUID | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")
