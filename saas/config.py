"""The settings: read from the environment once, checked one by one, refused in one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit

from saas.errors import Refused
from saas.kept import Kept

DATABASE_NAME = "charterway"
SHORTEST_SECRET = 32
"""Characters a given SECRET_KEY must have; `openssl rand -hex 16` prints as many."""
LOG_LEVELS = ("debug", "info", "warning", "error")


class ConfigError(Refused):
    """A setting is missing or wrong; the message is one line that names it and what is expected."""


@dataclass(frozen=True)
class Config:
    """Every setting of the product; addresses are plain, passwords are never shown in its text."""

    port: int
    bind: str
    data_dir: Path
    storage_url: str = field(repr=False)
    mail_url: str = field(repr=False)
    base_url: str
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    replica_url: str | None = field(default=None, repr=False)
    """A copy of the database that follows it, for role `app`: reports that may lag are read there."""
    replica_max_lag: int = 60
    """How many seconds it may be behind before the database itself answers."""
    clamd_url: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    upload_limit_mb: int = 25
    evidence_quota_mb: int = 5000
    """How much one council may keep as evidence, earlier versions included."""
    web_workers: int = 2
    web_threads: int = 4
    trusted_proxies: int = 0
    """How many proxies of ours stand in front and name the client in X-Forwarded-For; 0 believes nobody."""
    metrics_token: str | None = field(default=None, repr=False)
    """What a reader of /metrics shows; without one the page is not there."""
    log_level: str = "info"
    slow_query_ms: int = 500
    """A statement that takes this long is named in the log; 0 names none."""
    outside_allow: tuple[str, ...] = ()
    """`host:port` pairs that may be fetched although they are private; for tests and development only."""
    embedded: bool = True
    """Whether database and queue are ours to run: neither DATABASE_URL nor REDIS_URL was given."""

    @property
    def sqlalchemy_url(self) -> str:
        """The address of the database for role `app`, with the driver's name, as SQLAlchemy takes it."""
        return sqlalchemy_url(self.dsn("app"))

    @property
    def sqlalchemy_owner_url(self) -> str:
        """The same for role `owner`."""
        return sqlalchemy_url(self.dsn("owner"))

    @property
    def sqlalchemy_replica_url(self) -> str | None:
        """The same for the replica; None without one."""
        return None if self.replica_url is None else sqlalchemy_url(self.replica_url)

    def dsn(self, role: str = "app") -> str:
        """The plain postgresql:// address for role `app` or `owner`. Raises ConfigError when not known."""
        url = self.database_owner_url if role == "owner" else self.database_url
        if url is None:
            name = "DATABASE_OWNER_URL" if role == "owner" else "DATABASE_URL"
            raise ConfigError(f"{name} is not given: expected postgresql://{role}:password@host:port/database")
        return url

    def environ(self, *, owner: bool = False) -> dict[str, str]:
        """The settings as a child's environment; the owner's address only where it is needed."""
        values = {
            "PORT": self.port,
            "BIND": self.bind,
            "DATA_DIR": self.data_dir,
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url if owner else None,
            "REDIS_URL": self.redis_url,
            "REPLICA_URL": self.replica_url,
            "REPLICA_MAX_LAG": self.replica_max_lag,
            "STORAGE_URL": self.storage_url,
            "MAIL_URL": self.mail_url,
            "CLAMD_URL": self.clamd_url,
            "SECRET_KEY": self.secret_key,
            "BASE_URL": self.base_url,
            "UPLOAD_LIMIT_MB": self.upload_limit_mb,
            "EVIDENCE_QUOTA_MB": self.evidence_quota_mb,
            "WEB_WORKERS": self.web_workers,
            "WEB_THREADS": self.web_threads,
            "TRUSTED_PROXIES": self.trusted_proxies,
            "METRICS_TOKEN": self.metrics_token,
            "LOG_LEVEL": self.log_level,
            "SLOW_QUERY_MS": self.slow_query_ms,
            "OUTSIDE_ALLOW": ",".join(self.outside_allow),
        }
        return {name: "" if value is None else str(value) for name, value in values.items()}


def sqlalchemy_url(dsn: str) -> str:
    """Turn a plain postgresql:// address into the one SQLAlchemy takes."""
    return dsn.replace("postgresql://", "postgresql+psycopg://", 1)


def load(environ: Mapping[str, str]) -> Config:
    """Read and check every setting; empty is not given. Raises ConfigError at the first wrong one."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    database_url = _database(given, "DATABASE_URL")
    owner_url = _database(given, "DATABASE_OWNER_URL")
    redis_url = _checked(given, "REDIS_URL", _is_redis, "redis://:password@host:port/0")
    if (database_url is None) != (redis_url is None):
        there, missing = ("DATABASE_URL", "REDIS_URL") if database_url else ("REDIS_URL", "DATABASE_URL")
        raise ConfigError(
            f"{missing} is missing while {there} is given: give both, or neither for the embedded servers"
        )
    if owner_url and not database_url:
        raise ConfigError("DATABASE_URL is missing while DATABASE_OWNER_URL is given: give both, or neither")
    embedded = database_url is None
    replica_url = _replica(given, database_url)
    port = _number(given, "PORT", 8000, 1, 65535)
    data_dir = Path(given.get("DATA_DIR", "var")).absolute()
    if data_dir.exists() and not data_dir.is_dir():
        raise ConfigError(f"DATA_DIR is {data_dir}, which is not a folder")
    return Config(
        port=port,
        bind=given.get("BIND", "127.0.0.1"),
        data_dir=data_dir,
        database_url=database_url,
        database_owner_url=owner_url,
        redis_url=redis_url,
        replica_url=replica_url,
        replica_max_lag=_number(given, "REPLICA_MAX_LAG", 60, 1, 3600),
        storage_url=_checked(given, "STORAGE_URL", _is_storage, "file:///folder or s3://bucket")
        or f"file://{quote(str(data_dir / 'files'))}",
        mail_url=_checked(given, "MAIL_URL", _is_mail, "console: or smtp://user:password@host:port") or "console:",
        clamd_url=_checked(given, "CLAMD_URL", _is_clamd, "unix:///path/of/socket or tcp://host:port"),
        secret_key=_secret(given, demanded=not embedded),
        base_url=(
            _checked(given, "BASE_URL", _is_site, "https://host with no path") or f"http://localhost:{port}"
        ).rstrip("/"),
        upload_limit_mb=_number(given, "UPLOAD_LIMIT_MB", 25, 1, 1024),
        evidence_quota_mb=_number(given, "EVIDENCE_QUOTA_MB", 5000, 1, 1_000_000),
        web_workers=_number(given, "WEB_WORKERS", 2, 1, 64),
        web_threads=_number(given, "WEB_THREADS", 4, 1, 64),
        trusted_proxies=_number(given, "TRUSTED_PROXIES", 0, 0, 10),
        metrics_token=_token(given, "METRICS_TOKEN"),
        log_level=_one_of(given, "LOG_LEVEL", LOG_LEVELS, "info"),
        slow_query_ms=_number(given, "SLOW_QUERY_MS", 500, 0, 600_000),
        outside_allow=_pairs(given, "OUTSIDE_ALLOW"),
        embedded=embedded,
    )


def resolve(config: Config) -> Config:
    """Fill in the addresses and the secret key that an embedded start keeps in DATA_DIR."""
    if not config.embedded:
        return config
    kept = Kept.read(config.data_dir)
    return replace(
        config,
        database_url=database_address("app", kept.app_password, kept.database_port),
        database_owner_url=database_address("owner", kept.owner_password, kept.database_port),
        redis_url=queue_address(kept.queue_password, kept.queue_port),
        secret_key=config.secret_key or kept.secret_key,
    )


def database_address(role: str, password: str, port: int, database: str = DATABASE_NAME) -> str:
    """The plain address of the embedded PostgreSQL for one role."""
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"


def queue_address(password: str, port: int) -> str:
    """The address of the embedded Valkey."""
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ConfigError(f"{name} is {value!r}: expected a whole number from {least} to {most}")
    return int(value)


def _one_of(given: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = given.get(name, default).lower()
    if value not in known:
        raise ConfigError(f"{name} is {value!r}: expected {', '.join(known[:-1])} or {known[-1]}")
    return value


def _token(given: Mapping[str, str], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not (value.isascii() and value.isprintable() and " " not in value):
        raise ConfigError(f"{name} cannot be used: expected ASCII characters without a space")
    return value


def _pairs(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    pairs = tuple(pair.strip().lower() for pair in given.get(name, "").split(",") if pair.strip())
    for pair in pairs:
        host, _, port = pair.rpartition(":")
        if not host or "/" in host or not (port.isascii() and port.isdigit() and 0 < int(port) <= 65535):
            raise ConfigError(f"{name} holds {pair!r}: expected host:port, several separated by commas")
    return pairs


def _secret(given: Mapping[str, str], *, demanded: bool) -> str | None:
    value = given.get("SECRET_KEY")
    if value is None and demanded:
        raise ConfigError(f"SECRET_KEY is not given: expected a random text of at least {SHORTEST_SECRET} characters")
    if value is not None and len(value) < SHORTEST_SECRET:
        raise ConfigError(
            f"SECRET_KEY has {len(value)} characters: expected a random text of at least {SHORTEST_SECRET}"
        )
    return value


def _checked(given: Mapping[str, str], name: str, holds: Callable[[SplitResult], bool], expected: str) -> str | None:
    """One address, checked; the message shows its scheme at most, since the rest may hold a password."""
    value = given.get(name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        good = parts.port != 0 and holds(parts)
    except ValueError:
        good = False
    if not good:
        scheme = value.split(":", 1)[0] if ":" in value else ""
        seen = f"an address that begins with {scheme + ':'!r}" if scheme.isalnum() else "not an address"
        raise ConfigError(f"{name} is {seen} but cannot be used: expected {expected}")
    return value


def _database(given: Mapping[str, str], name: str) -> str | None:
    expected = f"postgresql://{'owner' if 'OWNER' in name else 'app'}:password@host:port/database"
    value = _checked(given, name, _is_database, expected)
    return None if value is None else "postgresql://" + value.split("://", 1)[1]


def _replica(given: Mapping[str, str], database_url: str | None) -> str | None:
    """The address of the replica. Another user than DATABASE_URL's might see more than row-level security shows."""
    replica_url = _database(given, "REPLICA_URL")
    if replica_url is None:
        return None
    if database_url is None:
        raise ConfigError("DATABASE_URL is missing while REPLICA_URL is given: a replica copies that database")
    if urlsplit(replica_url).username != urlsplit(database_url).username:
        raise ConfigError("REPLICA_URL names another user than DATABASE_URL: expected the same, role app")
    return replica_url


def _is_database(parts: SplitResult) -> bool:
    known = parts.scheme in {"postgresql", "postgres", "postgresql+psycopg"}
    return known and bool(parts.hostname or "host=" in parts.query) and bool(parts.path.strip("/"))


def _is_redis(parts: SplitResult) -> bool:
    return parts.scheme in {"redis", "rediss"} and bool(parts.hostname)


def _is_storage(parts: SplitResult) -> bool:
    if parts.scheme == "file":
        return not parts.netloc and parts.path.startswith("/")
    return parts.scheme == "s3" and bool(parts.netloc)


def _is_mail(parts: SplitResult) -> bool:
    if parts.scheme == "console":
        return not parts.netloc and not parts.path
    return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname)


def _is_clamd(parts: SplitResult) -> bool:
    if parts.scheme == "unix":
        return not parts.netloc and parts.path.startswith("/")
    return parts.scheme == "tcp" and bool(parts.hostname and parts.port)


def _is_site(parts: SplitResult) -> bool:
    plain = parts.path in {"", "/"} and not parts.query and not parts.fragment and not parts.username
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain
