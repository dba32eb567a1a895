"""What a call of the API sent: its body, and the version that it has seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from saas import clock
from saas.errors import Invalid
from saas.forms import CONTROL, VERTICAL
from saas.problems import escaped

LARGEST_JSON = 2 * 1024 * 1024
DEEPEST = 40
"""How deep what is sent may be nested."""
UNHELD = re.compile(f"\0|{CONTROL.pattern}|{VERTICAL.pattern}")
"""Characters that the database or a Word file cannot hold; a form takes them out of what was typed."""
ETAG = re.compile(r'"(\d{1,18})"')


def body(takes: type[Schema], *, uploads: bool) -> dict[str, Any]:
    """The body by its schema: a form beside a file, or JSON of which a PATCH names only what changes."""
    if uploads:
        return load(takes(), request.form.to_dict())
    if (request.content_length or 0) > LARGEST_JSON:
        raise RequestEntityTooLarge(f"A JSON body has at most {LARGEST_JSON // 1024} kB.")
    if not request.is_json:
        raise UnsupportedMediaType("Send application/json.")
    try:
        document = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise Invalid({"": ["Send an object."]})
    return load(takes(partial=request.method == "PATCH"), document)


def load(schema: Schema, document: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, by its schema; raises Invalid with a JSON Pointer for each thing that is wrong."""
    _refuse_unheld(document)
    try:
        values: dict[str, Any] = schema.load(dict(document))
    except ValidationError as error:
        raise Invalid(dict(_flat("", error.normalized_messages()))) from error
    _refuse_far_days(values)
    return values


def _refuse_unheld(value: Any, name: str = "", depth: int = 0) -> None:
    """Refuse what cannot be kept wherever it stands, and what is nested without an end."""
    if depth > DEEPEST:
        raise Invalid({"": [f"What is sent is nested at most {DEEPEST} deep."]})
    found = UNHELD.search(value) if isinstance(value, str) else None
    if found:
        character = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise Invalid({name: [f"This text holds a character that cannot be kept ({character})."]})
    if isinstance(value, Mapping):
        for key, each in value.items():
            _refuse_unheld(key, name)
            _refuse_unheld(each, f"{name}/{escaped(key)}", depth + 1)
    if isinstance(value, list):
        for at, each in enumerate(value):
            _refuse_unheld(each, f"{name}/{at}", depth + 1)


def _refuse_far_days(value: Any, name: str = "") -> None:
    """Refuse days so far off that reckoning from them leaves the calendar."""
    if type(value) is date and not clock.is_near(value):
        raise Invalid({name: [f"A day lies in the years {clock.NEAR.start} to {clock.NEAR.stop - 1}."]})
    if isinstance(value, Mapping):
        for key, each in value.items():
            _refuse_far_days(each, f"{name}/{key}")
    if isinstance(value, list):
        for at, each in enumerate(value):
            _refuse_far_days(each, f"{name}/{at}")


def _flat(path: str, messages: Any) -> Iterable[tuple[str, list[str]]]:
    """Marshmallow's nested messages as JSON Pointer → sentences."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flat(path if name == "_schema" else f"{path}/{escaped(str(name))}", inner)
    else:
        yield path, [str(each) for each in messages]


def version() -> int:
    """The version that the call has seen: the number of `If-Match`, or 0 for `If-None-Match: *`."""
    if request.headers.get("If-None-Match", "").strip() == "*" and "If-Match" not in request.headers:
        return 0
    sent = request.headers.get("If-Match")
    if sent is None:
        raise PreconditionRequired(
            "Read it first and send its ETag as If-Match, so that nobody's work is lost. Where there is nothing yet,"
            " send If-None-Match: *."
        )
    seen = ETAG.fullmatch(sent.strip())
    if seen is None:
        raise Invalid({"If-Match": ['Send the ETag as it was given, for example "3".']})
    return int(seen[1])
