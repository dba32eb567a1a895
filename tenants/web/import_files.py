"""Files that are read and shown before anything of them is taken in: received, and refused beside their field."""

from __future__ import annotations

from flask import request
from marshmallow import Schema

from saas import uploads
from saas.files import ACCEPTED, FileRefused, display_name
from saas.forms import Bound, bind

Content = tuple[bytes, str]
"""A file's content and name."""


def received(schema: type[Schema]) -> tuple[Bound, Content | None]:
    """The bound form, and the content and name of its `file` where there is one and nothing is wrong with either."""
    form = bind(schema, request.form, request.files)
    if uploads.arrived_torn():
        form.errors = {"file": [uploads.TORN]}
    if not form.valid or form.values["file"] is None:
        return form, None
    upload = form.values["file"]
    accepted = _kinds(form.field_named("file").metadata["accept"])
    # What a council may keep elsewhere is refused with better words by whoever reads it.
    if (upload.filename or "").rpartition(".")[2].lower() not in {*accepted, *_kinds(ACCEPTED)}:
        name = display_name(upload.filename or "")
        form.add_error("file", f"“{name}” cannot be read here. Accepted types: {', '.join(accepted)}.")
        return form, None
    try:
        with uploads.receive_upload(upload) as file:
            return form, (file.path.read_bytes(), file.filename)
    except FileRefused as refusal:
        form.add_error("file", refusal.message)
        return form, None


def _kinds(accept: str) -> list[str]:
    """The endings in a list such as “.docx,.csv”, without their dots."""
    return [ending.removeprefix(".") for ending in accept.split(",")]
