"""What the tests of tenants share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.single_sign_on import Site, allow, running_site


@pytest.fixture(scope="module")
def running_organisation() -> Iterator[Site]:
    """The site of an organisation that knows people, for all tests of a module."""
    with running_site() as site:
        yield site


@pytest.fixture
def site(running_organisation: Site, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same, which the app may ask."""
    allow(app, running_organisation, monkeypatch)
    return running_organisation
