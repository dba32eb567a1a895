"""Everything about a council as one file, for programs: asked for once, made by a job, for who asked alone."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from flask import Flask

from saas import jobs
from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_an_export_is_asked_for_made_and_downloaded(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, exports = Caller.of(app, lead, council), f"/councils/{council.slug}/exports"
    asked: Any = caller.post(exports)
    assert (asked.status_code, asked.json["state"]) == (202, "awaited")
    twice: Any = caller.post(exports)
    assert (twice.status_code, twice.json["detail"]) == (
        409,
        "It is being made already. We email you when it is ready.",
    )
    with app.app_context():
        jobs.run_all()
    (made,) = caller.get(exports).json["items"]  # type: ignore[index]
    assert (made["id"], made["state"], made["failure"]) == (asked.json["id"], "ready", "")
    sent = caller.get(f"{exports}/{made['id']}/file").data
    assert (len(sent), zipfile.is_zipfile(io.BytesIO(sent))) == (made["size"], True)
    other = Caller.of(app, make_user(app, council, Role.COUNCIL_LEAD), council)
    assert other.get(exports).json == {"items": [], "next": None}
    assert other.get(f"{exports}/{made['id']}/file").status_code == 404
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.post(exports).status_code == 403
