"""Users, their secrets, their access to scopes, and the invitations and links that lead to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.policy import COUNCIL_ROLES, PLATFORM_ROLES, REGION_ROLES, Role
from saas.tenancy import Policy, visible_to

PASSWORD_RESET = "password_reset"  # noqa: S105  a purpose, no password
IDENTITY_LINK = "identity_link"


def _listed(roles: tuple[Role, ...]) -> str:
    return ", ".join(f"'{role.value}'" for role in roles)


ROLE_FITS_SCOPE = (
    f"case when council_id is not null then role in ({_listed(COUNCIL_ROLES)})"
    f" when region_id is not null then role in ({_listed(REGION_ROLES)})"
    f" else role in ({_listed(PLATFORM_ROLES)}) end"
)
OF_COUNCIL = "council_id = (select tenancy.council())"
OF_REGION = "region_id = (select tenancy.region()) and council_id is null"
OF_PLATFORM = "region_id is null and (select tenancy.is_operator())"


def of_own_scope(*commands: str, platform: bool = False) -> tuple[Policy, ...]:
    """Policies of a table whose rows belong to a council or, where they name none, to a region: each its own.

    platform: a row that names neither is the platform's.
    """
    scopes = {"council": OF_COUNCIL, "region": OF_REGION} | ({"platform": OF_PLATFORM} if platform else {})
    return tuple(
        Policy(f"{name}_{command}", command, condition) for name, condition in scopes.items() for command in commands
    )


FIRST = (
    "coalesce(council_id, region_id) = any ((select tenancy.unclaimed())::uuid[])"
    " and role in ('council_lead', 'region_officer')"
)
"""The first invitation into a scope comes from above it, for as long as nobody has access there."""


@visible_to(
    Policy("user_select", "select", "id = (select tenancy.user_id())"),
    Policy("user_update", "update", "id = (select tenancy.user_id())"),
    Policy("email_select", "select", "email = (select tenancy.email_key())"),
    gate="siu",
)
class User(Base):
    """Somebody who signs in. `epoch` grows when every session must end (password change, sign-out everywhere).

    `mail_new_browser`: whether the person asked for a mail when somebody signs in from a browser not seen before.
    """

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=1)
    mail_new_browser: Mapped[bool] = mapped_column(default=False, server_default=false())
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


@visible_to(user="siu", gate="siu")
class Credential(Base):
    """The argon2id hash of a user's password. Checked through `tenancy.credential`, which needs the address."""

    __tablename__ = "credentials"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]


@visible_to(
    *of_own_scope("select", "update", platform=True),
    user="s",
    gate="siu",
    update_columns=("display_name", "email", "ended_at"),
)
class Access(Base):
    """A user's role in one scope: a council (with its region), a region, or the platform (neither).

    `display_name` is how colleagues in that scope see the user. `ended_at` ends it; rows are kept. Rows are made by
    gate functions only: accepting an invitation, or the operator.
    """

    __tablename__ = "access"
    __table_args__ = (
        CheckConstraint(ROLE_FITS_SCOPE, name="role_fits_scope"),
        CheckConstraint("council_id is null or region_id is not null", name="council_has_region"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_access_user_id", "user_id"),
        Index("ix_access_council_id", "council_id"),
        Index("ix_access_region_id", "region_id"),
        Index(
            "uq_access_current",
            "user_id",
            "role",
            "region_id",
            "council_id",
            unique=True,
            postgresql_where="ended_at is null",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    role: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


@visible_to(
    *of_own_scope("select", "insert", "update", platform=True),
    Policy("first_select", "select", FIRST),
    Policy("first_insert", "insert", FIRST),
    Policy("first_update", "update", FIRST),
    bearer="s",
    gate="su",
)
class Invitation(Base):
    """An offer of access sent by mail: single use, expiring. The secret itself is only in the mail."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(ROLE_FITS_SCOPE, name="role_fits_scope"),
        CheckConstraint("council_id is null or region_id is not null", name="council_has_region"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_invitations_council_id", "council_id"),
        Index("ix_invitations_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    scope_name: Mapped[str]
    role: Mapped[str]
    email: Mapped[str]
    name: Mapped[str]
    key_hash: Mapped[str | None] = mapped_column(unique=True)
    invited_by: Mapped[UUID | None]
    invited_by_name: Mapped[str]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


@visible_to(user="siu", bearer="s", gate="su")
class Link(Base):
    """A single-purpose secret sent by mail to a known user: a password reset, or to link a single sign-on."""

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("purpose in ('password_reset', 'identity_link')", name="purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    key_hash: Mapped[str | None] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
