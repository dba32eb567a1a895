"""SCIM's frame (RFC 7644): the media type, the shape of a refusal, and which requests it is for."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from saas.errors import Invalid, Refused

PREFIX = "/scim/v2"
CONTENT_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimRefused(Refused):
    """Something a directory sent that cannot be taken; `status` and `kind` as RFC 7644, section 3.12, has them."""

    def __init__(self, status: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


def is_scim() -> bool:
    """Whether this request is a directory's."""
    return request.path.startswith(f"{PREFIX}/")


def answer(document: Any, status: int = 200) -> Response:
    """A document as a directory reads it."""
    return Response(orjson.dumps(document), status, content_type=CONTENT_TYPE)


def refusal(status: int, error: Any) -> Response:
    """Anything that the guard, a service or the framework refused, as SCIM has it."""
    headers: dict[str, str] = {}
    kind, detail = "", ""
    if isinstance(error, ScimRefused):
        status, kind, detail = error.status, error.kind, error.message
    elif isinstance(error, Invalid):
        status, kind = 400, "invalidValue"
        detail = " ".join(words for messages in error.messages.values() for words in messages)
    elif isinstance(error, Refused):
        detail = error.message if str(error) else ""
    elif isinstance(error, HTTPException):
        detail, headers = error.description or "", dict(error.get_headers())
        for name in ("Content-Type", "Content-Length"):
            headers.pop(name, None)
    document = {"schemas": [ERROR], "status": str(status)}
    response = answer(document | ({"scimType": kind} if kind else {}) | ({"detail": detail} if detail else {}), status)
    response.headers.update(headers)
    return response
