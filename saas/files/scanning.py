"""The malware scanner: where one is configured, a file is shown to ClamAV's daemon before it is kept."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from flask import current_app

from saas.config import Config
from saas.errors import Refused
from saas.files.kinds import FileRefused
from saas.files.receiving import Received

CONNECT_SECONDS, ANSWER_SECONDS = 5, 120
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


class ScannerUnavailable(Refused):
    """The configured scanner gave no verdict, so the file is not kept."""

    def __init__(self) -> None:
        super().__init__(
            "Files cannot be checked for malware at the moment, so none is kept. Try again in a few minutes."
        )


def scan(received: Received) -> None:
    """Show the file to the scanner, if any. Raises FileRefused or, without a verdict, ScannerUnavailable."""
    url = _scanner_url()
    if url is None:
        return
    verdict = _verdict(url, received)
    if verdict.endswith(" FOUND"):
        signature = verdict.removeprefix("stream: ").removesuffix(" FOUND")
        raise FileRefused(f"“{received.filename}” was found to contain malware ({signature}) and was not kept.")
    if verdict != "stream: OK":
        current_app.logger.error("the malware scanner gave no verdict: %s", verdict)
        raise ScannerUnavailable


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


def _verdict(url: str, received: Received) -> str:
    """The daemon's line for a stream of length-prefixed chunks closed by an empty one (command INSTREAM)."""
    try:
        with _connected(url) as connection, received.path.open("rb") as stream:
            # The daemon hangs up on what exceeds its own limit, after saying so: that line is still read.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b"zINSTREAM\0")
                while chunk := stream.read(CHUNK):
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
