"""Second factors of sign-in: an authenticator app, passkeys, recovery codes, and for whom a region demands one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import Policy, visible_to

OPERATORS = "operators"
OF_OPERATORS = "(select tenancy.is_operator())"


@visible_to(user="siud", gate="s")
class Authenticator(Base):
    """The shared secret of a user's authenticator app (TOTP, RFC 6238), enciphered; counts once it was confirmed.

    `last_step` is the time step of the last code that was taken, so that no code is taken twice.
    """

    __tablename__ = "authenticators"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


@visible_to(user="siud", gate="s")
class Passkey(Base):
    """A passkey (WebAuthn): the public key of one device. Ids and keys are base64url without padding."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int]
    transports: Mapped[list[Any]]
    name: Mapped[str]
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


@visible_to(user="siud", gate="s")
class RecoveryCode(Base):
    """One of ten codes that open the door once when the other factor is lost; only the argon2id hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@visible_to(region="siu", home="s", gate="s")
class DoorRule(Base):
    """The roles, in a region and its councils, that need a second factor; no row means none."""

    __tablename__ = "door_rules"

    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    roles: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


@visible_to(*(Policy(f"operator_{verb}", verb, OF_OPERATORS) for verb in ("select", "insert", "update")))
class PlatformDoorRule(Base):
    """Whether operators need a second factor: one row, none where it was never said."""

    __tablename__ = "platform_door_rules"
    __table_args__ = (CheckConstraint(f"of_whom = '{OPERATORS}'", name="of_whom"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    of_whom: Mapped[str] = mapped_column(unique=True, default=OPERATORS)
    wanted: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]
