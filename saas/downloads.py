"""What is written here and sent: files to keep, under the name they shall have, and pictures on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, request

from saas import clock
from saas.files import content_disposition
from saas.papers import KINDS, Paper, write

CALENDAR = "text/calendar; charset=utf-8"
JSON = "application/json"
PDF = KINDS["pdf"]
EXCEL = KINDS["xlsx"]


def file_response(content: bytes | Iterable[bytes], filename: str, content_type: str) -> Response:
    """The content as an attachment of that name; pieces are streamed, and read after the request's transaction."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition("attachment", filename)
    return answer


def paper_response(paper: Paper, name: str, kind: str, *, dated: bool = False) -> Response:
    """A paper as a download.

    name: without an ending. kind: one of `saas.papers.KINDS`. dated: today stands behind the name, for what
    changes from day to day.
    """
    words = f"{name}, {clock.today().isoformat()}" if dated else name
    return file_response(write(paper, kind), f"{words}.{kind}", KINDS[kind])


def picture_response(etag: str, draw: Callable[[], tuple[bytes, str]]) -> Response:
    """A picture on a page, which only the reader's browser keeps, and about which it always asks.

    etag: another one for another picture. draw: its bytes and kind; not asked for when the browser has it already.
    """
    answer = Response()
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(etag):
        answer.status_code = 304
    else:
        answer.data, answer.content_type = draw()
    return answer
