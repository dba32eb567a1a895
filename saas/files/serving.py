"""The way out for files: streamed, as attachments unless safe to show, in a box that runs nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import ContentRange
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header

from saas.files.receiving import display_name
from saas.files.storage import storage

SHOWN_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}
BOX = "default-src 'none'; base-uri 'none'; form-action 'none'"


def attachment_response(
    namespace: str, sha256: str, *, filename: str, content_type: str, inline: bool = False
) -> Response:
    """Stream a stored file as an answer that no browser runs. Who may read it was checked before.

    inline: show it in the browser when its type is safe to show; others stay attachments.
    Understands a Range of one part. Raises FileMissing, or 416 when the range lies outside the file.
    """
    shown = inline and content_type in SHOWN_INLINE
    part = _wanted_part(namespace, sha256)
    start, length = part or (0, None)
    if request.method == "HEAD":
        # Nothing would read or close a body here, so none is opened.
        answer, size = Response(), storage().size(namespace, sha256)
    else:
        opened = storage().open(namespace, sha256, start=start, length=length)
        answer, size = Response(opened, direct_passthrough=True), opened.size
        answer.call_on_close(opened.close)
    answer.headers["Content-Disposition"] = content_disposition("inline" if shown else "attachment", filename)
    return _described(answer, content_type, shown=shown, etag=sha256, size=size, part=part)


def _described(
    answer: Response, content_type: str, *, shown: bool, etag: str, size: int, part: tuple[int, int] | None
) -> Response:
    answer.headers["Content-Type"] = content_type
    answer.headers["Content-Security-Policy"] = _policy(content_type, shown)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.set_etag(etag)
    answer.content_length = size
    if part is not None:
        start, length = part
        answer.status_code = 206
        answer.content_length = length
        answer.content_range = ContentRange("bytes", start, start + length, size)
    return answer


class Composed(Protocol):
    """Something to download that is written as it is sent; its length is known before."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes, or `length` of them from `start`."""


def composed_response(content: Composed, *, filename: str, content_type: str, etag: str) -> Response:
    """Stream what is written as it is sent, as an attachment; understands a Range of one part, as stored files do.

    An error while it is written ends the connection before the length that was announced: nobody takes it for whole.
    """
    part = _part_of(content.size, etag)
    start, length = part or (0, None)
    body = () if request.method == "HEAD" else content.pieces(start, length)
    answer = Response(body, direct_passthrough=True)
    answer.headers["Content-Disposition"] = content_disposition("attachment", filename)
    return _described(answer, content_type, shown=False, etag=etag, size=content.size, part=part)


def content_disposition(kind: str, filename: str) -> str:
    """The header's value (RFC 6266): a name in ASCII and, where it differs, the true one beside it."""
    name = display_name(filename)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    plain = "".join("_" if character in '"\\%;' else character for character in plain).strip() or "file"
    value = f'{kind}; filename="{plain}"'
    return value if plain == name else f"{value}; filename*=UTF-8''{quote(name, safe='')}"


def _wanted_part(namespace: str, sha256: str) -> tuple[int, int] | None:
    """Start and length of the one range asked for; None for the whole file, also when several are wanted."""
    if "Range" not in request.headers:
        return None
    return _part_of(storage().size(namespace, sha256), sha256)


def _part_of(size: int, etag: str) -> tuple[int, int] | None:
    wanted = parse_range_header(request.headers.get("Range"))
    condition = request.headers.get("If-Range")
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1 or condition not in (None, f'"{etag}"'):
        return None
    found = wanted.range_for_length(size)
    if found is None:
        raise RequestedRangeNotSatisfiable(length=size)
    return found[0], found[1] - found[0]


def _policy(content_type: str, shown: bool) -> str:
    """Nothing loads or runs; only our own pages may frame what is shown.

    A PDF that is shown goes without the sandbox, which would keep browsers from starting their own viewer.
    """
    rest = (
        "; object-src 'self'; style-src 'unsafe-inline'" if shown and content_type == "application/pdf" else "; sandbox"
    )
    framing = "'self'" if shown else "'none'"
    return f"{BOX}; frame-ancestors {framing}{rest}"
