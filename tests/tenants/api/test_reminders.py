"""When a council is reminded, for programs."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_the_days_are_set_by_whoever_saw_what_holds(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, reminders = Caller.of(app, lead, council), f"/councils/{council.slug}/reminders"
    usual = {"before": [14, 3], "after": [1, 8, 15, 22], "digest_words": "", "contributor_words": "", "version": 0}
    assert caller.get(reminders).json == usual
    wanted = {"before": [3, 21], "digest_words": "Good morning."}
    saved: Any = caller.call("PUT", reminders, json=wanted, headers={"If-None-Match": "*"})
    told = {"before": [21, 3], "after": [], "digest_words": "Good morning.", "contributor_words": "", "version": 1}
    assert (saved.status_code, saved.json) == (200, told)
    stale = caller.call("PUT", reminders, json=wanted, headers={"If-None-Match": "*"})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    twice: Any = caller.call("PUT", reminders, json={"before": [3, 3]}, match='"1"')
    assert twice.json["errors"] == [{"field": "/before", "message": "Enter each day once."}]
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.get(reminders).status_code == 403
