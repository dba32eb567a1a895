"""Covers for committees, for programs: begun with words, saved whole, taken away as they were seen."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.caller import Caller
from tests.factories.plans import make_plan
from tests.factories.tenants import MadeCouncil


def test_a_cover_is_begun_saved_and_taken_away(app: Flask, caller: Caller, council: MadeCouncil) -> None:
    plan_id = make_plan(app, council)
    place = f"/councils/{council.slug}/plans/{plan_id}/cover"
    begun: Any = caller.post(place)
    assert (begun.status_code, begun.json["title"], begun.json["purpose"]) == (
        200,
        "Our plan",
        "To present the action plan and how far it is.",
    )
    assert caller.post(place).json == begun.json
    one = begun.headers["Location"].removeprefix("/api/v1")
    wanted = {
        "title": "Learning plan",
        "committee": "Cabinet",
        "meets_on": "2027-02-09",
        "author": "Head of HR",
        "purpose": "To agree it.",
        "background": "",
        "recommendations": ["Agree the plan."],
        "implications": [{"heading": "Climate", "text": "None."}],
    }
    saved: Any = caller.call("PUT", one, json=wanted, match=begun.headers["ETag"])
    assert saved.json == begun.json | wanted | {
        "updated_at": saved.json["updated_at"],
        "version": begun.json["version"] + 1,
    }
    for method, sent in (("PUT", wanted), ("DELETE", None)):
        stale = caller.call(method, one, json=sent, match=begun.headers["ETag"])
        assert (stale.status_code, stale.headers["ETag"]) == (412, saved.headers["ETag"])
    nameless: Any = caller.call(
        "PUT", one, json=wanted | {"implications": [{"heading": "", "text": "x"}]}, match=saved.headers["ETag"]
    )
    assert [each["field"] for each in nameless.json["errors"]] == ["/implications/0/heading"]
    assert caller.get(one).json == saved.json
    assert caller.call("DELETE", one, match=saved.headers["ETag"]).status_code == 204
    assert caller.get(one).status_code == 404
