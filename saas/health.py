"""The checks: is each thing we stand on there and as it should be; for /readyz and for `doctor`."""

import smtplib
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import redis
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify

from saas import clock, replica
from saas.config import Config
from saas.files.buckets import S3
from saas.files.storage import storage_at
from saas.guard import public

SECONDS = 3
"""How long one check may take before the thing counts as away."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"
FURTHEST_CLOCK_SECONDS = 5

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True)
class Finding:
    """What one check found; `advice` says what to do where it does not hold."""

    name: str
    holds: bool
    seen: str
    advice: str = ""


Check = Callable[[Config], Finding]


@blueprint.get("/healthz")
@public("a probe asks whether the process answers; it tells nothing else", own_transaction=True)
def alive() -> Response:
    """Whether this process answers at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public(
    "a load balancer asks whether to send people here; it tells no more than which part is away",
    own_transaction=True,
)
def ready() -> tuple[Response, int]:
    """Whether people can be sent here: 200, or 503 with the parts that are away.

    A replica is told of beside them: without it the primary answers.
    """
    findings = run(READINESS, current_app.config["CHARTERWAY"])
    good = all(finding.holds for finding in findings)
    parts: dict[str, Any] = {finding.name: "ok" if finding.holds else "away" for finding in findings}
    told = {"status": "ok" if good else "away", "checks": parts}
    if (copy := _standing(current_app.config["CHARTERWAY"])) is not None:
        told["replica"] = {"state": copy.state, "seconds_behind": copy.seconds_behind}
    return jsonify(told), 200 if good else 503


def run(checks: tuple[Check, ...], config: Config) -> list[Finding]:
    """Make each check; the order is that of the list."""
    return [check(config) for check in checks]


def database(config: Config) -> Finding:
    """The database answers to role `app`."""
    try:
        with _connected(config) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        return Finding("database", False, _first_line(error), "start PostgreSQL, or correct DATABASE_URL")
    good = version >= 15
    return Finding("database", good, f"PostgreSQL {version}", "" if good else "use PostgreSQL 15 or later")


def roles(config: Config) -> Finding:
    """Role `app` is held by row-level security: no bypass, owner of nothing, no right to make things."""
    question = """
        select r.rolsuper, r.rolbypassrls, r.rolcreaterole,
               exists (select from pg_class c where c.relowner = r.oid),
               has_database_privilege(current_database(), 'create, temporary'),
               has_schema_privilege('public', 'create'),
               coalesce((select bool_or(pg_has_role(current_user, o.oid, 'member'))
                         from pg_roles o where o.rolname in ('owner', 'gate')), false)
        from pg_roles r where r.rolname = current_user"""
    faults = (
        "is a superuser",
        "may bypass row-level security",
        "may create roles",
        "owns tables",
        "may create schemas or temporary tables",
        "may create tables",
        "is a member of owner or gate",
    )
    try:
        with _connected(config) as connection:
            row = connection.execute(question).fetchone() or ()
    except psycopg.Error as error:
        return Finding("roles", False, _first_line(error), "start PostgreSQL, or correct DATABASE_URL")
    found = [fault for fault, true in zip(faults, row, strict=True) if true]
    if found:
        return Finding(
            "roles",
            False,
            f"the user of DATABASE_URL {', '.join(found)}",
            "make the roles with saas/roles.sql",
        )
    return Finding("roles", True, "the user of DATABASE_URL stays behind row-level security")


def schema(config: Config) -> Finding:
    """The database's schema is the one this release was made for, or a later one.

    A later one holds: while machines are renewed one after another, those still to come go on under the new schema,
    since each migration leaves alone what the release before it reads and writes (docs/deploy.md).
    """
    heads = schema_heads()
    try:
        there = _revisions(config.dsn("app"))
    except psycopg.Error as error:
        return Finding("schema", False, _first_line(error), "run `charterway migrate`")
    expected = ", ".join(sorted(heads))
    if _is_later(there):
        return Finding("schema", True, f"at {', '.join(sorted(there))}, later than {expected} of this release")
    seen = f"at {', '.join(sorted(there)) or 'nothing'}, expected {expected}"
    return Finding("schema", there == heads, seen, "" if there == heads else "run `charterway migrate`")


def is_schema_later(config: Config) -> bool:
    """Whether a later release has migrated the database: then there is nothing for this one to migrate.

    Asked as role owner. Raises psycopg.Error when the database is away.
    """
    return _is_later(_revisions(config.dsn("owner")))


def _revisions(dsn: str) -> set[str]:
    """What the database says its schema is; empty before the first migration."""
    try:
        with psycopg.connect(dsn, connect_timeout=SECONDS, autocommit=True) as connection:
            return {str(row[0]) for row in connection.execute("select version_num from alembic_version")}
    except psycopg.errors.UndefinedTable:
        return set()


def _is_later(there: set[str]) -> bool:
    known = {script.revision for script in ScriptDirectory.from_config(alembic_settings()).walk_revisions()}
    return bool(there) and there.isdisjoint(known)


def schema_heads() -> set[str]:
    """The newest migrations in this version's folder."""
    return set(ScriptDirectory.from_config(alembic_settings()).get_heads())


def alembic_settings() -> AlembicConfig:
    """Alembic's own settings for our folder of migrations, wherever the process runs."""
    own = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    own.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return own


def queue(config: Config) -> Finding:
    """The queue answers and keeps what it is told."""
    url = config.redis_url or ""
    try:
        with redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
            client.ping()
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except (redis.RedisError, ValueError) as error:
        return Finding("queue", False, _first_line(error), "start Valkey or Redis, or correct REDIS_URL")
    if policy != "noeviction":
        return Finding("queue", False, f"throws away keys ({policy})", "set maxmemory-policy to noeviction")
    return Finding("queue", True, "answers")


def storage(config: Config) -> Finding:
    """Files can be written where they are kept."""
    parts = urlsplit(config.storage_url)
    try:
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(b"probe")
            return Finding("storage", True, f"{folder} can be written")
        _reach_bucket(config.storage_url)
    except Exception as error:  # noqa: BLE001 - the S3 client raises many kinds, and each means the same here
        return Finding(
            "storage",
            False,
            _first_line(error),
            "make the place of STORAGE_URL writable, or correct STORAGE_URL",
        )
    return Finding("storage", True, f"bucket {parts.netloc} answers")


def mail(config: Config) -> Finding:
    """The mail server takes a connection."""
    parts = urlsplit(config.mail_url)
    if parts.scheme == "console":
        return Finding("mail", True, "mail is printed, not sent")
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "", parts.port or 0, timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            "mail",
            False,
            f"{parts.hostname}: {_first_line(error)}",
            "start the mail server, or correct MAIL_URL",
        )
    return Finding("mail", True, f"{parts.hostname} answers")


def clocks(config: Config) -> Finding:
    """This machine's clock and the database's agree within five seconds."""
    try:
        with _connected(config) as connection:
            row = connection.execute("select clock_timestamp()").fetchone()
    except psycopg.Error as error:
        return Finding("clock", False, _first_line(error), "start PostgreSQL, or correct DATABASE_URL")
    theirs: datetime = row[0] if row else clock.now()
    apart = abs((clock.now() - theirs).total_seconds())
    good = apart <= FURTHEST_CLOCK_SECONDS
    return Finding(
        "clock", good, f"{apart:.1f} s from the database's", "" if good else "set both clocks by time servers"
    )


def replica_follows(config: Config) -> Finding:
    """Where REPLICA_URL is given, the replica copies this database and is not too far behind."""
    name, copy = "replica", _standing(config)
    if config.replica_url is None:
        return Finding(name, True, "none: the database itself answers every page")
    if copy is None:
        return Finding(name, False, "not asked, for the database is away", "start PostgreSQL, or correct DATABASE_URL")
    if copy.state == replica.AWAY:
        return Finding(name, False, copy.reason, "start the replica, or correct REPLICA_URL; until then it is not read")
    behind = "by nobody knows how much" if copy.seconds_behind is None else f"{copy.seconds_behind:.1f} s"
    if copy.state == replica.LATE:
        most = f"REPLICA_MAX_LAG is {config.replica_max_lag} s; until then it is not read"
        return Finding(name, False, f"behind {behind}", f"let it catch up: {most}")
    if not _is_copy(config):
        return Finding(name, False, "follows another database", "correct REPLICA_URL")
    return Finding(name, True, f"behind {behind}")


def _standing(config: Config) -> replica.Standing | None:
    """How the replica stands; None without one, and while nobody can say how far it is behind."""
    try:
        return replica.standing(config)
    except psycopg.Error:
        return None


def _is_copy(config: Config) -> bool:
    """Whether both say that they are of one cluster."""
    question = "select system_identifier from pg_control_system()"
    try:
        with (
            _connected(config) as primary,
            psycopg.connect(config.replica_url or "", connect_timeout=SECONDS, autocommit=True) as copy,
        ):
            return primary.execute(question).fetchone() == copy.execute(question).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return True  # some services let nobody ask
    except psycopg.Error:
        return False


def settings(config: Config) -> Finding:
    """Settings that are allowed but unwise for people outside this machine."""
    secure = config.base_url.startswith("https://")
    local = urlsplit(config.base_url).hostname in {"localhost", "127.0.0.1", "::1"}
    if not secure and not local:
        return Finding("settings", False, f"BASE_URL {config.base_url} is not encrypted", "give an https:// BASE_URL")
    if not config.embedded and config.mail_url == "console:":
        return Finding("settings", False, "MAIL_URL is not given, so no mail is sent", "give MAIL_URL=smtp://…")
    return Finding("settings", True, f"{config.base_url}, data in {config.data_dir}")


READINESS: tuple[Check, ...] = (database, queue, storage, schema)
EVERYTHING: tuple[Check, ...] = (settings, database, roles, schema, replica_follows, queue, storage, mail, clocks)


def _connected(config: Config) -> psycopg.Connection[Any]:
    return psycopg.connect(config.dsn("app"), connect_timeout=SECONDS, autocommit=True)


def _reach_bucket(url: str) -> None:
    """Ask for the bucket where the address says it is, with the keys of the machine's environment or profile."""
    place = storage_at(url)
    if isinstance(place, S3):
        with closing(place.new_client(seconds=SECONDS, attempts=1)) as client:
            client.head_bucket(Bucket=place.bucket)


def _first_line(error: Exception) -> str:
    with suppress(IndexError):
        return str(error).strip().splitlines()[0]
    return type(error).__name__
