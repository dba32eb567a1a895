"""The caller's own notices for programs: read, and nobody else's."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from saas.transaction import within
from tenants.services.notices import tell
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_notices_are_read_one_by_one_and_all_at_once(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, notices = Caller.of(app, lead, council), f"/councils/{council.slug}/notices"
    with app.app_context(), within(council.scope()):
        for number in (1, 2):
            path = f"/councils/{council.slug}/"
            tell(council.id, lead.id, key=f"k{number}", kind="reminder", words=f"Line {number}", path=path)
    told: Any = caller.get(notices).json
    assert sorted((each["words"], each["read_at"]) for each in told["items"]) == [("Line 1", None), ("Line 2", None)]
    one = told["items"][0]
    read: Any = caller.post(f"{notices}/{one['id']}/read").json
    assert read == one | {"read_at": read["read_at"]}
    assert read["read_at"] is not None
    other = Caller.of(app, make_user(app, council, Role.MEMBER), council)
    assert other.get(notices).json == {"items": [], "next": None}
    assert other.post(f"{notices}/{one['id']}/read").status_code == 404
    assert caller.post(f"{notices}/read").status_code == 204
    after: Any = caller.get(notices).json
    assert [each["read_at"] is not None for each in after["items"]] == [True, True]
