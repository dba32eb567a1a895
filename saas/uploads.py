"""Files that a form sends: received, measured and judged, refused in words that stand beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Request, Response, current_app, jsonify, request
from flask_login import current_user
from marshmallow import Schema
from werkzeug.datastructures import FileStorage

from saas.errors import Invalid
from saas.files import ACCEPTED, FileRefused, Received, display_name, receive
from saas.forms import Bound, bind

MOST_AT_ONCE = 20
TORN = "The file did not arrive completely. Choose it and send it again."
MEGABYTE = 1024 * 1024
Content = tuple[bytes, str]
"""A file's content and name."""


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


def read_whole(blueprint: Blueprint, *views: str) -> None:
    """Let somebody who is signed in send these views more than one file may be, so as many as one form may hold.

    Who sends a file beyond the limit is then told so beside its field, on the page with all else that was typed.
    Beyond that nothing is read: the page for what is too large.
    """
    endpoints = {f"{blueprint.name}.{view}" for view in views}

    @blueprint.url_value_preprocessor
    def allow(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if endpoint in endpoints:
            _allow_many(request)


def _allow_many(asked: Request) -> None:
    """Said before the body is read."""
    if asked.method == "POST" and current_user.is_authenticated:
        asked.max_content_length = MOST_AT_ONCE * limit_in_megabytes() * MEGABYTE + MEGABYTE


def bind_upload(schema: Schema | type[Schema], name: str = "file") -> Bound:
    """The form with its files; of a body that broke off this alone is said, beside the field of that name."""
    form = bind(schema, request.form, request.files)
    if arrived_torn():
        form.errors, form.values = {name: [TORN]}, {}
    return form


def received(schema: type[Schema], name: str = "file") -> tuple[Bound, Content | None]:
    """The bound form, and its one file to be read and not kept, where there is one and nothing is wrong with either.

    name: the field of the file, whose metadata `accept` lists what can be read here.
    """
    form = bind_upload(schema, name)
    if not form.valid or form.values[name] is None:
        return form, None
    upload = form.values[name]
    accepted = _kinds(form.field_named(name).metadata["accept"])
    # What may be kept elsewhere is refused with better words by whoever reads it.
    if (upload.filename or "").rpartition(".")[2].lower() not in {*accepted, *_kinds(ACCEPTED)}:
        shown = display_name(upload.filename or "")
        form.add_error(name, f"“{shown}” cannot be read here. Accepted types: {', '.join(accepted)}.")
        return form, None
    try:
        with receive_upload(upload) as file:
            return form, (file.path.read_bytes(), file.filename)
    except FileRefused as refusal:
        form.add_error(name, refusal.message)
        return form, None


def _kinds(accept: str) -> list[str]:
    """The endings in a list such as “.docx,.csv”, without their dots."""
    return [ending.removeprefix(".") for ending in accept.split(",")]


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


@contextmanager
def sent_file(name: str = "file") -> Iterator[Received]:
    """The one file of a call, judged, and closed after the block.

    What is refused of it, here or by a service inside the block, names its field: raises Invalid.
    """
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        raise Invalid({name: ["Send a file, with its name, as this part of multipart/form-data."]})
    try:
        with receive_upload(sent) as file:
            yield file
    except FileRefused as refusal:
        raise Invalid({name: [refusal.message]}) from refusal


def arrived_torn() -> bool:
    """Whether a body was announced as a form with files, but broke off so that nothing of it could be read."""
    return request.mimetype == "multipart/form-data" and not request.form and not request.files


def refused(words: str, status: int = 422) -> Response:
    """The answer to a page's script whose file is not kept."""
    answer = jsonify(outcome="refused", words=words)
    answer.status_code = status
    return answer
