"""`charterway demo load` and `demo accounts`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from assessment.demo.places import PASSWORD
from charterway import FEATURES
from saas import cli, locks
from saas.config import Config
from saas.embedded import Cluster
from saas.policy import Role
from saas.security import verify_password
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.access import find_credential, find_viewer
from tests.factories.databases import app_on_own_database

Runs = Callable[..., Result]


@pytest.fixture(scope="module")
def own(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty database."""
    with app_on_own_database(cluster, config, "commanding", tmp_path_factory.mktemp("commanding")) as app:
        yield app


@pytest.fixture
def run(own: Flask, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The command line over that database."""

    @contextmanager
    def up(given: Config) -> Iterator[Config]:
        yield given

    monkeypatch.setattr(locks, "database_up", up)
    command = cli.create_cli(FEATURES, lambda _config: own)
    return lambda *words: CliRunner().invoke(command, ["demo", *words])


def test_before_there_is_a_demo_nobody_can_sign_in(run: Runs) -> None:
    result = run("accounts")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "charterway: this database is not marked as a demo: there are no demo sign-ins\n"


@pytest.mark.parametrize("words", [("--councils", "0"), ("--councils", "4001"), ("--year", "12"), ("--seed", "x")])
def test_wrong_use_is_told(run: Runs, words: tuple[str, ...]) -> None:
    assert run("load", *words).exit_code == 2


def test_an_unknown_framework_is_refused_before_anything_happens(run: Runs) -> None:
    result = run("load", "--framework", "charter-1066")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "framework" in result.stderr


def test_every_role_signs_in_with_the_one_password(run: Runs) -> None:
    loaded = run("load", "--councils", "2", "--framework", "fixture-45")
    assert (loaded.exit_code, loaded.stderr) == (0, "")
    assert loaded.stdout.startswith("The demo is there: 2 councils, today is ")
    accounts = json.loads(run("accounts").stdout)
    assert {account["role"] for account in accounts} == set(Role)
    assert {account["password"] for account in accounts} == {PASSWORD}
    for account in accounts:
        with within(Scope.bearer(email_key=account["email"]), read_only=True):
            known = find_credential()
        assert known is not None
        assert verify_password(known.password_hash, account["password"])
        with within(Scope.nobody()):
            viewer = find_viewer(known.user_id)
        assert viewer is not None
        assert [(place.slug, list(place.roles)) for place in viewer.places] == [(account["scope"], [account["role"]])]
    again = run("load", "--if-empty")
    assert again.stdout == "The database holds a region already: nothing to do.\n"
