"""The roof: the app, the command line and the worker, put together from each package's feature."""

from __future__ import annotations

import os

from flask import Flask

import assessment.feature
import tenants.feature
from saas.app import create_app as build
from saas.cli import create_cli
from saas.config import Config, load, resolve

FEATURES = (tenants.feature.FEATURE, assessment.feature.FEATURE)


def create_app(config: Config | None = None, **settings: object) -> Flask:
    """The application with every feature; settings from the environment unless given."""
    return build(FEATURES, config or resolve(load(os.environ)), **settings)


def create_wsgi() -> Flask:
    """What gunicorn calls."""
    return create_app()


def main() -> None:
    """What the `charterway` command calls."""
    create_cli(FEATURES, create_app)()
