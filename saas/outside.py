"""The door to the outside world: pages of other sites, fetched so that no address inside can be reached through us."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from urllib.parse import SplitResult, quote, urldefrag, urljoin, urlsplit

import ssrfguard
from flask import current_app

from saas.config import Config
from saas.errors import Refused

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = (80, 443)
CHUNK = 64 * 1024
INSIDE_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._"
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))

_HOST_OF_AZURE = ssrfguard.Block(ip_network("168.63.129.16/32"), "host of Azure", "", ssrfguard.Reach.DENIED)
_TABLE = ssrfguard.AddressTable(
    (
        *(
            # An IPv4 address in an IPv6 disguise is refused whatever it carries: no honest site is written so.
            replace(block, reach=ssrfguard.Reach.DENIED) if block.reach is ssrfguard.Reach.TRANSLATED else block
            for block in ssrfguard.DEFAULT_DENIED.blocks
        ),
        _HOST_OF_AZURE,
    )
)
_PUBLIC = ssrfguard.Policy(denied_networks=_TABLE, allowed_ports=frozenset(PORTS), max_redirects=MOST_REDIRECTS)


class AddressRefused(Refused):
    """An address that is never asked; the message says why in words for the person who typed it."""


class Unreachable(Refused):
    """A page that could not be had: no such name, no answer in time, too large, or not a web page."""


class TooLarge(Unreachable):
    """A page that answers, but is larger than is read."""


@dataclass(frozen=True)
class Fetched:
    """A page as it was answered, whatever its status."""

    url: str
    """Where it was found, after the redirects."""
    status: int
    content_type: str
    """The header as sent, with its charset; empty where there was none."""
    body: bytes
    redirects: tuple[str, ...]
    """The addresses that led on, in order; empty when the first one answered."""
    last_modified: str = ""
    """The header as sent; empty where there was none."""


@dataclass(frozen=True)
class _Request:
    accept: str
    limit_bytes: int
    seconds: float
    deadline: float
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def remaining(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def too_slow(self) -> Unreachable:
        return Unreachable(f"The site did not answer within {self.seconds:g} seconds.")


def check_address(url: str, *, secured: bool = False) -> None:
    """Raise AddressRefused for an address that `fetch` would never ask; asks nobody, not even for the name.

    secured: it must be https, but for what OUTSIDE_ALLOW names.
    What a name points to is known only when it is fetched, so `fetch` can still refuse what passes here.
    """
    parts, _, policy = _target(_absolute("", url))
    if secured and policy is _PUBLIC and parts.scheme != "https":
        raise AddressRefused("The address must begin with https://.")


def fetch(
    url: str,
    *,
    limit_bytes: int,
    timeout_seconds: float = 10,
    accept: str = "text/html",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Get a page, following at most five redirects, each judged like the first address.

    limit_bytes: the largest body read; timeout_seconds: for all of it, redirects and name look-ups included.
    body: sent with POST, and then no redirect is followed: it is the answer. headers: sent beside ours, to the first
    address alone.
    A name is looked up once and the connection goes to the very address that was judged. Nothing of ours is
    sent along: no cookies, no proxy of the environment, no referrer. Any status is returned, 404 and 500 too.
    Raises AddressRefused and Unreachable; needs an app context for the settings.
    """
    deadline = time.monotonic() + timeout_seconds
    asked = _Request(accept, limit_bytes, timeout_seconds, deadline, body, headers or {})
    address = _absolute("", url)
    passed: list[str] = []
    while True:
        answer = _ask(address, asked)
        if isinstance(answer, Fetched):
            return replace(answer, redirects=tuple(passed))
        passed.append(address)
        if len(passed) > MOST_REDIRECTS:
            raise Unreachable(f"The site leads on more than {MOST_REDIRECTS} times.")
        address = _absolute(address, answer)
        asked = replace(asked, headers={})


def _absolute(base: str, url: str) -> str:
    """The address as seen from a page, without its fragment; spaces are forgiven, as browsers do."""
    try:
        return urldefrag(urljoin(base, url.strip().replace(" ", "%20"))).url
    except ValueError as error:
        raise AddressRefused("This is not a complete web address.") from error


def _target(url: str) -> tuple[SplitResult, ssrfguard.Target, ssrfguard.Policy]:
    """The parts of an address, where it goes, and the rules it was judged by. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressRefused("This is not a complete web address.") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused("The address must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise AddressRefused("The address must not hold a user name or a password.")
    policy = _policy(parts, port)
    if port not in policy.allowed_ports:
        raise AddressRefused(f"Port {port} is not used by web pages. Only the ports 80 and 443 may be used.")
    try:
        target = policy.check_url(url)
    except ssrfguard.BlockedURLError as error:
        if isinstance(error.__cause__, ssrfguard.BlockedAddressError):
            raise _inside(parts.hostname or "") from error
        raise AddressRefused("This is not a complete web address.") from error
    if policy is _PUBLIC and not target.is_literal_address and _is_inside_name(target.host):
        raise _inside(target.host)
    return parts, target, policy


def _policy(parts: SplitResult, port: int) -> ssrfguard.Policy:
    """The rules for an address: the public ones, but for what OUTSIDE_ALLOW names."""
    config: Config = current_app.config["CHARTERWAY"]
    if f"{parts.hostname}:{port}" not in config.outside_allow:
        return _PUBLIC
    return replace(_PUBLIC, allowed_networks=EVERYWHERE, allowed_ports=frozenset({port}))


def _is_inside_name(host: str) -> bool:
    """Names of a local network, and numbers that the system would take for an address (0x7f.1)."""
    name = host.rstrip(".")
    if "." not in name or f".{name}".endswith(INSIDE_NAMES):
        return True
    try:
        socket.inet_aton(name)
    except OSError:
        return False
    return True


def _inside(host: str) -> AddressRefused:
    return AddressRefused(f"“{host[:253]}” is not an address of the public internet.")


def _ask(url: str, asked: _Request) -> Fetched | str:
    """One request: the page, or the address that a redirect names."""
    parts, target, policy = _target(url)
    opened = _connect(target, policy, asked)
    try:
        with _ended_in_time(opened, asked), _secured(opened, target) as stream:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = stream
            return _exchange(connection, parts, target, asked)
    except ssl.SSLCertVerificationError as error:
        raise Unreachable("The site's certificate is not valid.") from error
    except (OSError, http.client.HTTPException) as error:
        asked.remaining()
        raise Unreachable("The site broke off, or did not answer as a web page does.") from error
    finally:
        opened.close()


def _connect(target: ssrfguard.Target, policy: ssrfguard.Policy, asked: _Request) -> socket.socket:
    """A connection to the address that was judged, which is the only look-up of the name there is."""
    addresses = _look_up(target, policy, asked)
    tries = min(len(addresses), policy.max_connection_attempts)
    try:
        return ssrfguard.connect(addresses, policy=policy, timeout=asked.remaining() / tries)
    except ssrfguard.SSRFGuardError as error:
        raise _inside(target.host) from error
    except OSError as error:
        asked.remaining()
        raise Unreachable("The site cannot be reached.") from error


def _look_up(target: ssrfguard.Target, policy: ssrfguard.Policy, asked: _Request) -> tuple[ssrfguard.Address, ...]:
    """Every address of the name, all of them judged; the system's look-up has no timeout, so it is left behind."""
    found: list[tuple[ssrfguard.Address, ...] | Exception] = []

    def look() -> None:
        try:
            found.append(ssrfguard.resolve(target, policy=policy))
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            found.append(error)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(asked.remaining())
    match found:
        case [tuple() as addresses]:
            return addresses
        case [ssrfguard.SSRFGuardError() as error]:
            raise _inside(target.host) from error
        case [OSError() | UnicodeError() as error]:
            raise Unreachable(f"There is no site named “{target.host}”.") from error
        case [Exception() as error]:
            raise error
    raise asked.too_slow()


@contextmanager
def _ended_in_time(opened: socket.socket, asked: _Request) -> Iterator[None]:
    """Cut the connection at the deadline: timeouts of single reads would let a dripping site go on for ever."""
    # The copy stays ours when TLS takes the socket over.
    copy = opened.dup()

    def cut() -> None:
        with suppress(OSError):
            copy.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(asked.remaining(), cut)
    timer.daemon = True
    timer.start()
    try:
        opened.settimeout(asked.remaining())
        yield
    finally:
        timer.cancel()
        copy.close()


@contextmanager
def _secured(opened: socket.socket, target: ssrfguard.Target) -> Iterator[socket.socket]:
    """The connection itself, or with https one whose certificate is that of the name."""
    if target.scheme == "http":
        yield opened
        return
    with ssl.create_default_context().wrap_socket(opened, server_hostname=target.host) as secured:
        yield secured


def _exchange(
    connection: http.client.HTTPConnection, parts: SplitResult, target: ssrfguard.Target, asked: _Request
) -> Fetched | str:
    config: Config = current_app.config["CHARTERWAY"]
    query = f"?{quote(parts.query, safe=KEPT_IN_PATH + '?')}" if parts.query else ""
    method = "GET" if asked.body is None else "POST"
    connection.putrequest(
        method, quote(parts.path or "/", safe=KEPT_IN_PATH) + query, skip_host=True, skip_accept_encoding=True
    )
    for name, value in {
        "Host": _host_header(target),
        "User-Agent": f"Charterway (+{config.base_url})",
        "Accept": asked.accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
        **({} if asked.body is None else {"Content-Length": str(len(asked.body))}),
        **asked.headers,
    }.items():
        connection.putheader(name, value)
    connection.endheaders(asked.body)
    with connection.getresponse() as response:
        location = response.headers.get("Location")
        if response.status in REDIRECTS and location and asked.body is None:
            # Header bytes come as Latin-1; an address in them is UTF-8.
            return location.encode("latin-1", "replace").decode("utf-8", "replace")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreachable("The site sends the page packed, though it was asked not to.")
        body = _body(response, asked)
        content_type, modified = (response.headers.get(name, "") for name in ("Content-Type", "Last-Modified"))
        return Fetched(parts.geturl(), response.status, content_type, body, (), modified)


def _host_header(target: ssrfguard.Target) -> str:
    host = f"[{target.host}]" if isinstance(target.address, ipaddress.IPv6Address) else target.host
    return host if target.port == {"http": 80, "https": 443}[target.scheme] else f"{host}:{target.port}"


def _body(response: http.client.HTTPResponse, asked: _Request) -> bytes:
    """The body up to its end; a connection that was cut at the deadline looks like an end, so time is asked last."""
    too_large = TooLarge(f"The page is larger than {asked.limit_bytes:,} bytes, so it was not read.")
    if response.length is not None and response.length > asked.limit_bytes:
        raise too_large
    kept = bytearray()
    while chunk := response.read(min(CHUNK, asked.limit_bytes + 1 - len(kept))):
        kept += chunk
        if len(kept) > asked.limit_bytes:
            raise too_large
    asked.remaining()
    if response.length:
        raise http.client.IncompleteRead(bytes(kept), response.length)
    return bytes(kept)
