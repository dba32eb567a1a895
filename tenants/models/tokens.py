"""Tokens with which programs act for one person in one place."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import visible_to
from tenants.models.access import of_own_scope

API, PROVISIONING = "api", "provisioning"


@visible_to(
    *of_own_scope("select", "update", platform=True),
    user="siu",
    gate="su",
    update_columns=("revoked_at", "revoked_by_name", "user_name"),
)
class Token(Base):
    """A bearer token of one user in one scope: a council (with its region), a region, or the platform (neither).

    It never allows more than its user's roles in that scope do at the moment of the call. The secret is shown once;
    `key_hash` is its SHA-256. `purpose` "provisioning" serves a council's directory (SCIM) and nothing else.
    Read through `tenancy.token_bearer`, which also notes the day of the last use. `reminded_at`: the user was told that
    it ends soon (`tenancy.tokens_ending`).

    `with_factor` and `provider_id` are what was proved when it was made: a second step, and the single sign-on through
    which its user had come. It stops working where its user now needs what it was made without.
    """

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("council_id is null or region_id is not null", name="council_has_region"),
        CheckConstraint("purpose in ('api', 'provisioning')", name="purpose"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_tokens_user_id", "user_id"),
        Index("ix_tokens_council_id", "council_id"),
        Index("ix_tokens_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    purpose: Mapped[str] = mapped_column(default=API)
    name: Mapped[str]
    user_name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    read_only: Mapped[bool]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_name: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]
    with_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    provider_id: Mapped[UUID | None]
