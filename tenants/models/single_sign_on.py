"""Single sign-on (OpenID Connect) of a council or region, who came through it, and whom a directory provisioned."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, new_id
from saas.policy import DIRECTORY_ROLES
from saas.tenancy import visible_to
from tenants.models.access import of_own_scope

DIRECTORY_ROLES_LISTED = ", ".join(f"'{role.value}'" for role in DIRECTORY_ROLES)


@visible_to(*of_own_scope("select", "insert", "update"), gate="s")
class SignInProvider(Base):
    """Where a council's or region's people sign in (Entra ID and the like), for the mail domains it may speak for.

    `client_secret` is enciphered. `required`: people of these domains with access here no longer use a password.
    It counts from `switched_on_at`, which a sign-in that went through sets for the first time.
    """

    __tablename__ = "sign_in_providers"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_sign_in_providers_council_id", "council_id"),
        Index("ix_sign_in_providers_region_id", "region_id"),
        Index(
            "uq_sign_in_providers_current",
            "region_id",
            "council_id",
            unique=True,
            postgresql_where="removed_at is null",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str]
    domains: Mapped[list[Any]]
    required: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    switched_on_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


@visible_to(user="siud", gate="s")
class SignInIdentity(Base):
    """That a user is this subject of that issuer: linked once, by somebody who proved to be both."""

    __tablename__ = "sign_in_identities"
    __table_args__ = (
        UniqueConstraint("provider_id", "issuer", "subject"),
        Index("ix_sign_in_identities_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_providers.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


@visible_to(council="siu")
class Directory(Base):
    """A council's directory (SCIM): the role of those whom it names from now on; no row means a viewer's."""

    __tablename__ = "directories"
    __table_args__ = (CheckConstraint(f"role in ({DIRECTORY_ROLES_LISTED})", name="role"),)

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), primary_key=True)
    role: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


@visible_to(council="siud")
class ProvisionedUser(TenantKeyed, Base):
    """Somebody whom the council's directory named (SCIM 2.0, RFC 7643); `active` false ended every access here."""

    __tablename__ = "provisioned_users"
    __table_args__ = (
        UniqueConstraint("council_id", "user_name"),
        UniqueConstraint("council_id", "external_id"),
    )

    external_id: Mapped[str | None]
    user_name: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool]
    invitation_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
