"""The malware scanner: where one is configured, a file is shown to ClamAV's daemon before it is kept."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from flask import current_app

from saas.config import Config
from saas.errors import Refused
from saas.files.kinds import FileRefused
from saas.files.receiving import Received
from saas.files.storage import storage

CONNECT_SECONDS, ANSWER_SECONDS = 5, 120
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


class ScannerUnavailable(Refused):
    """The configured scanner gave no verdict."""

    def __init__(self) -> None:
        super().__init__("Files cannot be checked for malware at the moment.")


class Malware(FileRefused):
    """The scanner found something in a file; `signature` is what it calls it."""

    def __init__(self, filename: str, signature: str) -> None:
        super().__init__(f"“{filename}” was found to contain malware ({signature}) and was not kept.")
        self.signature = signature


def scan(received: Received) -> bool:
    """Show an upload to the scanner; whether one is configured and passed it.

    Raises Malware or, without a verdict, ScannerUnavailable.
    """
    with received.path.open("rb") as stream:
        return _passed(iter(lambda: stream.read(CHUNK), b""), received.filename)


def scan_stored(namespace: str, sha256: str, filename: str) -> bool:
    """The same for a file that was kept before. Raises FileMissing too."""
    if not is_scanning():
        return False
    with storage().open(namespace, sha256) as opened:
        return _passed(opened, filename)


def is_scanning() -> bool:
    """Whether a scanner is configured."""
    return _scanner_url() is not None


def _passed(pieces: Iterable[bytes], filename: str) -> bool:
    url = _scanner_url()
    if url is None:
        return False
    verdict = _verdict(url, pieces)
    if verdict.endswith(" FOUND"):
        raise Malware(filename, verdict.removeprefix("stream: ").removesuffix(" FOUND"))
    if verdict != "stream: OK":
        current_app.logger.error("the malware scanner gave no verdict: %s", verdict)
        raise ScannerUnavailable
    return True


def check_scanner() -> None:
    """Greet the scanner, if there is one; raises ScannerUnavailable when it does not answer."""
    url = _scanner_url()
    if url is None:
        return
    try:
        with _connected(url) as connection:
            connection.sendall(b"zPING\0")
            answer = _answer(connection)
    except OSError as error:
        raise ScannerUnavailable from error
    if answer != "PONG":
        raise ScannerUnavailable


def _scanner_url() -> str | None:
    config: Config = current_app.config["CHARTERWAY"]
    return config.clamd_url


def _verdict(url: str, pieces: Iterable[bytes]) -> str:
    """The daemon's line for a stream of length-prefixed chunks closed by an empty one (command INSTREAM)."""
    try:
        with _connected(url) as connection:
            # The daemon hangs up on what exceeds its own limit, after saying so: that line is still read.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b"zINSTREAM\0")
                for chunk in pieces:
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
                connection.sendall(struct.pack("!L", 0))
            return _answer(connection)
    except OSError as error:
        raise ScannerUnavailable from error


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(unquote(parts.path))
        except OSError:
            connection.close()
            raise
    else:
        connection = socket.create_connection((parts.hostname, parts.port), timeout=CONNECT_SECONDS)
    connection.settimeout(ANSWER_SECONDS)
    return connection


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER and (piece := connection.recv(1024)):
        received += piece
    return received.rstrip(b"\0").decode("utf-8", errors="replace").strip()
