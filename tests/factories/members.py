"""Members for tests, made through the service."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.services import members
from tenants.services.members import MemberDetails
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil

_numbers = count(1)


@remembered
def make_member(app: Flask, council: MadeCouncil, **details: Any) -> UUID:
    """A member in office since 4 May 2023 unless told otherwise; the id."""
    usual = {"given_name": "Ann", "family_name": f"Member {next(_numbers)}", "title": "Cllr"}
    given = {**usual, "started_on": date(2023, 5, 4), **details}
    with app.app_context(), within(council.scope()):
        return members.add_member(council.id, details=MemberDetails(**given), by=CONSOLE).id
