"""What the tests of assessment share."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.invitations import Postbox


@pytest.fixture
def postbox(app: Flask, capsys: pytest.CaptureFixture[str]) -> Postbox:
    """The mails that jobs send."""
    return Postbox(app, capsys)
