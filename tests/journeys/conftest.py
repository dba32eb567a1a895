"""The demo, loaded once for every journey that looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from assessment.demo import loading
from assessment.demo.places import COUNCILS
from saas.config import Config
from saas.embedded import Cluster
from tests.factories.databases import app_on_own_database

GENERATED = 2


@pytest.fixture(scope="session")
def demo(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the usual councils and two generated ones, in its context."""
    with app_on_own_database(cluster, config, "demo", tmp_path_factory.mktemp("demo")) as app:
        loading.load(
            app,
            councils=len(COUNCILS) + GENERATED,
            seed=1,
            year=None,
            framework=None,
            if_empty=False,
            tell=lambda _done, _total: None,
        )
        yield app
