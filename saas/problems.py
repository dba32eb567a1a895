"""Problems: what the API refused, in the one shape that programs read (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from saas import scim
from saas.errors import Conflict, Invalid, NotFound, Refused
from saas.present import work

PROBLEM = "application/problem+json"
OWN_WORDS = {403: "Your role does not allow this.", 404: NotFound().message}
"""In place of those that the framework says where nobody worded a refusal."""
NOTHING_YET = "There is nothing here yet: send If-None-Match: * to write the first."


class Stale(Conflict):
    """What was to be changed is not what the call had seen (412); `version` is the one that stands there now."""

    def __init__(self, refusal: Conflict) -> None:
        message = NOTHING_YET if refusal.version == 0 else refusal.message
        super().__init__(message, refusal.theirs, version=refusal.version)


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal as RFC 9457 has it. errors: JSON Pointer into what was sent (or a header's name) → sentences."""
    document: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        document["detail"] = detail
    if errors:
        document["errors"] = [
            {"field": name if name[:1] in ("", "/") else _pointed(name), "message": message}
            for name, messages in errors.items()
            for message in messages
        ]
    now = work()
    if now is not None:
        document["request_id"] = now.request_id
    response = Response(orjson.dumps(document), status, content_type=PROBLEM)
    response.headers.update(headers or {})
    return response


def escaped(name: str) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _pointed(name: str) -> str:
    """A service names its argument, and a part of it behind a dot ("citations.0.why"); a header is named as itself.

    What is wrong with the whole of what was sent has the name that forms give it.
    """
    if name == "_form":
        return ""
    return name if name[0].isupper() or "-" in name else "/" + "/".join(escaped(each) for each in name.split("."))


def is_api() -> bool:
    """Whether this request is a call of the API or of a directory (SCIM), known or not."""
    return request.path.startswith("/api/v") or scim.is_scim()


def refusal(status: int, error: Any) -> Response:
    """Anything that an operation, the guard or the framework refused, as a problem."""
    if isinstance(error, HTTPException) and error.description == type(error).description:
        error.description = OWN_WORDS.get(status, error.description)
    if scim.is_scim():
        return scim.refusal(status, error)
    if isinstance(error, Stale):
        headers = {} if error.version is None else {"ETag": f'"{error.version}"'}
        return problem(412, "Precondition Failed", error.message, headers=headers)
    title = HTTP_STATUS_CODES.get(status, "Error")
    if isinstance(error, Invalid):
        return problem(status, title, "Some of what was sent cannot be taken.", errors=error.messages)
    if isinstance(error, Refused):
        return problem(status, title, error.message if str(error) else "")
    if not isinstance(error, HTTPException):
        return problem(status, title)
    told = dict(error.get_headers())
    for name in ("Content-Type", "Content-Length"):
        told.pop(name, None)
    return problem(status, title, error.description or "", headers=told)
