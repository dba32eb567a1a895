"""A file is shown to the scanner over its protocol; the scanner here is a small real server speaking it."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from saas import files
from saas.files import (
    FileRefused,
    Malware,
    Received,
    ScannerUnavailable,
    check_scanner,
    is_scanning,
    scan,
    scan_stored,
)
from tests.factories.scanning import BAD, Scanner


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path, bare_app: Callable[..., Flask]) -> Iterator[Scanner]:
    """A scanner, and an app that has it configured."""
    if request.param == "tcp":
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.socket"))
        listener.listen()
        url = f"unix://{tmp_path / 'clamd.socket'}"
    files.install(bare_app(clamd_url=url))
    found = Scanner(listener)
    yield found
    found.close()


def test_the_scanner_sees_every_byte_and_may_pass_the_file(scanner: Scanner, received: Callable[..., Received]) -> None:
    content = b"%PDF-" + b"words " * 100_000
    check_scanner()
    assert scan(received(content))
    assert scanner.seen == [content]


def test_a_file_that_was_kept_is_scanned_from_storage(scanner: Scanner, received: Callable[..., Received]) -> None:
    kept = received(BAD, "plan.pdf")
    files.storage().put("council", kept)
    with pytest.raises(Malware) as refusal:
        scan_stored("council", kept.sha256, "plan.pdf")
    assert (refusal.value.signature, scanner.seen) == ("Test-Signature", [BAD])


def test_malware_is_refused_by_name(scanner: Scanner, received: Callable[..., Received]) -> None:
    with pytest.raises(FileRefused) as refusal:
        scan(received(BAD, "plan.pdf"))
    assert refusal.value.message == "“plan.pdf” was found to contain malware (Test-Signature) and was not kept."


def test_a_file_beyond_the_scanners_own_limit_has_no_verdict(
    scanner: Scanner, received: Callable[..., Received]
) -> None:
    scanner.limit = 1000
    with pytest.raises(ScannerUnavailable):
        scan(received(b"%PDF-" + b"words " * 100_000))


def test_a_scanner_that_is_away_gives_no_verdict(
    bare_app: Callable[..., Flask], received: Callable[..., Received], tmp_path: Path
) -> None:
    bare_app(clamd_url=f"unix://{tmp_path / 'nobody'}")
    with pytest.raises(ScannerUnavailable, match="cannot be checked for malware at the moment"):
        scan(received())
    with pytest.raises(ScannerUnavailable):
        check_scanner()


def test_without_a_scanner_nothing_is_scanned(
    bare_app: Callable[..., Flask], received: Callable[..., Received]
) -> None:
    bare_app()
    check_scanner()
    assert not scan(received(BAD))
    assert not scan_stored("council", "0" * 64, "plan.pdf")
    assert not is_scanning()
