"""The API's reference for people: how to call, each operation in words, and how to check what webhooks send.

Made from the same document that programs read, so that it says no more and no less than what is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import orjson
from flask import Blueprint, abort, current_app, g, render_template
from markupsafe import Markup, escape

from saas.api import PREFIX
from saas.guard import public
from saas.openapi import REFUSALS, written

blueprint = Blueprint("reference", __name__)
DEEPEST = 4
FORMATS = {
    "uuid": "id",
    "date": "day, as 2027-03-31",
    "date-time": "moment, as 2027-03-31T09:30:00Z",
    "email": "e-mail address",
    "binary": "file",
    "uri": "web address",
}
TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object", "null": "null"}
SAMPLES = {"uuid": "01a1f3b0-6a1e-7c33-b1f2-3d5c0a9e7d11", "date": "2027-03-31", "date-time": "2027-03-31T09:30:00Z"}
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of what is taken or answered. `name` is a path: `items[].id`."""

    name: str
    kind: str
    required: bool
    words: Markup


@dataclass(frozen=True, slots=True)
class Told:
    """One operation in words."""

    name: str
    method: str
    path: str
    summary: str
    words: Markup
    open_to_all: bool
    parameters: tuple[Entry, ...]
    takes: tuple[Entry, ...]
    answer: str
    answers: tuple[Entry, ...]
    refusals: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one noun."""

    slug: str
    title: str
    operations: tuple[Told, ...]


@blueprint.get("/api")
@public("the description of the API names nobody's data")
def show() -> str:
    """How to call, every operation by name, and webhooks."""
    g.setdefault("place", None)
    verbs = sorted(current_app.extensions["charterway_verbs"])
    return render_template(
        "components/api_reference.html",
        chapters=_chapters(),
        refusals=REFUSALS,
        nouns=[(noun, list(found)) for noun, found in groupby(verbs, lambda verb: verb.partition(".")[0])],
        address=current_app.config["CHARTERWAY"].base_url + PREFIX,
    )


@blueprint.get("/api/reference/<slug>")
@public("the description of the API names nobody's data")
def show_chapter(slug: str) -> str:
    """The operations of one noun, each with what it needs, takes and answers."""
    g.setdefault("place", None)
    found = _chapters()
    at = next((at for at, each in enumerate(found) if each.slug == slug), None)
    if at is None:
        abort(404)
    following = found[at + 1] if at + 1 < len(found) else None
    return render_template("components/api_chapter.html", chapter=found[at], following=following)


@cache
def _chapters() -> tuple[Chapter, ...]:
    return chapters(orjson.loads(written()))


def chapters(document: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """An OpenAPI document by its tags, in words."""
    told: dict[str, list[Told]] = {tag["name"]: [] for tag in document["tags"]}
    server = document["servers"][0]["url"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told[operation["tags"][0]].append(_told(document, server, path, method.upper(), operation))
    return tuple(Chapter(_slug(title), title, tuple(found)) for title, found in told.items())


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _told(document: Mapping[str, Any], server: str, path: str, method: str, operation: dict[str, Any]) -> Told:
    status, done = next((code, each) for code, each in operation["responses"].items() if code.startswith("2"))
    content = done.get("content", {})
    answered = content.get("application/json", {}).get("schema")
    answer = f"{status}, " + (
        "nothing" if not content else "JSON" if answered else "a file: " + " or ".join(sorted(content))
    )
    sent = operation.get("requestBody", {}).get("content", {})
    kind, body = next(((name, each["schema"]) for name, each in sent.items()), ("", None))
    parameters = tuple(
        Entry(
            each["name"],
            f"{each['in']}, {_kind(document, each['schema'])}",
            bool(each.get("required")),
            _marked(each.get("description", "")),
        )
        for each in operation["parameters"]
    )
    return Told(
        name=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        words=_marked(operation["description"]),
        open_to_all=not operation["security"],
        parameters=parameters,
        takes=tuple(_entries(document, body)) if body else (),
        answer=answer,
        answers=tuple(_entries(document, answered)) if answered else (),
        refusals=tuple(code for code in REFUSALS if code.isdigit() and code in operation["responses"]),
        example=_example(document, server + path, method, operation, kind, body),
    )


def _marked(words: str) -> Markup:
    """Text in which `…` is code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704  escaped before


# What values are


def _resolved(document: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself: references followed, parts that all hold put together, "or null" left out."""
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _resolved(document, found)
    if "allOf" in schema:
        parts = [_resolved(document, each) for each in schema["allOf"]]
        named = {name: each for part in parts for name, each in part.get("properties", {}).items()}
        required = [name for part in parts for name in part.get("required", ())]
        return {"type": "object", "properties": named, "required": required} if named else parts[0]
    if "anyOf" in schema:
        return _resolved(document, next(each for each in schema["anyOf"] if each != {"type": "null"}))
    return schema


def _entries(document: Mapping[str, Any], schema: dict[str, Any], name: str = "", depth: int = 0) -> Iterator[Entry]:
    whole = _resolved(document, schema)
    while whole.get("type") == "array":
        name, whole = f"{name}[]", _resolved(document, whole["items"])
    if depth >= DEEPEST:
        return
    for key, each in whole.get("properties", {}).items():
        path = f"{name}.{key}" if name else key
        words = each.get("description") or _resolved(document, each).get("description") or ""
        yield Entry(path, _kind(document, each), key in whole.get("required", ()), _marked(words))
        yield from _entries(document, each, path, depth + 1)


def _kind(document: Mapping[str, Any], schema: dict[str, Any]) -> str:
    """What a value is, in a few words, with its limits."""
    whole = _resolved(document, schema)
    types = whole.get("type", "object")
    listed = [types] if isinstance(types, str) else list(types)
    nullable = "null" in listed or {"type": "null"} in schema.get("anyOf", ())
    plain = next((each for each in listed if each != "null"), "null")
    if plain == "array":
        words = f"list of {_kind(document, whole['items'])}"
    elif "enum" in whole:
        words = "one of " + ", ".join(str(each) for each in whole["enum"] if each not in (None, ""))
    else:
        words = FORMATS.get(whole.get("format", ""), TYPES.get(plain, plain)) + _limits(whole)
    return words + (" or null" if nullable else "")


def _limits(schema: Mapping[str, Any]) -> str:
    if "maxLength" in schema:
        return f", at most {schema['maxLength']:,} characters"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None and most is None:
        return ""
    return f" from {least or 0:,.10g}" + (f" to {most:,.12g}" if most is not None else "")


# An example


def _example(
    document: Mapping[str, Any], address: str, method: str, operation: dict[str, Any], kind: str, body: Any
) -> str:
    """A call with curl; ids stand as variables of the shell."""
    known = {"council": "harrowfen", "region": "larkmere"}
    address = re.sub(r"{(\w+)}", lambda found: known.get(found[1], f"${found[1].upper()}"), address)
    lines = [f'curl "{address}"'] if method == "GET" else [f'curl -X {method} "{address}"']
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    names = {each["name"] for each in operation["parameters"]}
    if "If-Match" in names:
        lines.append("""-H 'If-Match: "3"'""")
    if "Idempotency-Key" in names:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if kind == "multipart/form-data":
        lines.append("-F file=@minutes.pdf")
    elif body is not None:
        lines.append('-H "Content-Type: application/json"')
        written_body = orjson.dumps(_sample(document, body)).decode().replace("'", "’")
        lines.append(f"-d '{written_body}'")
    return " \\\n  ".join(lines)


def _sample(document: Mapping[str, Any], schema: dict[str, Any], depth: int = 0) -> Any:
    """A value that the schema takes: what its author gave as an example, else something plain."""
    for told in (schema, whole := _resolved(document, schema)):
        if "example" in told:
            return told["example"]
    types = whole.get("type", "object")
    plain = types if isinstance(types, str) else next(each for each in types if each != "null")
    if plain == "object":
        named = whole.get("properties", {})
        shown = [name for name in named if name in whole.get("required", ()) or "example" in named[name]]
        shown = shown or list(named)[:1]
        return {name: _sample(document, named[name], depth + 1) for name in shown} if depth < DEEPEST else {}
    if plain == "array":
        return [_sample(document, whole["items"], depth + 1)] if depth < DEEPEST else []
    if "enum" in whole:
        return next((each for each in whole["enum"] if each), None)
    if plain == "string":
        return SAMPLES.get(whole.get("format", ""), "…")
    return {"boolean": True, "integer": int(whole.get("minimum", 1)), "number": whole.get("minimum", 1)}.get(plain)
