"""Security: passwords, secrets, the brakes on guessing, and the headers every answer carries."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Response, current_app, g, has_request_context, make_response, render_template, request, session
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from saas.config import Config
from saas.errors import Refused
from saas.problems import is_api, refusal

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
READ_BY_ESTIMATE = 72
"""The estimate of how guessable a password is takes time that grows with length, so it reads this much."""
STRONG_ENOUGH = 3
"""On the estimate's scale of 0 to 4: about 10⁸ guesses, beyond what a throttled sign-in allows."""
FULL_COST: dict[str, Any] = {"time_cost": 3, "memory_cost": 19_456, "parallelism": 1}
"""OWASP's least memory (19 MiB) and one pass more: eight sign-ins at once stay under 160 MB."""
TEST_COST: dict[str, Any] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
SIGN_IN_FAILED = "The email address or the password is not right."
LONGEST_ADDRESS = 2_000

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NO_REFERRER = "strict-origin"
"""An address that holds a secret is told to nobody, ourselves included: only the site's name stays in the referrer,
which the check against forged forms needs."""
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class TooManyAttempts(Refused):
    """Somebody tried too often (429); `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        minutes = math.ceil(retry_after / 60)
        super().__init__(f"Too many attempts. Try again in {minutes} minute{'' if minutes == 1 else 's'}.")
        self.retry_after = retry_after


def install(app: Flask) -> None:
    """Put the headers on every answer and make ready the cost of passwords and the store of the throttles."""
    config: Config = app.config["CHARTERWAY"]
    hasher = PasswordHasher(**(TEST_COST if app.config.get("ARGON2_FAST") else FULL_COST))
    app.extensions["charterway_passwords"] = _Passwords(hasher, hasher.hash(secrets.token_urlsafe()))
    app.extensions["charterway_throttles"] = _limiter(config.redis_url)
    https = config.base_url.startswith("https://")

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        if request.endpoint != "static":
            response.vary.add("Cookie")
            known = session or "Authorization" in request.headers
            if known and not (response.cache_control.private and response.cache_control.no_cache):
                response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(TooManyAttempts)
    def braked(error: TooManyAttempts) -> Response:
        g.setdefault("place", None)
        page = refusal(429, error) if is_api() else make_response(render_template("errors/429.html", error=error), 429)
        page.headers["Retry-After"] = str(error.retry_after)
        return page


# Passwords


@dataclass(frozen=True)
class _Passwords:
    hasher: PasswordHasher
    nobodys: str
    """The hash of a password nobody has, to spend the same time on an unknown address."""


def hash_password(password: str) -> str:
    """The argon2id hash to keep, parameters and salt included."""
    return _passwords().hasher.hash(_normal(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Whether the password is the one behind the kept hash; `None` costs the same time and is false."""
    passwords = _passwords()
    try:
        passwords.hasher.verify(kept or passwords.nobodys, _normal(password)[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(_normal(password)) <= LONGEST_PASSWORD


def needs_rehash(kept: str) -> bool:
    """Whether a hash was made at another cost than today's, to be made anew at the next sign-in."""
    return _passwords().hasher.check_needs_rehash(kept)


def password_problems(password: str, *, email: str, words: Iterable[str] = ()) -> list[str]:
    """What is wrong with a new password, in sentences for the person; an empty list when it is good.

    words: what a stranger would guess first here, such as the names of the person and the organisation.
    """
    # 14 MB of word lists, loaded by the process that first needs them.
    from zxcvbn import zxcvbn

    password = _normal(password)
    address = email.strip().lower()
    if len(password) < SHORTEST_PASSWORD:
        return [f"Use at least {SHORTEST_PASSWORD} characters. Three or four unusual words are easy to remember."]
    if len(password) > LONGEST_PASSWORD:
        return [f"Use at most {LONGEST_PASSWORD} characters."]
    if address and (address in password.lower() or password.lower() == address.partition("@")[0]):
        return ["Do not use your email address as the password."]
    known = [address, *address.replace("@", ".").split("."), *words]
    estimate = zxcvbn(password[:READ_BY_ESTIMATE], user_inputs=[word.lower() for word in known if word])
    if estimate["score"] >= STRONG_ENOUGH:
        return []
    warning = estimate["feedback"]["warning"].rstrip(".")
    reason = f" ({warning[0].lower()}{warning[1:]})" if warning else ""
    return [f"This password is easy to guess{reason}. Add an unusual word."]


def _passwords() -> _Passwords:
    found: _Passwords = current_app.extensions["charterway_passwords"]
    return found


def _normal(password: str) -> str:
    """One form for one text: the same password typed on another keyboard gives other code points."""
    return unicodedata.normalize("NFKC", password)


# Secrets


def new_secret() -> str:
    """A secret nobody can guess: 32 random bytes as 43 characters that stand in an address unchanged."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256 in hex; enough for random secrets, never for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_for(purpose: str) -> str:
    """The secret of one purpose and no other, of the same shape; made from the site's key, so that it need not be kept.

    For a link that a later mail repeats: whoever has the database alone cannot make it. The purpose names the row and
    the moment it was asked for, so that asking anew makes another secret.
    """
    key = current_app.config["SECRET_KEY"].encode()
    return urlsafe_b64encode(hmac.digest(key, b"secret link: " + purpose.encode(), "sha256")).decode().rstrip("=")


def private(page: str | Response, status: int = 200) -> Response:
    """A page whose address holds a secret: it stays out of referrers, caches and search engines."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = NO_REFERRER
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# Brakes


@dataclass(frozen=True)
class Throttle:
    """At most `limit` attempts for one key within any `per_seconds`, counted over all processes."""

    name: str
    limit: int
    per_seconds: int

    def allow(self, key: str) -> bool:
        """Count an attempt; false, and not counted, when there were too many."""
        return bool(_throttles().hit(self._item, self.name, digest(key)))

    def brake(self, key: str) -> None:
        """Count an attempt; raises TooManyAttempts, and counts nothing, when there were too many."""
        if not self.allow(key):
            raise TooManyAttempts(self.retry_after(key))
        if has_request_context():
            g.setdefault("attempts", []).append((self, key))

    def take_back(self, key: str) -> None:
        """Let the newest attempt of this key not have been."""
        kept = _throttles().storage
        if isinstance(kept, RedisStorage):
            connection: Any = kept.get_connection()
            connection.lpop(kept.prefixed_key(self._item.key_for(self.name, digest(key))))

    def retry_after(self, key: str) -> int:
        """Seconds until the next attempt is allowed; 0 when it is allowed now."""
        window = _throttles().get_window_stats(self._item, self.name, digest(key))
        return 0 if window.remaining > 0 else max(1, math.ceil(window.reset_time - time.time()))

    def forget(self, key: str) -> None:
        """Begin anew for this key, for instance after a success."""
        _throttles().clear(self._item, self.name, digest(key))

    @property
    def _item(self) -> RateLimitItemPerSecond:
        return RateLimitItemPerSecond(self.limit, self.per_seconds)


SIGN_IN_BY_ADDRESS = Throttle("sign-in-address", 10, 15 * 60)
SIGN_IN_BY_CLIENT = Throttle("sign-in-client", 100, 15 * 60)
"""Wider, since a whole council may reach us through one address."""


def throttle_sign_in(email: str, client_address: str) -> None:
    """Count an attempt to sign in before anything is looked up: known and unknown addresses fare alike.

    Raises TooManyAttempts. After a success, `sign_in_succeeded`.
    """
    SIGN_IN_BY_CLIENT.brake(client_address)
    SIGN_IN_BY_ADDRESS.brake(email.strip().lower())


def sign_in_succeeded(email: str) -> None:
    """Forget the failed attempts for this address."""
    SIGN_IN_BY_ADDRESS.forget(email.strip().lower())


def take_back_attempts() -> None:
    """Let the attempts of this request not count: the service failed, not who tried, and told nothing."""
    for throttle, key in g.pop("attempts", ()):
        with suppress(RedisError):
            throttle.take_back(key)


def _limiter(redis_url: str | None) -> MovingWindowRateLimiter:
    if redis_url is None:
        return MovingWindowRateLimiter(storage_from_string("memory://"))
    return MovingWindowRateLimiter(storage_from_string(redis_url, socket_connect_timeout=2, socket_timeout=5))


def _throttles() -> Any:
    return current_app.extensions["charterway_throttles"]


# Addresses


def safe_next(url: str | None, default: str = "/") -> str:
    """The address when it is a path of this site that no browser reads as another host; else the default."""
    if not url or len(url) > LONGEST_ADDRESS or not url.startswith("/") or url.startswith("//"):
        return default
    if "\\" in url or any(character <= " " or character == "\x7f" for character in url):
        return default
    parts = urlsplit(url)
    return default if parts.scheme or parts.netloc else url
