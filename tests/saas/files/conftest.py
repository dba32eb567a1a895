"""Documents made for the tests of files, small but true to their kind."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
import xlsxwriter

from saas.files import Received, receive

MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


@pytest.fixture(autouse=True)
def arrivals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where uploads arrive, so that a test can see that nothing was left there."""
    folder = tmp_path / "arrivals"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def received() -> Iterator[Callable[..., Received]]:
    """Receives some content under a name and removes it at the end."""
    kept: list[Received] = []

    def take(content: bytes = PDF, filename: str = "minutes.pdf") -> Received:
        kept.append(receive(io.BytesIO(content), filename, limit_bytes=MEGABYTE))
        return kept[-1]

    yield take
    for one in kept:
        one.close()


@pytest.fixture
def word() -> bytes:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Training plan")
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def excel() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet().write(0, 0, "Course")
    book.close()
    return buffer.getvalue()


def with_part(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part more."""
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(name="with_part")
def with_part_fixture() -> Callable[[bytes, str, bytes], bytes]:
    return with_part
