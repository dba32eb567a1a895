"""Sign-in by another site that knows somebody (OpenID Connect): the code flow with PKCE, state and nonce.

Everything is fetched through the walls of `saas.outside`. What is proved is what a signed ID token says, and of that
only what the issuer answers for: the subject, a verified address, and whether more than a password was shown.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from saas import clock
from saas.errors import Refused
from saas.outside import AddressRefused, Fetched, Unreachable, check_address, fetch
from saas.security import new_secret

SCOPE = "openid email profile"
DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 5
LARGEST_ANSWER = 512 * 1024
LONGEST_SUBJECT = 255
LEEWAY = 60
"""Seconds by which two clocks may differ."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key that the issuer alone holds; never "none", never a shared secret."""
AUTH_METHODS = ("client_secret_basic", "client_secret_post")
ENTRA = re.compile(r"https://login\.microsoftonline\.(?:com|us)/([0-9a-f-]{36})/v2\.0")
"""The issuer of one Entra directory, by its id; the shared issuers of all directories fit no token and are refused."""
KEYS_LIFE = 60 * 60
"""Seconds for which the keys of an issuer are taken from memory."""
KEYS_REST = 60
"""Seconds between two askings for keys because a signature fits none that are known."""
MOST_ISSUERS = 1_000
MORE_THAN_PASSWORD = "mfa"  # noqa: S105  a value of `amr` (RFC 8176)


DOES_NOT_HOLD = "What your organisation’s sign-in sent does not hold: it was not taken."


class NotProved(Refused):
    """The other site did not prove who somebody is; the message says why, for the person who signs in."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the issuer knows us by."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where to send the browser, and what its session keeps until it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody is, as the issuer says."""

    subject: str
    email: str
    """In small letters; an address that the issuer has verified."""
    name: str
    factor: bool
    """Whether the issuer says that more than a password was shown."""


@dataclass(frozen=True, slots=True)
class _Metadata:
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    auth_method: str
    names_itself: bool
    """Whether it sends `iss` with its answer (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Keys, and when they were fetched."""

    keys: KeySet
    at: float


_keys: dict[str, _Kept] = {}
"""Address of an issuer's keys → the keys, in this process alone."""


def begin(client: Client, redirect_uri: str, *, address_hint: str = "") -> Begun:
    """Ask the issuer's own description where to send the browser. Raises NotProved where it cannot be had."""
    known = _discover(client.issuer)
    state, nonce, verifier = new_secret(), new_secret(), new_secret()
    more = {"login_hint": address_hint} if address_hint else {}
    address = prepare_grant_uri(
        known.authorization_endpoint,
        client.client_id,
        "code",
        redirect_uri=redirect_uri,
        scope=SCOPE,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        **more,
    )
    return Begun(address, state, nonce, verifier)


def finish(client: Client, begun: Begun, redirect_uri: str, answer: Mapping[str, str]) -> Proof:
    """Take the code with which the browser came back, and read what the issuer says. Raises NotProved.

    answer: the query of the address it came back to.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise NotProved("This sign-in was not begun here, or was begun again since.")
    if answer.get("error"):
        raise NotProved("Your organisation’s sign-in was broken off or refused.")
    known = _discover(client.issuer)
    said = answer.get("iss")
    if said != client.issuer if known.names_itself else said not in (None, client.issuer):
        raise NotProved("Another site answered than the one that was asked.")
    tokens = _exchange(client, known, begun.verifier, redirect_uri, answer.get("code", ""))
    claims = _verified(client, known, begun.nonce, tokens.get("id_token"))
    return _read(client.issuer, claims)


def _discover(issuer: str) -> _Metadata:
    """What the issuer says of itself; raises NotProved."""
    document = _document(issuer.rstrip("/") + DISCOVERY)
    if document.get("issuer") != issuer:
        raise NotProved("The issuer names itself differently in its own description.")
    addresses = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        addresses[name] = str(document.get(name) or "")
        _check(addresses[name])
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = next((each for each in AUTH_METHODS if each in methods), None)
    if method is None:
        raise NotProved("The issuer takes no client secret.")
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    return _Metadata(**addresses, auth_method=method, names_itself=names_itself)


def _exchange(client: Client, known: _Metadata, verifier: str, redirect_uri: str, code: str) -> dict[str, Any]:
    """The tokens for a code; raises NotProved."""
    if not code:
        raise NotProved("Your organisation’s sign-in gave no code.")
    body = urlencode(
        {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    auth = ClientAuth(client.client_id, client.client_secret, known.auth_method)
    _, headers, body = auth.prepare("POST", known.token_endpoint, headers, body)
    return _document(known.token_endpoint, body=body.encode(), headers=headers)


def _verified(client: Client, known: _Metadata, nonce: str, token: Any) -> Mapping[str, Any]:
    """The claims of an ID token that this issuer signed for us and for this sign-in; raises NotProved."""
    if not isinstance(token, str):
        raise NotProved("Your organisation’s sign-in gave no ID token.")
    read = _signed(known.jwks_uri, token)
    wanted = {
        "iss": {"essential": True, "value": client.issuer},
        "aud": {"essential": True, "value": client.client_id},
    }
    try:
        claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": nonce, "client_id": client.client_id})
        claims.validate(int(clock.now().timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProved(DOES_NOT_HOLD) from error
    found: Mapping[str, Any] = claims
    return found


def _signed(jwks_uri: str, token: str) -> jwt.Token:
    """The token, signed with a key of the issuer; raises NotProved.

    A signature that fits no key in memory asks for the keys anew: the issuer may have changed them.
    """
    now = time.monotonic()
    kept = _keys.get(jwks_uri)
    if kept is not None and now - kept.at < KEYS_LIFE:
        with suppress(JoseError, ValueError, TypeError, KeyError):
            return jwt.decode(token, kept.keys, algorithms=ALGORITHMS)
        if now - kept.at < KEYS_REST:
            raise NotProved(DOES_NOT_HOLD)
    try:
        keys = _fetch_keys(jwks_uri)
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProved(DOES_NOT_HOLD) from error


def _fetch_keys(jwks_uri: str) -> KeySet:
    """The keys as the issuer says them now, kept in this process."""
    said = _document(jwks_uri).get("keys") or []
    usable = [key for key in said if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    keys = KeySet.import_key_set({"keys": usable})
    while len(_keys) >= MOST_ISSUERS and jwks_uri not in _keys:
        _keys.pop(next(iter(_keys)), None)
    _keys[jwks_uri] = _Kept(keys, time.monotonic())
    return keys


def _read(issuer: str, claims: Mapping[str, Any]) -> Proof:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotProved("Your organisation’s sign-in did not say who you are.")
    methods = claims.get("amr")
    return Proof(
        subject=subject,
        email=_address(issuer, claims),
        name=str(claims.get("name") or ""),
        factor=isinstance(methods, list) and MORE_THAN_PASSWORD in methods,
    )


def _address(issuer: str, claims: Mapping[str, Any]) -> str:
    """The address that the issuer answers for.

    Entra verifies no `email`: whoever keeps a directory writes there what he or she likes. It answers for the sign-in
    name (`preferred_username`), since a directory must prove that a domain is its own; and only for the directory that
    the issuer names (`tid`).
    """
    directory = ENTRA.fullmatch(issuer)
    if directory is not None:
        if claims.get("tid") != directory[1]:
            raise NotProved("You signed in to another directory than your organisation’s.")
        address = claims.get("preferred_username")
    else:
        address = claims.get("email") if claims.get("email_verified") is True else None
    if not isinstance(address, str) or "@" not in address:
        raise NotProved("Your organisation’s sign-in did not say that your email address is verified.")
    return address.strip().lower()


def _document(url: str, **options: Any) -> dict[str, Any]:
    """A JSON object of the issuer; raises NotProved."""
    _check(url)
    try:
        answer: Fetched = fetch(
            url, limit_bytes=LARGEST_ANSWER, timeout_seconds=SECONDS, accept="application/json", **options
        )
    except Unreachable as error:
        raise NotProved(f"Your organisation’s sign-in does not answer. {error.message}") from error
    except AddressRefused as error:
        raise NotProved(error.message) from error
    if answer.status != 200 or answer.redirects:
        raise NotProved(f"Your organisation’s sign-in answers with an error ({answer.status}).")
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise NotProved("Your organisation’s sign-in does not answer as it should.") from error
    if not isinstance(document, dict):
        raise NotProved("Your organisation’s sign-in does not answer as it should.")
    return document


def _check(url: str) -> None:
    try:
        check_address(url, secured=True)
    except AddressRefused as error:
        raise NotProved(f"An address of your organisation’s sign-in cannot be used. {error.message}") from error
