"""A council's members, their political groups and terms."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

MEMBER_KINDS = ("elected", "co_opted", "independent")
TERM_ENDS = ("term_ended", "resigned", "died", "disqualified", "not_reelected", "moved")


@visible_to(council="siud")
class PoliticalGroup(TenantKeyed, Base):
    """A political group, or "Not in a group"."""

    __tablename__ = "political_groups"
    __table_args__ = (UniqueConstraint("council_id", "name"),)

    name: Mapped[str]


@visible_to(council="siud")
class Member(TenantKeyed, Versioned, Base):
    """An elected (or co-opted) councillor. `reference` is the council's own, for repeated imports."""

    __tablename__ = "members"
    __table_args__ = (
        same_council("group_id", "political_groups"),
        CheckConstraint(f"kind in {MEMBER_KINDS}", name="kind"),
        UniqueConstraint("council_id", "reference"),
        Index("ix_members_council_id_family_name", "council_id", "family_name"),
    )

    given_name: Mapped[str]
    family_name: Mapped[str]
    title: Mapped[str]
    email: Mapped[str]
    kind: Mapped[str]
    ward: Mapped[str]
    reference: Mapped[str | None]
    group_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


@visible_to(council="siud")
class Term(TenantKeyed, Base):
    """One spell in office: elected (or co-opted) on, due to end on, and how it really ended."""

    __tablename__ = "terms"
    __table_args__ = (
        same_council("member_id", "members", ondelete="CASCADE"),
        CheckConstraint("ended_on is null or ended_on >= started_on", name="ends_after_start"),
        Index("ix_terms_council_id_member_id", "council_id", "member_id"),
    )

    member_id: Mapped[UUID]
    started_on: Mapped[date]
    due_to_end_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
