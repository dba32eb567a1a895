"""Files that a form sends: received, measured and judged, refused in words that stand beside the field."""

from __future__ import annotations

from flask import Request, current_app, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from saas.files import Received, receive

MOST_AT_ONCE = 20
TORN = "The file did not arrive completely. Choose it and send it again."
MEGABYTE = 1024 * 1024


def limit_in_megabytes() -> int:
    """The largest file that is taken, in MB."""
    limit: int = current_app.config["CHARTERWAY"].upload_limit_mb
    return limit


def limit_words() -> str:
    """The limit as a form says it."""
    return f"{limit_in_megabytes()} MB"


def too_large() -> str:
    """What is said of a request that was too large to be read."""
    return f"The file is larger than {limit_words()}, the limit for one file."


def receive_upload(upload: FileStorage, *, announced: int | None = None) -> Received:
    """The judged file, to be closed by the caller. Raises FileRefused; nothing is kept then.

    announced: its size in bytes, where the page said it.
    """
    return receive(
        upload.stream,
        upload.filename or "",
        limit_bytes=limit_in_megabytes() * MEGABYTE,
        expected_bytes=announced or upload.content_length or None,
    )


def allow_many(asked: Request) -> None:
    """Let somebody who is signed in send as many files as one form may hold, before the body is read."""
    if asked.method == "POST" and current_user.is_authenticated:
        asked.max_content_length = MOST_AT_ONCE * limit_in_megabytes() * MEGABYTE + MEGABYTE


def arrived_torn() -> bool:
    """Whether a body was announced as a form with files, but broke off so that nothing of it could be read."""
    return request.mimetype == "multipart/form-data" and not request.form and not request.files
