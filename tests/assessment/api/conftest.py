"""What tests of programs at a self-assessment share."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil


@pytest.fixture
def answer(app: Flask, council: MadeCouncil) -> str:
    """The path of an answer that nobody has begun."""
    return f"/councils/{council.slug}/accreditations/{make_accreditation(app, council)}/answers/1.1.1"
