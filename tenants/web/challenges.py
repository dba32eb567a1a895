"""Challenges of passkeys: what a page asks the browser, bound to its session and used once."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from uuid import UUID

from flask import current_app, session

from tenants.models.second_factors import Passkey
from tenants.queries.second_factors import find_passkey
from tenants.services import passkeys
from tenants.services.passkeys import NotTaken, Site

CHALLENGE = "challenge"
LENGTH = 32
LONGEST_ANSWER = 20_000
WRONG_PASSKEY = "This passkey does not open the door here. Sign in with your password."


def site() -> Site:
    """The site that passkeys are for."""
    return Site.at(current_app.config["CHARTERWAY"].base_url)


def ask(known: Iterable[Passkey] = ()) -> str:
    """What the browser is asked to show a passkey, as JSON. known: those of the person, where it is known who asks."""
    return passkeys.ask(site(), standing(), known)


def standing() -> bytes:
    """The challenge of this session: the same on each of its pages until one answers it."""
    if CHALLENGE not in session:
        session[CHALLENGE] = urlsafe_b64encode(secrets.token_bytes(LENGTH)).decode()
    return urlsafe_b64decode(session[CHALLENGE])


def take() -> bytes:
    """The challenge that is answered now, for the only time. Raises NotTaken where none was asked."""
    kept = session.pop(CHALLENGE, None)
    if kept is None:
        raise NotTaken("The page was open for too long. Try again.")
    return urlsafe_b64decode(kept)


def check(user_id: UUID, answer: str, *, alone: bool) -> None:
    """Check a passkey of this person, in whose scope it is, against the challenge, used up by it. Raises NotTaken.

    alone: it stands in for the password too.
    """
    challenge = take()
    _, credential_id = passkeys.shown(answer)
    passkey = find_passkey(user_id, credential_id)
    if passkey is None:
        raise NotTaken(WRONG_PASSKEY)
    passkeys.check(passkey, site(), answer, challenge, alone=alone)
