"""The API's frame: an operation is declared once — what it needs, takes and answers — and served and described by that.

Every operation stands under `/api/v1`, is called with a bearer token, takes and answers JSON (or a file), refuses keys
it does not know, and answers what it refuses as `application/problem+json` (RFC 9457). It is guarded like a page. What
has a field `version` is answered with that as its ETag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import orjson
from flask import Blueprint, Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.exceptions import PreconditionFailed

from saas import calls, repeated
from saas.cursors import cursor_of, read_cursor
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.guard import bearer
from saas.problems import Stale

VIEW = TypeVar("VIEW", bound=Callable[..., Any])
PREFIX = "/api/v1"
API = "api"
"""The purpose of the tokens it takes."""
USUAL_PAGE, LARGEST_PAGE = 50, 200


class ApiSchema(Schema):
    """What a call takes or answers: keys that are not named are refused, and spaces alone are no text."""

    class Meta:
        """Refuse, never ignore."""

        unknown = RAISE

    def on_bind_field(self, _name: str, field_obj: fields.Field) -> None:
        """Let a text that must not be empty, or each of a list of them, be more than spaces, as in a form."""
        each = field_obj.inner if isinstance(field_obj, fields.List) else field_obj
        lengths = [check for check in each.validators if isinstance(check, validate.Length)]
        if isinstance(each, fields.String) and any(check.min for check in lengths):
            each.validators = [*each.validators, _refuse_blank]


def _refuse_blank(text: str) -> None:
    if text and not text.strip():
        raise ValidationError("Send more than spaces.")


class PageSchema(ApiSchema):
    """Which part of a list."""

    limit = fields.Integer(
        load_default=USUAL_PAGE,
        validate=validate.Range(1, LARGEST_PAGE),
        metadata={"description": "How many at most.", "example": USUAL_PAGE},
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=400),
        metadata={"description": "`next` of the page before; without it, from the beginning."},
    )


@dataclass(frozen=True)
class Listed:
    """A list answered in pages: {"items": […], "next": cursor or null}.

    key: names one item for good among the others of its list; the next page begins after it.
    """

    schema: type[Schema]
    key: str = "id"


@dataclass(frozen=True)
class FileOf:
    """A file as the answer; the view gives the whole response. types: the media types it can have."""

    types: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One page of a list that its view cut itself: the items, and the cursor of what follows (None at the end)."""

    items: Sequence[Any]
    following: str | None

    @classmethod
    def of_rows(cls, rows: Sequence[Any], limit: int, key: str = "id") -> Part:
        """The page of `limit` rows, by their key. rows: one more than the page has, where another follows."""
        shown = rows[:limit]
        return cls(shown, cursor_of(_key_of(shown[-1], key)) if len(rows) > limit else None)


@dataclass(frozen=True)
class Given:
    """An answer, and the address of what was made (Location)."""

    value: Any
    location: str


Answers = type[Schema] | Listed | FileOf | None


@dataclass(frozen=True)
class Operation:
    """One operation as it was declared."""

    name: str
    method: str
    rule: str
    summary: str
    description: str
    tag: str
    takes: type[Schema] | None
    asks: type[Schema] | None
    answers: Answers
    status: int
    versioned: bool
    uploads: bool
    view: Callable[..., Any] = field(repr=False)


class Operations:
    """The operations of one noun: a blueprint under `/api/v1` and their descriptions.

    >>> plans = Operations("plans", "Action plans")
    >>> @plans.get("/councils/<council>/plans", "listPlans", answers=Listed(PlanSchema))
    ... @requires(Permission.ACTION_READ)
    ... def list_plans() -> list[PlanLine]: ...
    """

    def __init__(self, name: str, tag: str) -> None:
        self.blueprint = Blueprint(f"api_{name}", __name__, url_prefix=PREFIX)
        self.tag = tag
        self.operations: list[Operation] = []

    def get(
        self, rule: str, name: str, *, answers: Answers, asks: type[Schema] | None = None
    ) -> Callable[[VIEW], VIEW]:
        """An operation that reads. asks: the query; the view gets its values as `asked`."""
        return self._declare("GET", rule, name, answers=answers, asks=asks)

    def post(
        self,
        rule: str,
        name: str,
        *,
        answers: Answers = None,
        takes: type[Schema] | None = None,
        status: int = 201,
        versioned: bool = False,
        uploads: bool = False,
    ) -> Callable[[VIEW], VIEW]:
        """An operation that makes or does something; an `Idempotency-Key` lets it be sent again.

        takes: the body; the view gets its values as `given`. versioned: `If-Match` is demanded; the view gets the
        number as `version`, and a service's Conflict that names what stands there instead is answered with 412.
        uploads: the body is `multipart/form-data` with a part `file` (the view reads `request.files["file"]`).
        """
        return self._declare(
            "POST", rule, name, answers=answers, takes=takes, status=status, versioned=versioned, uploads=uploads
        )

    def put(
        self, rule: str, name: str, *, takes: type[Schema], answers: Answers, versioned: bool = True
    ) -> Callable[[VIEW], VIEW]:
        """An operation that saves something whole; `If-None-Match: *` where nothing is there yet (version 0)."""
        return self._declare("PUT", rule, name, takes=takes, answers=answers, versioned=versioned)

    def patch(
        self, rule: str, name: str, *, takes: type[Schema], answers: Answers, versioned: bool = True
    ) -> Callable[[VIEW], VIEW]:
        """An operation that changes what is named in the body and leaves the rest."""
        return self._declare("PATCH", rule, name, takes=takes, answers=answers, versioned=versioned)

    def delete(self, rule: str, name: str, *, versioned: bool = False) -> Callable[[VIEW], VIEW]:
        """An operation that takes something away; answered with 204."""
        return self._declare("DELETE", rule, name, status=204, versioned=versioned)

    def _declare(
        self,
        method: str,
        rule: str,
        name: str,
        *,
        answers: Answers = None,
        takes: type[Schema] | None = None,
        asks: type[Schema] | None = None,
        status: int = 200,
        versioned: bool = False,
        uploads: bool = False,
    ) -> Callable[[VIEW], VIEW]:
        def declare(view: VIEW) -> VIEW:
            summary, _, description = " ".join((view.__doc__ or "").split()).partition(". ")
            operation = Operation(
                name, method, rule, summary.rstrip("."), description, self.tag, takes, asks, answers, status,
                versioned, uploads, view,
            )  # fmt: skip
            self.operations.append(operation)
            self.blueprint.add_url_rule(rule, name, _served(operation), methods=[method])
            return view

        return declare


def _served(operation: Operation) -> Callable[..., Response]:
    """The view as the guard calls it: reads what was sent, acts once, writes the answer."""
    view = operation.view

    @wraps(view)
    def served(**arguments: Any) -> Response:
        page: dict[str, Any] = {}
        if operation.method == "GET":
            asked = _asked(operation)
            page = {name: asked.pop(name) for name in ("limit", "cursor") if isinstance(operation.answers, Listed)}
            if operation.asks is not None:
                arguments["asked"] = asked | (page if _cuts_itself(operation) else {})
        elif operation.takes is not None:
            arguments["given"] = calls.body(operation.takes, uploads=operation.uploads)
        elif request.get_data() and not operation.uploads:
            raise Invalid({"": ["This operation takes no body."]})
        if operation.versioned:
            arguments["version"] = calls.version()

        def act() -> Response:
            try:
                answer = view(**arguments)
            except Conflict as refusal:
                if operation.versioned and (refusal.theirs is not None or refusal.version is not None):
                    raise Stale(refusal) from refusal
                raise
            db.session.flush()
            return _answer(operation, answer, page)

        if operation.method != "POST":
            return act()
        shown = bearer()
        return repeated.once(shown.viewer.id, shown.place_name, act)

    served.bearer = API  # type: ignore[attr-defined]
    return served


def _cuts_itself(operation: Operation) -> bool:
    return operation.asks is not None and issubclass(operation.asks, PageSchema)


# What was sent


def _asked(operation: Operation) -> dict[str, Any]:
    """The query, by the operation's own schema and, for a list, the page's."""
    wanted = operation.asks() if operation.asks else ApiSchema()
    if isinstance(operation.answers, Listed) and not _cuts_itself(operation):
        wanted = Schema.from_dict({**wanted.fields, **PageSchema().fields})(unknown=RAISE)
    many = {name for name, each in wanted.fields.items() if isinstance(each, fields.List)}
    sent: dict[str, Any] = {
        name: values if name in many else values[-1] if len(values) == 1 else values
        for name, values in request.args.lists()
    }
    return calls.load(wanted, sent)


# What is answered


def _answer(operation: Operation, answer: Any, page: Mapping[str, Any]) -> Response:
    if isinstance(answer, Response):
        return answer
    given = answer if isinstance(answer, Given) else Given(answer, "")
    wanted = operation.answers
    if wanted is None or isinstance(wanted, FileOf):
        return Response(status=204)
    if isinstance(wanted, Listed):
        part = given.value if isinstance(given.value, Part) else _cut(given.value, wanted.key, **page)
        document: Any = {"items": wanted.schema(many=True).dump(part.items), "next": part.following}
    else:
        document = wanted().dump(given.value)
    response = Response(orjson.dumps(document), operation.status, content_type="application/json")
    if given.location:
        response.headers["Location"] = given.location
    if isinstance(wanted, type) and "version" in wanted._declared_fields:  # noqa: SLF001  marshmallow has no other name
        response.set_etag(str(document["version"]))
    elif request.method == "GET":
        response.add_etag()
    if request.method == "GET":
        response.make_conditional(request)
        if response.status_code == 412:
            raise PreconditionFailed("It is not what If-Match names.")
    return response


def _cut(items: Iterable[Any], key: str, *, limit: int, cursor: str | None) -> Part:
    """The items after the one that the cursor names."""
    rows = list(items)
    begin = 0
    if cursor is not None:
        last = read_cursor(cursor)
        begin = 1 + next((at for at, each in enumerate(rows) if _key_of(each, key) == last), len(rows))
        if begin > len(rows):
            raise Invalid({"/cursor": ["What the page before ended with is gone from the list. Begin anew."]})
    shown = rows[begin : begin + limit]
    more = begin + limit < len(rows)
    return Part(shown, cursor_of(_key_of(shown[-1], key)) if more else None)


def _key_of(item: Any, key: str) -> str:
    for name in key.split("."):
        item = item[name] if isinstance(item, Mapping) else getattr(item, name)
    return str(item)
