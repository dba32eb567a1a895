"""The settings: what is taken, what is refused, and that no message shows a password."""

import re
from pathlib import Path

import pytest

from saas.config import Config, ConfigError, load, resolve

GIVEN = {
    "DATABASE_URL": "postgres://app:pass-a@db.example:5433/charterway",
    "DATABASE_OWNER_URL": "postgresql+psycopg://owner:pass-o@db.example:5433/charterway",
    "REDIS_URL": "rediss://:pass-r@queue.example:6380/2",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATA_DIR": "/srv/charterway",
}
REPLICA = {"REPLICA_URL": "postgres://app:pass-c@copy.example:5434/charterway", "REPLICA_MAX_LAG": "20"}


def test_nothing_given_means_embedded_servers_in_var() -> None:
    folder = Path("var").absolute()

    assert load({"PORT": " ", "DATABASE_URL": ""}) == Config(
        port=8000,
        bind="127.0.0.1",
        data_dir=folder,
        storage_url=f"file://{folder}/files",
        mail_url="console:",
        base_url="http://localhost:8000",
        embedded=True,
    )


def test_given_servers_are_taken_under_one_spelling() -> None:
    config = load(GIVEN)

    assert (config.embedded, config.dsn(), config.dsn("owner"), config.sqlalchemy_url, config.redis_url) == (
        False,
        "postgresql://app:pass-a@db.example:5433/charterway",
        "postgresql://owner:pass-o@db.example:5433/charterway",
        "postgresql+psycopg://app:pass-a@db.example:5433/charterway",
        "rediss://:pass-r@queue.example:6380/2",
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PORT": "http"}, "PORT is 'http': expected a whole number from 1 to 65535"),
        ({"PORT": "70000"}, "PORT is '70000': expected a whole number from 1 to 65535"),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS is '0': expected a whole number from 1 to 64"),
        ({"UPLOAD_LIMIT_MB": "2.5"}, "UPLOAD_LIMIT_MB is '2.5': expected a whole number from 1 to 1024"),
        (
            {"DATABASE_URL": "mysql://app:secret@db/charterway"},
            "DATABASE_URL is an address that begins with 'mysql:' but cannot be used: "
            "expected postgresql://app:password@host:port/database",
        ),
        (
            {"DATABASE_URL": "postgresql://app:secret@db:port/charterway"},
            "DATABASE_URL is an address that begins with 'postgresql:' but cannot be used: "
            "expected postgresql://app:password@host:port/database",
        ),
        (
            {"DATABASE_OWNER_URL": "postgresql://owner:secret@db"},
            "DATABASE_OWNER_URL is an address that begins with 'postgresql:' but cannot be used: "
            "expected postgresql://owner:password@host:port/database",
        ),
        (
            {"REDIS_URL": "secret"},
            "REDIS_URL is not an address but cannot be used: expected redis://:password@host:port/0",
        ),
        (
            {"REDIS_URL": ""},
            "REDIS_URL is missing while DATABASE_URL is given: give both, or neither for the embedded servers",
        ),
        (
            {"DATABASE_URL": ""},
            "DATABASE_URL is missing while REDIS_URL is given: give both, or neither for the embedded servers",
        ),
        (
            {"DATABASE_URL": "", "REDIS_URL": ""},
            "DATABASE_URL is missing while DATABASE_OWNER_URL is given: give both, or neither",
        ),
        (
            {"SECRET_KEY": ""},
            "SECRET_KEY is not given: expected a random text of at least 32 characters",
        ),
        (
            {"SECRET_KEY": "secret"},
            "SECRET_KEY has 6 characters: expected a random text of at least 32",
        ),
        (
            {"STORAGE_URL": "file://relative/folder"},
            "STORAGE_URL is an address that begins with 'file:' but cannot be used: "
            "expected file:///folder or s3://bucket",
        ),
        (
            {"MAIL_URL": "imap://user:secret@mail"},
            "MAIL_URL is an address that begins with 'imap:' but cannot be used: "
            "expected console: or smtp://user:password@host:port",
        ),
        (
            {"BASE_URL": "https://charter.example/app"},
            "BASE_URL is an address that begins with 'https:' but cannot be used: expected https://host with no path",
        ),
        (
            {"CLAMD_URL": "tcp://scanner"},
            "CLAMD_URL is an address that begins with 'tcp:' but cannot be used: "
            "expected unix:///path/of/socket or tcp://host:port",
        ),
        (
            {"OUTSIDE_ALLOW": "localhost:80, council.test"},
            "OUTSIDE_ALLOW holds 'council.test': expected host:port, several separated by commas",
        ),
        (
            {"REPLICA_URL": "postgresql://owner:secret@copy.example/charterway"},
            "REPLICA_URL names another user than DATABASE_URL: expected the same, role app",
        ),
        (
            {"REPLICA_URL": "mysql://app:secret@copy.example/charterway"},
            "REPLICA_URL is an address that begins with 'mysql:' but cannot be used: "
            "expected postgresql://app:password@host:port/database",
        ),
        (
            {
                "DATABASE_URL": "",
                "DATABASE_OWNER_URL": "",
                "REDIS_URL": "",
                "REPLICA_URL": "postgresql://app:secret@copy.example/charterway",
            },
            "DATABASE_URL is missing while REPLICA_URL is given: a replica copies that database",
        ),
        ({"REPLICA_MAX_LAG": "0"}, "REPLICA_MAX_LAG is '0': expected a whole number from 1 to 3600"),
        ({"METRICS_TOKEN": "two words"}, "METRICS_TOKEN cannot be used: expected ASCII characters without a space"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud': expected debug, info, warning or error"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(changed: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        load(GIVEN | changed)

    assert refusal.value.message == message


def test_settings_never_show_a_password() -> None:
    assert re.findall(r"pass-\w|0123456789abcdef", repr(load(GIVEN | REPLICA | {"METRICS_TOKEN": "pass-m"}))) == []


def test_a_childs_environment_says_the_same_and_names_the_owner_only_when_asked() -> None:
    watched = {"METRICS_TOKEN": "pass-m", "LOG_LEVEL": "WARNING", "SLOW_QUERY_MS": "250"}
    config = load(GIVEN | REPLICA | watched | {"OUTSIDE_ALLOW": "Localhost:8080, 127.0.0.1:81"})

    assert (config.metrics_token, config.log_level, config.slow_query_ms) == ("pass-m", "warning", 250)
    assert config.outside_allow == ("localhost:8080", "127.0.0.1:81")
    assert (config.sqlalchemy_replica_url, config.replica_max_lag) == (
        "postgresql+psycopg://app:pass-c@copy.example:5434/charterway",
        20,
    )
    assert load(config.environ(owner=True)) == config
    assert config.environ()["DATABASE_OWNER_URL"] == ""


def test_what_an_embedded_start_keeps_stays_the_same(tmp_path: Path) -> None:
    config = load({"DATA_DIR": str(tmp_path / "new" / "var")})

    first, second = resolve(config), resolve(config)

    assert first == second
    assert first.secret_key is not None
    assert len(first.secret_key) == 48
    assert (config.data_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_of_secrets_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(Exception, match=r"secrets\.json is damaged"):
        resolve(load({"DATA_DIR": str(tmp_path)}))
