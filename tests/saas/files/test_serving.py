"""A stored file leaves as an attachment, in parts when asked, shown inline only when its type is safe."""

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from jinja2 import DictLoader

from saas import files
from saas.files import Received
from saas.files.serving import content_disposition

COUNCIL = "0198c0de-0000-7000-8000-000000000001"
PDF = b"%PDF-1.4\nwords\n%%EOF\n"


@pytest.fixture
def stored(bare_app: Callable[..., Flask], received: Callable[..., Received]) -> tuple[FlaskClient, Received]:
    """A client of an app that hands out one stored file, under any type asked for."""
    app = bare_app()
    files.install(app)
    file = received(PDF)
    files.storage().put(COUNCIL, file)

    @app.get("/file")
    def download() -> object:
        wanted = request.args
        return files.attachment_response(
            COUNCIL,
            wanted.get("sha256", file.sha256),
            filename="Plan.pdf",
            content_type=wanted.get("type", "application/pdf"),
            inline="inline" in wanted,
        )

    app.register_error_handler(files.FileMissing, lambda error: (error.message, 404))
    return app.test_client(), file


def test_a_file_leaves_as_an_attachment_that_runs_nothing(stored: tuple[FlaskClient, Received]) -> None:
    client, file = stored
    answer = client.get("/file")
    assert (answer.status_code, answer.data) == (200, PDF)
    assert {name: answer.headers[name] for name in answer.headers.keys() if name != "Date"} == {  # noqa: SIM118
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Disposition": 'attachment; filename="Plan.pdf"',
        "Content-Security-Policy": (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
        ),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.sha256}"',
    }


def test_a_head_request_tells_the_size_and_opens_nothing(stored: tuple[FlaskClient, Received]) -> None:
    client, _ = stored
    whole, part = client.head("/file"), client.head("/file", headers={"Range": "bytes=2-3"})
    assert (whole.status_code, whole.data, whole.headers["Content-Length"]) == (200, b"", str(len(PDF)))
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"", f"bytes 2-3/{len(PDF)}")


@pytest.mark.parametrize(
    ("content_type", "disposition", "framing", "sandboxed"),
    [
        ("application/pdf", "inline", "'self'", False),
        ("image/png", "inline", "'self'", True),
        ("text/plain", "inline", "'self'", True),
        ("text/html", "attachment", "'none'", True),
        ("image/svg+xml", "attachment", "'none'", True),
        ("text/csv", "attachment", "'none'", True),
    ],
)
def test_only_safe_types_are_shown_inline(
    stored: tuple[FlaskClient, Received], content_type: str, disposition: str, framing: str, sandboxed: bool
) -> None:
    answer = stored[0].get("/file", query_string={"inline": "1", "type": content_type})
    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"] == f'{disposition}; filename="Plan.pdf"'
    assert (f"frame-ancestors {framing}" in policy, "sandbox" in policy) == (True, sandboxed)


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("bytes=0-3", 0, 4), ("bytes=4-", 4, 21), ("bytes=-5", 16, 21), ("bytes=9-99", 9, 21)],
)
def test_a_part_of_a_file(stored: tuple[FlaskClient, Received], wanted: str, start: int, stop: int) -> None:
    answer = stored[0].get("/file", headers={"Range": wanted})
    assert (answer.status_code, answer.data) == (206, PDF[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(PDF)}"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,4-5"},
        {"Range": "pages=1-2"},
        {"Range": "bytes=nonsense"},
        {"Range": "bytes=0-3", "If-Range": '"another version"'},
    ],
)
def test_what_is_no_single_range_of_this_version_gets_the_whole_file(
    stored: tuple[FlaskClient, Received], headers: dict[str, str]
) -> None:
    answer = stored[0].get("/file", headers=headers)
    assert (answer.status_code, answer.data) == (200, PDF)


def test_a_range_outside_the_file_says_how_long_the_file_is(stored: tuple[FlaskClient, Received]) -> None:
    answer = stored[0].get("/file", headers={"Range": "bytes=100-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(PDF)}")


def test_a_missing_file_is_not_found(stored: tuple[FlaskClient, Received]) -> None:
    answer = stored[0].get("/file", query_string={"sha256": "0" * 64})
    assert (answer.status_code, answer.text) == (404, "This file cannot be found in the storage.")


def test_a_storage_that_is_away_is_a_503_that_tells_no_address(bare_app: Callable[..., Flask]) -> None:
    app = bare_app()
    files.install(app)
    app.jinja_loader = DictLoader({"errors/503.html": "Please come back later."})

    @app.get("/file")
    def download() -> str:
        raise files.StorageUnavailable("the bucket plans does not answer")

    answer = app.test_client().get("/file")
    assert (answer.status_code, answer.text) == (503, "Please come back later.")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Plan 2026.pdf", 'attachment; filename="Plan 2026.pdf"'),
        (
            "Zoë’s plan.pdf",
            "attachment; filename=\"Zoes plan.pdf\"; filename*=UTF-8''Zo%C3%AB%E2%80%99s%20plan.pdf",
        ),
        ('a";x="b.pdf', "attachment; filename=\"a__x=_b.pdf\"; filename*=UTF-8''a%22%3Bx%3D%22b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", 'attachment; filename="aSet-Cookie: x.pdf"'),
    ],
)
def test_names_in_headers_stay_names(name: str, header: str) -> None:
    assert content_disposition("attachment", name) == header
