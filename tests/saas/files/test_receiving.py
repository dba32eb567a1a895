"""An upload is measured, hashed and named on its way in, and a refused one leaves nothing behind."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.exceptions import ClientDisconnected

from saas.files import FileRefused, Received, display_name, receive

PDF = b"%PDF-1.4\nwords\n%%EOF\n"


def test_an_upload_is_measured_and_hashed_and_removed_at_the_end(arrivals: Path) -> None:
    with receive(io.BytesIO(PDF), "C:\\Users\\ann\\Minutes.PDF", limit_bytes=1000) as received:
        assert received == Received(
            hashlib.sha256(PDF).hexdigest(), len(PDF), "application/pdf", "Minutes.PDF", received.path
        )
        assert received.path.read_bytes() == PDF
    assert list(arrivals.iterdir()) == []


def test_a_file_of_exactly_the_limit_is_accepted(received: Callable[..., Received]) -> None:
    with receive(io.BytesIO(PDF), "a.pdf", limit_bytes=len(PDF)) as exact:
        assert exact.size == len(PDF)


@pytest.mark.parametrize(
    ("content", "limit", "message"),
    [
        (b"", 1000, "“a.pdf” is empty."),
        (PDF, len(PDF) - 1, "“a.pdf” is larger than 20 bytes, the limit for one file."),
        (b"%PDF-" + b"x" * 3_000_000, 2_500_000, "“a.pdf” is larger than 2.38 MB, the limit for one file."),
        (
            b"%PDF-" + b"x" * 30_000_000,
            25 * 1024 * 1024,
            "“a.pdf” is larger than 25 MB, the limit for one file.",
        ),
    ],
)
def test_empty_and_large_files_are_refused_with_the_limit(
    content: bytes, limit: int, message: str, arrivals: Path
) -> None:
    with pytest.raises(FileRefused) as refusal:
        receive(io.BytesIO(content), "a.pdf", limit_bytes=limit)
    assert refusal.value.message == message
    assert list(arrivals.iterdir()) == []


class TornStream(io.RawIOBase):
    """Gives a first piece, then the connection is gone."""

    def __init__(self, error: Exception) -> None:
        self.pieces = [PDF]
        self.error = error

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002
        if self.pieces:
            return self.pieces.pop()
        raise self.error


@pytest.mark.parametrize("error", [ClientDisconnected(), ConnectionResetError(), TimeoutError()])
def test_a_torn_upload_leaves_nothing(error: Exception, arrivals: Path) -> None:
    with pytest.raises(FileRefused, match="did not arrive completely"):
        receive(TornStream(error), "a.pdf", limit_bytes=1000)  # type: ignore[arg-type]
    assert list(arrivals.iterdir()) == []


def test_fewer_bytes_than_announced_are_a_torn_upload(arrivals: Path) -> None:
    with pytest.raises(FileRefused, match="did not arrive completely"):
        receive(io.BytesIO(PDF), "a.pdf", limit_bytes=1000, expected_bytes=len(PDF) + 1)
    assert list(arrivals.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\plan.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "planSet-Cookie: a=b.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("cafe\u0301  menu.pdf", "café menu.pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("n" * 300 + ".docx", "n" * 195 + ".docx"),
        ("n" * 300, "n" * 200),
    ],
)
def test_names_are_cleaned_for_display(sent: str, shown: str) -> None:
    assert display_name(sent) == shown
