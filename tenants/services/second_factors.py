"""Second factors of sign-in: set up, shown, used up and taken away; everything in the scope of their person."""

from __future__ import annotations

import secrets
from uuid import UUID

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from saas import clock, events
from saas.db import db, new_id
from saas.enciphering import decipher, encipher
from saas.security import hash_password, verify_password
from saas.tenancy import Actor
from tenants.models.access import User
from tenants.models.second_factors import Authenticator, Passkey, RecoveryCode
from tenants.queries.second_factors import find_factors, list_unused_codes
from tenants.rules.second_factors import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_LETTERS,
    is_app_code,
    is_recovery_code,
    matching_step,
    tidy_code,
)
from tenants.services.sign_in import end_sessions

PURPOSE = "authenticator"
"""What the secrets of authenticator apps are enciphered for."""
APP, RECOVERY = "authenticator app", "recovery code"
ISSUER = "Charterway"


def new_app_secret() -> str:
    """A secret to share with an authenticator app: 160 random bits in base32."""
    return pyotp.random_base32(32)


def app_address(secret: str, email: str) -> str:
    """What the picture for an authenticator app says (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def add_app(user_id: UUID, secret: str, typed: str, *, by: Actor) -> bool:
    """Keep the authenticator app in the place of one kept before; False when the code is not one of the secret's."""
    code = tidy_code(typed)
    now = clock.now()
    step = matching_step(secret, code, now, 0) if is_app_code(code) else None
    if step is None:
        return False
    values = {"secret": encipher(PURPOSE, secret), "made_at": now, "confirmed_at": now, "last_step": step}
    kept = insert(Authenticator).values(user_id=user_id, **values)
    db.session.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=values))
    events.record("factor.added", User(id=user_id), by=by, audience="person", payload={"factor": APP})
    return True


def remove_app(user_id: UUID, *, by: Actor) -> None:
    """Take the authenticator app away; nothing where there is none."""
    gone = delete(Authenticator).where(Authenticator.user_id == user_id).returning(Authenticator.user_id)
    if db.session.scalar(gone) is None:
        return
    events.record("factor.removed", User(id=user_id), by=by, audience="person", payload={"factor": APP})
    _without_factor(user_id)


def remove_passkey(passkey: Passkey, *, by: Actor) -> None:
    """Take one passkey away."""
    db.session.delete(passkey)
    db.session.flush()
    events.record("factor.removed", passkey, by=by, audience="person", payload={"factor": f"passkey {passkey.name}"})
    _without_factor(passkey.user_id)


def make_codes(user_id: UUID, *, by: Actor) -> list[str]:
    """Ten new recovery codes, in the place of all before; only their hashes are kept."""
    before = delete(RecoveryCode).where(RecoveryCode.user_id == user_id).returning(RecoveryCode.id)
    replaced = len(db.session.scalars(before).all())
    codes = ["".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    now = clock.now()
    db.session.add_all(
        RecoveryCode(id=new_id(), user_id=user_id, code_hash=hash_password(code), made_at=now) for code in codes
    )
    verb = "recovery_codes.replaced" if replaced else "recovery_codes.made"
    events.record(verb, User(id=user_id), by=by, audience="person")
    return codes


def use_code(user_id: UUID, typed: str, *, by: Actor) -> str | None:
    """Use up a code of the authenticator app or a recovery code: which of the two it was, None when it is neither."""
    code = tidy_code(typed)
    if is_app_code(code):
        return APP if _use_app_code(user_id, code) else None
    return RECOVERY if is_recovery_code(code) and _use_recovery_code(user_id, code, by=by) else None


def clear(user_id: UUID, *, by: Actor) -> bool:
    """Take every factor and code away and end every session; False where nothing was set up."""
    had = bool(find_factors(user_id))
    for model in (Authenticator, Passkey, RecoveryCode):
        db.session.execute(delete(model).where(model.user_id == user_id))
    if had:
        events.record("factors.cleared", User(id=user_id), by=by, audience="person")
        end_sessions(user_id, by=by)
    return had


def ask_mail(user_id: UUID, wanted: bool) -> None:
    """Keep whether the person wants a mail at a sign-in from a new browser."""
    db.session.execute(update(User).where(User.id == user_id).values(mail_new_browser=wanted))


def tell_new_browser(user_id: UUID, browser: str, *, by: Actor) -> None:
    """Record that somebody signed in from a browser not seen before. browser: in words, or empty."""
    events.record("browser.met", User(id=user_id), by=by, audience="person", payload={"browser": browser})


def _use_app_code(user_id: UUID, code: str) -> bool:
    kept = db.session.get(Authenticator, user_id)
    if kept is None or kept.confirmed_at is None:
        return False
    step = matching_step(decipher(PURPOSE, kept.secret), code, clock.now(), kept.last_step)
    if step is None:
        return False
    # Two requests with one code may stand here together: the row lets one of them through.
    mine = (Authenticator.user_id == user_id, Authenticator.last_step < step)
    taken = update(Authenticator).where(*mine).values(last_step=step).returning(Authenticator.last_step)
    return db.session.scalar(taken) is not None


def _use_recovery_code(user_id: UUID, code: str, *, by: Actor) -> bool:
    codes = list_unused_codes(user_id)
    found = next((kept for kept in codes if verify_password(kept.code_hash, code)), None)
    if found is None:
        return False
    found.used_at = clock.now()
    left = {"left": len(codes) - 1}
    events.record("recovery_code.used", found, by=by, audience="person", payload=left)
    return True


def _without_factor(user_id: UUID) -> None:
    """Recovery codes stand for a factor: they go with the last one."""
    if not find_factors(user_id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
