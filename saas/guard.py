"""The guard: the one door of a request. No view without a declared permission or a reason to be open.

Wrapped round every view at start-up: signed out → sign in; a single sign-on that is demanded and was not come through
→ through it; a second factor that is demanded and was not shown → to show it; no access to the place named in the
address → 404; access without the permission → 403; then one transaction in the place's scope, READ ONLY for GET,
rolled back when the answer is a refusal (400 and above). A place is named by the route's `council`, `region` or
`file` argument; the view itself gets only the other arguments and reads `place()`, `viewer()` and `actor()`.

An operation of the API (a view marked `bearer` with the purpose of tokens it takes) is asked with a token and knows no
session: what it may is what the token's user may, in the one place of the token.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, abort, current_app, flash, g, make_response, redirect, request, url_for
from flask_login import current_user
from redis.exceptions import RedisError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from saas import replica, sessions
from saas.errors import Forbidden
from saas.policy import Bearer, Permission, Place, Viewer, scope_of
from saas.security import Throttle, digest
from saas.tenancy import Actor, Scope
from saas.transaction import Rollback, within

VIEW = TypeVar("VIEW", bound=Callable[..., Any])
PLACES = ("council", "region", "file")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LARGEST_NUMBER = 2**63 - 1
CALLS = Throttle("token-calls", 1_200, 60)
"""Of one token; a script that reads a whole region stays below it."""
CHALLENGE = WWWAuthenticate("bearer", {"realm": "charterway"})
ONLY_READS = "This token only reads."


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view declared: a permission, or a reason to need none."""

    kind: str
    permission: Permission | None = None
    reason: str = ""
    own_transaction: bool = False
    strong: bool = False
    reading: Callable[..., None] | None = None
    may_lag: bool = False

    def __str__(self) -> str:
        return str(self.permission) if self.permission else f"{self.kind}: {self.reason}"


def requires(
    permission: Permission, *, reading: Callable[..., None] | None = None, may_lag: bool = False
) -> Callable[[VIEW], VIEW]:
    """The view needs this permission in the place its address names (platform when it names none).

    reading: records that somebody reads this page, which then opens READ ONLY as every other: called with the view's
    arguments in a transaction of its own before the page's. What it refuses is not shown.
    may_lag: what is read may be some seconds old: a replica may answer (`saas.replica`), and the page says of when.
    """
    return _declare(Declaration("requires", permission, reading=reading, may_lag=may_lag))


def signed_in(reason: str, *, strong: bool = False) -> Callable[[VIEW], VIEW]:
    """The view needs a signed-in viewer and shows only his or her own rows.

    strong: and a second factor where one is demanded of the viewer, as every page of a place.
    """
    return _declare(Declaration("signed in", reason=reason, strong=strong))


def public(reason: str, *, own_transaction: bool = False) -> Callable[[VIEW], VIEW]:
    """The view is open to everybody, for this reason.

    own_transaction: the view opens its own, because who asks is only known from what he or she shows (a secret).
    """
    return _declare(Declaration("public", reason=reason, own_transaction=own_transaction))


def _declare(declaration: Declaration) -> Callable[[VIEW], VIEW]:
    def mark(view: VIEW) -> VIEW:
        if hasattr(view, "declaration"):
            raise TypeError(f"{view.__name__} declares its access twice")
        view.declaration = declaration  # type: ignore[attr-defined]
        return view

    return mark


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    """What the view declared, or None."""
    return getattr(view, "declaration", None)


def bearer() -> Bearer:
    """Who shows a token; only in an operation that demands one."""
    shown: Bearer = g.bearer
    return shown


def viewer() -> Viewer:
    """Who is signed in, or whose token is shown; only where the guard has let somebody in."""
    if "bearer" in g:
        return bearer().viewer
    return current_user._get_current_object()  # noqa: SLF001  what a local proxy offers for this


def actor() -> Actor:
    """The viewer as the one who does something."""
    return viewer().actor


def place() -> Place:
    """The place this request is in."""
    return g.place


def place_id() -> UUID:
    """The id of the council, region or file this request is in; a mistake of the view where it is in none."""
    here = place()
    if here.id is None:
        raise RuntimeError(f"the {here.kind} has no id")
    return here.id


def region_id() -> UUID:
    """The id of the region this request is in, a council's or a file's too; a mistake of the view on the platform."""
    found = place().region_id
    if found is None:
        raise RuntimeError(f"the {place().kind} is in no region")
    return found


def place_of_token(*permissions: Permission) -> Place:
    """The one place of the token that is shown, in an operation whose address names none.

    Raises Forbidden where its roles have none of these permissions there.
    """
    here = next(iter(viewer().places), None)
    if here is None or here.permissions.isdisjoint(permissions):
        raise Forbidden
    return here


def may(permission: Permission) -> bool:
    """Whether the viewer has this permission in the present place; for showing a link or not."""
    return g.get("place") is not None and permission in g.place.permissions


def refuse_undeclared(app: Flask) -> None:
    """Stop the start when a view says neither what it requires nor why it is open."""
    for endpoint, view in app.view_functions.items():
        if declaration_of(view) is None and endpoint != "static":
            raise RuntimeError(f"view {endpoint} declares no access: add @requires, @signed_in or @public")


def install(app: Flask) -> None:
    """Wrap every view of the finished app."""
    refuse_undeclared(app)
    for endpoint, view in list(app.view_functions.items()):
        declaration = declaration_of(view)
        if declaration is not None:
            app.view_functions[endpoint] = _guarded(view, declaration)

    @app.url_defaults
    def stay_in_place(endpoint: str, values: dict[str, Any]) -> None:
        """Links inside a place need not name it again."""
        here: Place | None = g.get("place")
        if here is None or here.kind == "platform":
            return
        value = here.id if here.kind == "file" else here.slug
        if app.url_map.is_endpoint_expecting(endpoint, here.kind):
            values.setdefault(here.kind, value)


def _guarded(view: Callable[..., Any], declaration: Declaration) -> Callable[..., Any]:
    purpose: str | None = getattr(view, "bearer", None)

    @wraps(view)
    def guarded(**arguments: Any) -> Response:
        _refuse_unheld(arguments)
        named = {kind: arguments.pop(kind) for kind in PLACES if kind in arguments}
        scope = _admit(declaration, named, purpose)
        if isinstance(scope, Response):
            return scope
        if request.method not in SAFE_METHODS:
            _receive_body(whole=purpose is not None)
        if declaration.own_transaction:
            return make_response(view(**arguments))
        if declaration.reading is not None and request.method in SAFE_METHODS:
            with within(scope):
                declaration.reading(**arguments)
        only_reads = request.method in SAFE_METHODS
        response: Response | None = None
        if declaration.may_lag and only_reads:
            response = replica.answer(scope, lambda: make_response(view(**arguments)))
            if response is not None:
                return response
        with within(scope, read_only=only_reads):
            response = make_response(view(**arguments))
            if response.status_code >= 400:
                raise Rollback
        if response is None:
            raise RuntimeError("the view gave no answer")
        if not only_reads:
            replica.note_write(scope.user_id)
        return response

    return guarded


def _refuse_unheld(arguments: dict[str, Any]) -> None:
    """No row is named by what is no text or number the database can hold: 404 in the path, 400 in the query."""
    for value in arguments.values():
        if (isinstance(value, str) and "\0" in value) or (isinstance(value, int) and value > LARGEST_NUMBER):
            abort(404)
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)
    if any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def _receive_body(*, whole: bool) -> None:
    """Read the body before a transaction opens, so that a slow upload holds none. whole: whatever its type."""
    if request.mimetype == "multipart/form-data":
        _ = request.files
    elif whole:
        request.get_data()


def _admit(declaration: Declaration, named: dict[str, Any], purpose: str | None) -> Scope | Response:
    """The scope to work in, or the way to sign in; raises 401, 403 or 404. purpose: of the token it takes, if any."""
    g.place = None
    if declaration.kind == "public":
        return Scope.nobody()
    if purpose is not None:
        _take_token(purpose, named.get("file"))
    elif not current_user.is_authenticated:
        return _lead_to("SIGN_IN_ENDPOINT", "You were signed out. Sign in and send it again: nothing was changed.")
    who = viewer()
    if purpose is None and who.sign_on_wanted and sessions.find_sign_on() not in who.sign_on_wanted:
        words = "Your organisation asks for its own sign-in. Send it again: nothing was changed."
        return _lead_to("SIGN_ON_ENDPOINT", words, provider_id=min(who.sign_on_wanted))
    asks = declaration.strong or declaration.kind == "requires"
    if asks and purpose is None and who.factor_wanted and not sessions.has_factor():
        return _lead_to("SECOND_STEP_ENDPOINT", "Show your second step and send it again: nothing was changed.")
    if declaration.kind == "signed in":
        return Scope.person(who.id)
    here = _place_of(who, named)
    if here is None:
        abort(404)
    g.place = here
    if declaration.permission not in here.permissions:
        abort(403)
    return scope_of(who, here)


def _take_token(purpose: str, file: UUID | None) -> None:
    """Know who shows the token; raises 401, and 403 where it may only read."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Send a token: Authorization: Bearer …", www_authenticate=CHALLENGE)
    find: Callable[[str, UUID | None], Bearer | None] = current_app.extensions["charterway_find_bearer"]
    with within(Scope.nobody(), isolation="AUTOCOMMIT"):
        shown = find(digest(secret.strip()), file)
    if shown is None or shown.purpose != purpose:
        raise Unauthorized("This token is not known, has expired, or was revoked.", www_authenticate=CHALLENGE)
    _refuse_unproved(shown)
    with suppress(RedisError):  # it keeps the service from being flooded, nobody from guessing: it may be away
        CALLS.brake(str(shown.token_id))
    if shown.read_only and request.method not in SAFE_METHODS:
        raise Forbidden(ONLY_READS)
    g.bearer = shown


def _refuse_unproved(shown: Bearer) -> None:
    """A token works no more where its user now needs what it was made without; raises 401."""
    missing = shown.viewer.lacks(with_factor=shown.with_factor, provider_id=shown.provider_id)
    if missing:
        words = f"This token was made without the {missing} that its user now needs. Make a new one."
        raise Unauthorized(words, www_authenticate=CHALLENGE)


def _place_of(who: Viewer, named: dict[str, Any]) -> Place | None:
    if "file" in named:
        return who.file if who.file is not None and who.file.id == named["file"] else None
    for kind, slug in named.items():
        return who.place(kind, slug)
    return who.place("platform", "platform")


def _lead_to(setting: str, words: str, **arguments: Any) -> Response:
    """The way to the page that this setting of the app names, and from there back; words: for what was sent in vain."""
    endpoint = current_app.config[setting]
    if request.method in SAFE_METHODS:
        here = request.full_path if request.query_string else request.path
        return make_response(redirect(url_for(endpoint, **arguments, next=here), code=303))
    flash(words, "notice")
    return make_response(redirect(url_for(endpoint, **arguments), code=303))
