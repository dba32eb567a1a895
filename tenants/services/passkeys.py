"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Refused
from saas.tenancy import Actor
from tenants.models.second_factors import Passkey
from tenants.queries.second_factors import find_factors

LONGEST_NAME = 60
MOST = 10
"""Passkeys of one person."""
TIMEOUT_MILLISECONDS = 120_000
TRANSPORTS = ("ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb")


class NotTaken(Refused):
    """A browser's answer that is not of the passkey, this site or this moment, or comes on top of too many."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site that passkeys are for."""

    host: str
    origin: str

    @classmethod
    def at(cls, base_url: str) -> Site:
        """The site of an address."""
        parts = urlsplit(base_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def ask_new(site: Site, user_id: UUID, email: str, name: str, challenge: bytes, known: Iterable[Passkey]) -> str:
    """What a browser is asked to make a passkey, as JSON. known: those the person has, which it makes no second of."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Charterway",
        user_id=user_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_named(known),
    )
    return options_to_json(options)


def add(user_id: UUID, site: Site, answer: str, challenge: bytes, name: str, *, by: Actor) -> Passkey:
    """Keep the passkey that a browser made. Raises NotTaken, also for who has MOST of them."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    if len(find_factors(user_id).passkeys) >= MOST:
        raise NotTaken(f"You have {MOST} passkeys. Take one away first.")
    given = _read(answer)
    try:
        made = verify_registration_response(
            credential=given, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotTaken("The browser's answer could not be checked. Try again.") from error
    told = given.get("response", {}).get("transports", [])
    passkey = Passkey(
        id=new_id(),
        user_id=user_id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        transports=[each for each in TRANSPORTS if each in told] if isinstance(told, list) else [],
        name=" ".join(name.split())[:LONGEST_NAME],
        made_at=clock.now(),
    )
    with turning("uq_passkeys_credential_id", lambda: NotTaken("This passkey is in use already. Try another device.")):
        db.session.add(passkey)
        db.session.flush()
    events.record("factor.added", passkey, by=by, audience="person", payload={"factor": f"passkey {passkey.name}"})
    return passkey


def ask(site: Site, challenge: bytes, known: Iterable[Passkey] = ()) -> str:
    """What a browser is asked to show a passkey, as JSON.

    known: the passkeys of the person who is asked; without any, the browser offers those it has for this site, and the
    device checks that it is its owner.
    """
    named = [{"type": "public-key", "id": each.credential_id, "transports": each.transports} for each in known]
    options = {
        "challenge": urlsafe_b64encode(challenge).decode().rstrip("="),
        "rpId": site.host,
        "timeout": TIMEOUT_MILLISECONDS,
        "allowCredentials": named,
        "userVerification": "preferred" if named else "required",
    }
    return json.dumps(options)


def shown(answer: str) -> tuple[UUID | None, str]:
    """Whose and which passkey a browser says it shows, not yet checked: (user, credential). Raises NotTaken.

    The user is None where the device does not say.
    """
    from webauthn.helpers import base64url_to_bytes

    given = _read(answer)
    held = given["response"].get("userHandle")
    try:
        return (UUID(bytes=base64url_to_bytes(held)) if held else None), str(given["id"])
    except (ValueError, TypeError) as error:
        raise NotTaken("The browser's answer could not be read. Try again.") from error


def check(passkey: Passkey, site: Site, answer: str, challenge: bytes, *, alone: bool) -> None:
    """Check what a browser answered, and note the use. Raises NotTaken.

    alone: the passkey stands for the password too, so its device must have checked that it is its owner.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        seen = verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotTaken("This passkey did not open the door. Try again, or use another way.") from error
    passkey.sign_count, passkey.last_used_at = seen.new_sign_count, clock.now()


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer)
    except ValueError as error:
        raise NotTaken("The browser sent no passkey. Try again.") from error
    if not isinstance(given, dict) or not isinstance(given.get("response"), dict) or "id" not in given:
        raise NotTaken("The browser sent no passkey. Try again.")
    return given


def _named(known: Iterable[Passkey]) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[AuthenticatorTransport(way) for way in each.transports] or None,
        )
        for each in known
    ]
