"""Second factors of sign-in: those that somebody has, in the person's scope, and the rule of a region."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from saas.db import db
from saas.errors import NotFound
from tenants.models.access import User
from tenants.models.second_factors import Authenticator, DoorRule, Passkey, PlatformDoorRule, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody can show beside a password."""

    authenticator: Authenticator | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    def __bool__(self) -> bool:
        return self.authenticator is not None or bool(self.passkeys)


def find_factors(user_id: UUID) -> Factors:
    """The user's factors; none where nothing was set up."""
    authenticator = db.session.get(Authenticator, user_id)
    kept = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.made_at, Passkey.id)
    return Factors(
        authenticator if authenticator is not None and authenticator.confirmed_at is not None else None,
        tuple(db.session.scalars(kept)),
        count_codes(user_id),
    )


def count_codes(user_id: UUID) -> int:
    """How many recovery codes the user has left."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left.select_from(RecoveryCode)) or 0


def list_unused_codes(user_id: UUID) -> list[RecoveryCode]:
    """The user's recovery codes that were not used, locked until the transaction ends."""
    unused = select(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return list(db.session.scalars(unused.order_by(RecoveryCode.id).with_for_update()))


def get_passkey(user_id: UUID, passkey_id: UUID) -> Passkey:
    """One of the user's passkeys; raises NotFound."""
    found = db.session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))
    if found is None:
        raise NotFound
    return found


def find_passkey(user_id: UUID, credential_id: str) -> Passkey | None:
    """The user's passkey of this credential, base64url without padding."""
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id, Passkey.user_id == user_id))


def wants_mail(user_id: UUID) -> bool:
    """Whether the user asked for a mail at a sign-in from a new browser."""
    return bool(db.session.scalar(select(User.mail_new_browser).where(User.id == user_id)))


def find_rule(region_id: UUID, *, locked: bool = False) -> DoorRule | None:
    """For whom the region demands a second factor; None where it never said. locked: until the transaction ends."""
    return db.session.get(DoorRule, region_id, with_for_update=locked)


def find_platform_rule(*, locked: bool = False) -> PlatformDoorRule | None:
    """Whether operators need a second factor; None where it was never said. locked: until the transaction ends."""
    rules = select(PlatformDoorRule)
    return db.session.scalar(rules.with_for_update() if locked else rules)
