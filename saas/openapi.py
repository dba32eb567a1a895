"""The API's description: an OpenAPI 3.1 document made from the operations as they are served."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, request
from marshmallow import Schema, fields

from saas.api import PREFIX, ApiSchema, FileOf, Listed, Operation, PageSchema
from saas.guard import declaration_of, public
from saas.problems import PROBLEM

blueprint = Blueprint("openapi", __name__)
ARGUMENT = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
PATH_TYPES = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "": {"type": "string"},
}
PLACES = {
    "council": "The short name (slug) of the council, as in its address.",
    "region": "The short name (slug) of the region, as in its address.",
    "file": "The id of the accreditation whose file is assigned to the token's user.",
}
ABOUT = (
    "Everything that the pages do, for programs. A call carries a token (`Authorization: Bearer …`) of one person in"
    " one place, and may do what that person may do there. Lists come in pages: send `next` as `cursor` until it is"
    " null. What two people may edit has an `ETag`: send it back as `If-Match` (412: somebody else was first)."
    " A POST with an `Idempotency-Key` can be sent again within 24 hours and acts once. Keys that are not known are"
    " refused. What is refused is answered as `application/problem+json`, with a JSON Pointer to each wrong field."
)
REFUSALS = {
    "401": "No token, or one that is not known, has expired or was revoked.",
    "403": "The token's user may not do this here.",
    "404": "There is nothing of this name that the token's user may see.",
    "409": "It cannot be done at this stage.",
    "412": "Somebody else changed it since it was read.",
    "422": "Some of what was sent cannot be taken; `errors` says what.",
    "428": "It must be read first: `If-Match` is missing.",
    "429": "Too many calls; `Retry-After` says when to go on.",
    "4XX": "Refused.",
    "503": "A part of the service is away. Try again shortly.",
}


class ProblemErrorSchema(ApiSchema):
    """One thing that is wrong with what was sent."""

    field = fields.String(required=True, metadata={"description": "A JSON Pointer, or the name of a header."})
    message = fields.String(required=True)


class ProblemSchema(ApiSchema):
    """What was refused, and why (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(ProblemErrorSchema))
    request_id = fields.String(metadata={"description": "Tell this when you ask for help."})


@blueprint.get(f"{PREFIX}/openapi.json")
@public("the description of the API names nobody's data")
def show() -> Response:
    """The document, packed where the program takes it."""
    packed = request.accept_encodings["gzip"] > 0
    response = Response(_packed() if packed else written(), content_type="application/json")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


def operations() -> tuple[Operation, ...]:
    """Every operation of this app, in the order of its features."""
    found: tuple[Operation, ...] = current_app.extensions["charterway_operations"]
    return found


@cache
def written() -> bytes:
    """The document as JSON; made once in each process."""
    return orjson.dumps(describe(current_app), option=orjson.OPT_INDENT_2)


@cache
def _packed() -> bytes:
    return gzip.compress(written(), 9, mtime=0)


def describe(app: Flask) -> dict[str, Any]:
    """The document of the app's operations."""
    config = app.config["CHARTERWAY"]
    spec = APISpec(
        title="Charterway",
        version="1",
        openapi_version="3.1.0",
        info={"description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": config.base_url}],
        plugins=[MarshmallowPlugin(schema_name_resolver=_name_of)],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemSchema)
    known: tuple[Operation, ...] = app.extensions["charterway_operations"]
    for tag in dict.fromkeys(each.tag for each in known):
        spec.tag({"name": tag})
    for each in known:
        path = PREFIX + ARGUMENT.sub(r"{\2}", each.rule)
        spec.path(path=path, operations={each.method.lower(): _described(each)})
    document: dict[str, Any] = orjson.loads(orjson.dumps(spec.to_dict(), default=float))  # limits may be decimals
    return document


def _name_of(schema: Any) -> str:
    made = schema if isinstance(schema, Schema) else None
    name = (type(made) if made else schema).__name__.removesuffix("Schema")
    return f"{name}Changes" if made is not None and made.partial else name


def _described(operation: Operation) -> dict[str, Any]:
    declaration = declaration_of(operation.view)
    permission = declaration.permission if declaration else None
    open_to_all = declaration is not None and declaration.kind == "public"
    needs = f"Needs the permission `{permission}`." if permission else ""
    told: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": " ".join(part for part in (operation.description, needs) if part),
        "security": [] if open_to_all else [{"token": []}],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": _responses(operation, open_to_all),
    }
    if operation.takes is not None or operation.uploads:
        told["requestBody"] = _body(operation)
    return told


def _path_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for kind, name in ARGUMENT.findall(operation.rule):
        described = {"name": name, "in": "path", "required": True, "schema": PATH_TYPES[kind]}
        yield described | ({"description": PLACES[name]} if name in PLACES else {})


def _query_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.asks is not None:
        yield {"in": "query", "schema": operation.asks}
    if isinstance(operation.answers, Listed) and not (operation.asks and issubclass(operation.asks, PageSchema)):
        yield {"in": "query", "schema": PageSchema}


def _headers(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.versioned:
        text = "The ETag of what was read."
        yield {"name": "If-Match", "in": "header", "required": False, "description": text,
               "schema": {"type": "string", "pattern": '^"[0-9]+"$'}, "example": '"3"'}  # fmt: skip
    if operation.method == "POST":
        text = "A new text for each thing to be done; the same one when it is sent again."
        yield {"name": "Idempotency-Key", "in": "header", "required": False, "description": text,
               "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}}  # fmt: skip


def _body(operation: Operation) -> dict[str, Any]:
    partial = operation.method == "PATCH"
    taken: Any = operation.takes(partial=partial) if operation.takes else None
    if not operation.uploads:
        return {"required": True, "content": {"application/json": {"schema": taken}}}
    whole = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    if operation.takes is not None:
        # one schema with both: two that each refuse unknown keys could never both be met
        name = operation.takes.__name__.removesuffix("Schema") + "WithFile"
        file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})
        taken = type(name, (operation.takes,), {"file": file})
    return {"required": True, "content": {"multipart/form-data": {"schema": taken or whole}}}


def _responses(operation: Operation, open_to_all: bool) -> dict[str, Any]:
    answers = operation.answers
    status = operation.status
    content: dict[str, Any] = {}
    if isinstance(answers, FileOf):
        content = {each: {"schema": {"type": "string", "format": "binary"}} for each in answers.types}
        status = 200
    elif isinstance(answers, Listed):
        items = {"type": "array", "items": answers.schema}
        listed = {"items": items, "next": {"type": ["string", "null"]}}
        content = {"application/json": {"schema": {"type": "object", "required": list(listed), "properties": listed}}}
    elif answers is not None:
        content = {"application/json": {"schema": answers}}
    else:
        status = 204
    done: dict[str, Any] = {"description": "Done."} | ({"content": content} if content else {})
    refused = {
        code: {"description": words, "content": {PROBLEM: {"schema": ProblemSchema}}}
        for code, words in REFUSALS.items()
        if not (code == "401" and open_to_all)
        and not (code in ("412", "428") and not operation.versioned)
        and not (code == "409" and operation.method == "GET")
    }
    unchanged = {"304": {"description": "Unchanged since the ETag."}} if operation.method == "GET" else {}
    return {str(status): done} | unchanged | refused
