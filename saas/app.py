"""The app: put together from features, each handing over its pages, reactions and commands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask import Blueprint, Flask, g, render_template, request, session
from flask.json.provider import DefaultJSONProvider
from flask_login import LoginManager, current_user, logout_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.middleware.proxy_fix import ProxyFix

from saas import db as database
from saas import (
    events,
    files,
    guard,
    health,
    jobs,
    mail,
    metrics,
    openapi,
    outages,
    present,
    reference,
    replica,
    requests,
    rounds,
    security,
    sessions,
    statements,
    status,
    templating,
)
from saas.api import Operations
from saas.config import Config
from saas.db import REPLICA
from saas.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from saas.policy import Bearer, Place, Viewer
from saas.problems import is_api, refusal
from saas.status import Line
from saas.tenancy import Scope
from saas.transaction import is_within, within

SESSION_HOURS = 12
log = logging.getLogger(__name__)
STATUS_OF: dict[type[Refused], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}


@dataclass(frozen=True)
class Feature:
    """What one package brings to the house."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    operations: tuple[Operations, ...] = ()
    """What programs can call; each is a blueprint of its own under `/api/v1`."""
    reactions: Mapping[str, tuple[Callable[[UUID], None], ...]] = field(default_factory=dict)
    daily: tuple[Callable[[UUID], None], ...] = ()
    """Jobs that go over every active council once a day."""
    commands: tuple[click.Command, ...] = ()
    find_viewer: Callable[[UUID, UUID | None, str | None], Viewer | None] | None = None
    """(user, file to be opened or None, slug of the place to be opened or None) → who that is and where he or she may
    go; called in a scope of nobody."""
    find_bearer: Callable[[str, UUID | None], Bearer | None] | None = None
    """(SHA-256 of a token, file to be opened or None) → whose it is; called in a scope of nobody."""
    sign_in_endpoint: str | None = None
    second_step_endpoint: str | None = None
    sign_on_endpoint: str | None = None
    """Where somebody signed in shows the second factor that is demanded, or sets one up."""
    navigation: Callable[[Place], list[tuple[str, str]]] | None = None
    """Place → (label, endpoint) of the pages in its header, in order."""
    panels: Mapping[str, Callable[[UUID], list[tuple[str, str]]]] = field(default_factory=dict)
    """Name of a panel → (id of a row → (words, address) of what a page of a lower package shows of a higher one)."""
    placing: Callable[[UUID, Collection[UUID]], Mapping[UUID, tuple[str, str]]] | None = None
    """(council, lines of plans) → the (element, requirements) that ask for each, for the papers of a lower package."""

    verbs: tuple[str, ...] = ()
    """The names of events, of every package that is known to it."""
    status: tuple[Callable[[], Line | None], ...] = ()
    """What it has to say on the status page, each in a read-only transaction of nobody's scope; None says nothing."""


def create_app(features: tuple[Feature, ...], config: Config, **settings: Any) -> Flask:
    """The WSGI application. `config` has been resolved: database, queue and secret key are known.

    settings: Flask settings that replace the usual ones (tests: JOBS_BY_HAND, ARGON2_FAST …).
    """
    app = Flask("charterway", root_path=str(Path(__file__).parent.parent), static_folder=None)
    https = config.base_url.startswith("https://")
    engine_options = {
        "pool_size": config.web_threads,
        "max_overflow": config.web_threads,
        "pool_pre_ping": False,
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
    }
    app.config.update(
        CHARTERWAY=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options,
        SQLALCHEMY_BINDS={REPLICA: replica.engine_options(config, engine_options)} if config.replica_url else {},
        MAX_CONTENT_LENGTH=(config.upload_limit_mb + 1) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_KEY_PREFIX="session:",
        SESSION_ID_LENGTH=43,
        SESSION_COOKIE_NAME="__Host-charterway" if https else "charterway",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,  # `sessions.note_use` writes each once a minute, and that makes it last
        WTF_CSRF_TIME_LIMIT=None,
        JOBS_BY_HAND=False,
    )
    app.config.update(settings)
    app.json = DefaultJSONProvider(app)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    database.install(app)
    jobs.install(app)
    statements.install(app)
    requests.install(app)
    sessions.install(app)
    outages.install(app)
    forged_forms = CSRFProtect(app)
    files.install(app)
    mail.install(app)
    security.install(app)
    templating.install(app)
    replica.install(app)
    _install_sign_in(app, features)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
    app.register_blueprint(openapi.blueprint)
    app.register_blueprint(reference.blueprint)
    app.extensions["charterway_operations"] = tuple(
        operation for feature in features for each in feature.operations for operation in each.operations
    )
    app.extensions["charterway_verbs"] = frozenset(verb for feature in features for verb in feature.verbs)
    app.register_blueprint(status.blueprint)
    metrics.install(app)
    status.install(app, tuple(told for feature in features for told in feature.status))
    for feature in features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
        for each in feature.operations:
            app.register_blueprint(each.blueprint)
            forged_forms.exempt(each.blueprint)  # asked with a token, never with a cookie
        for verb, run_jobs in feature.reactions.items():
            for run in run_jobs:
                events.react(verb, run.__name__, runs_in=jobs.runs_in(run.__name__))
        rounds.are_known(feature.daily)
        jobs.reactions_are_known({verb: [run.__name__ for run in runs] for verb, runs in feature.reactions.items()})
    _install_errors(app)
    _install_context(app, features)
    guard.install(app)
    app.extensions["charterway_placing"] = next((feature.placing for feature in features if feature.placing), None)
    return app


def _install_sign_in(app: Flask, features: tuple[Feature, ...]) -> None:
    find = next((feature.find_viewer for feature in features if feature.find_viewer), None)
    app.extensions["charterway_find_bearer"] = next((f.find_bearer for f in features if f.find_bearer), None)
    app.config["SIGN_IN_ENDPOINT"] = next((f.sign_in_endpoint for f in features if f.sign_in_endpoint), "")
    app.config["SECOND_STEP_ENDPOINT"] = next((f.second_step_endpoint for f in features if f.second_step_endpoint), "")
    app.config["SIGN_ON_ENDPOINT"] = next((f.sign_on_endpoint for f in features if f.sign_on_endpoint), "")
    login = LoginManager(app)
    login.session_protection = None

    @login.user_loader
    def load_viewer(kept: str) -> Viewer | None:
        if find is None:
            return None
        user_id, _, epoch = kept.partition(":")
        named = request.view_args or {}
        slug = named.get("council") or named.get("region")
        if slug is not None and "\0" in slug:
            slug = None  # names no place, and no database takes it
        with within(Scope.nobody(), isolation="AUTOCOMMIT"):  # no scope to tell: one statement in all
            viewer = find(UUID(user_id), named.get("file"), slug)
        if viewer is None or str(viewer.epoch) != epoch:
            return None
        return viewer if slug is None else replace(viewer, find_others=cache(partial(every_place, viewer.id)))

    def every_place(user_id: UUID) -> tuple[Place, ...]:
        """In the scope that is open, or in none."""
        with nullcontext() if is_within() else within(Scope.nobody(), isolation="AUTOCOMMIT"):
            viewer = find(user_id, None, None) if find else None
        return () if viewer is None else viewer.known

    @app.before_request
    def forget_ended_sessions() -> None:
        if request.endpoint == "static" or "_user_id" not in session:
            return
        if current_user.is_authenticated:
            sessions.note_use()
        else:
            logout_user()
            session.clear()


def _install_context(app: Flask, features: tuple[Feature, ...]) -> None:
    """What every page's frame needs: where we are, who we are, where one can go."""
    # The highest package begins: its home stands first in the header.
    navigations = [feature.navigation for feature in reversed(features) if feature.navigation]
    panels = [feature.panels for feature in features]

    def panel(name: str, row_id: UUID) -> list[tuple[str, str]]:
        return [entry for offered in panels if name in offered for entry in offered[name](row_id)]

    @app.context_processor
    def frame() -> dict[str, Any]:
        here: Place | None = g.get("place")
        known = current_user.is_authenticated
        return {
            "scope": here,
            "viewer": current_user if known else None,
            "navigation": [entry for items in navigations for entry in items(here)] if here else [],
            "may": guard.may,
            "panel": panel,
            "csrf_token": generate_csrf,
        }


def _install_errors(app: Flask) -> None:
    def page(status: int, error: Any) -> Any:
        if is_api():
            return refusal(status, error)
        if status >= 500:
            outages.as_to_nobody()
        g.setdefault("place", None)
        return render_template(f"errors/{status}.html", error=error), status

    known = {400, 403, 404, 409, 413, 422, 429, 500, 503, 507}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        if is_api():
            return refusal(error.code, error)
        if error.code == 405:
            return page(404, error)
        return page(error.code if error.code in known else 400 if error.code < 500 else 500, error)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Any:
        return page(400, error)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Any:
        return page(next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 422), error)

    @app.errorhandler(InternalServerError)
    def broken(error: InternalServerError) -> Any:
        return page(500, error)

    _install_outages(app, page)


def _install_outages(app: Flask, page: Callable[[int, Any], Any]) -> None:
    @app.errorhandler(RedisError)
    @app.errorhandler(OperationalError)
    def away(error: Exception) -> Any:
        log.error("a service is away: %s", present.reason(error))
        if isinstance(error, OperationalError):
            security.take_back_attempts()
        return page(507 if outages.is_full(error) else 503, error)

    @app.errorhandler(OSError)
    def full(error: OSError) -> Any:
        if not outages.is_full(error):
            raise error
        log.error("there is no room left: %s", present.reason(error))
        return page(507, error)
