"""Files that a form sends: received, measured and judged, refused in words that stand beside the field."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from saas.files import Received, receive

TORN = "The file did not arrive completely. Choose it and send it again."


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


def receive_upload(upload: FileStorage) -> Received:
    """The judged file, to be closed by the caller. Raises FileRefused; nothing is kept then."""
    return receive(
        upload.stream,
        upload.filename or "",
        limit_bytes=limit_in_megabytes() * 1024 * 1024,
        expected_bytes=upload.content_length or None,
    )


def arrived_torn() -> bool:
    """Whether a body was announced as a form with files, but broke off so that nothing of it could be read."""
    return request.mimetype == "multipart/form-data" and not request.form and not request.files
