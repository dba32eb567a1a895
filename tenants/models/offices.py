"""Office-holders: who is Leader, Chief Executive or chair of what, from when until when; those who sign."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned
from saas.tenancy import visible_to


@visible_to(council="siu")
class OfficeHolder(TenantKeyed, Versioned, Base):
    """One person in one office, in the words of the council. In office while `until_on` is None or to come.

    `user_id` is set when the person signs in as a signatory of the council; else a link is sent to `email`.
    """

    __tablename__ = "office_holders"
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= from_on", name="ends_after_start"),
        Index("ix_office_holders_council_id_office", "council_id", "office"),
    )

    office: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    user_id: Mapped[UUID | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
