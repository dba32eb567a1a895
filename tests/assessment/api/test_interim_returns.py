"""The interim return for programs: written part by part, sent as it was looked over, then at rest."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas import clock, jobs
from saas.policy import Role
from tests.caller import Caller
from tests.factories.evidence import make_file
from tests.factories.interim import before_interim, make_replied
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_replied(app, council, 1)


@pytest.fixture
def written(council: MadeCouncil, case: MadeCase) -> str:
    return f"/councils/{council.slug}/accreditations/{case.accreditation_id}/interim-return"


def save(caller: Caller, part: str, match: str | None = None, **given: Any) -> TestResponse:
    """Save a part, seen as `match` or not there yet."""
    return caller.call("PUT", part, json=given, match=match, headers={} if match else {"If-None-Match": "*"})


def looked_over(caller: Caller, written: str) -> dict[str, Any]:
    """What is sent to send the return as it stands."""
    told: Any = caller.get(written).json
    return {"parts": [{name: each[name] for name in ("number", "mark")} for each in told["parts"]]}


def test_it_is_written_looked_over_and_sent(
    app: Flask, caller: Caller, council: MadeCouncil, case: MadeCase, written: str, lead: MadeUser
) -> None:
    evidence = make_file(app, council, title="Induction programme")
    with clock.at(before_interim(app, case)):
        empty: Any = caller.get(written).json
        assert (empty["closed"], [each["words"] for each in empty["problems"]]) == (
            "",
            ["Say how far it is.", "Say what has been done."],
        )
        one = f"{written}/1"
        saved: Any = save(caller, one, state="in_progress", words="Half of it is done.")
        assert (saved.status_code, saved.json["state"], saved.json["words"]) == (
            200,
            "in_progress",
            "Half of it is done.",
        )
        stale = save(caller, one, state="in_progress", words="Nothing yet.")
        assert (stale.status_code, stale.headers["ETag"]) == (412, saved.headers["ETag"])
        cited: Any = caller.post(f"{one}/evidence", {"evidence_id": str(evidence)})
        assert cited.json == saved.json | {
            "evidence": [{"evidence_id": str(evidence), "title": "Induction programme"}],
            "mark": cited.json["mark"],
            "updated_at": cited.json["updated_at"],
            "version": cited.json["version"],
        }
        seen = looked_over(caller, written)
        assert save(caller, f"{written}/0", words="All is well.").status_code == 200
        changed: Any = caller.post(f"{written}/submission", seen)
        assert (changed.status_code, changed.json["detail"]) == (
            409,
            "The return as a whole changed after you opened this page. Check it again, then send it.",
        )
        asked: Any = caller.post(f"{written}/submission", looked_over(caller, written))
        assert (asked.status_code, asked.json["state"], asked.json["asked_by_name"]) == (202, "sealing", lead.name)
        with app.app_context():
            jobs.run_all()
        sealed: Any = caller.get(asked.headers["Location"].removeprefix("/api/v1")).json
        assert sealed["state"] == "sealed"
        rests: Any = save(caller, one, cited.headers["ETag"], state="claimed_complete", words="Done.")
        assert (rests.status_code, rests.json["detail"]) == (409, "The interim return is with the region.")


def test_evidence_is_taken_out_again(
    app: Flask, caller: Caller, council: MadeCouncil, case: MadeCase, written: str
) -> None:
    evidence = str(make_file(app, council))
    with clock.at(before_interim(app, case)):
        assert caller.post(f"{written}/1/evidence", {"evidence_id": evidence}).status_code == 201
        assert caller.call("DELETE", f"{written}/1/evidence/{evidence}").status_code == 204
        assert caller.get(f"{written}/1").json["evidence"] == []  # type: ignore[index]
        assert caller.get(f"{written}/9").status_code == 404


def test_before_it_opens_it_is_read_and_not_written(
    app: Flask, council: MadeCouncil, caller: Caller, written: str
) -> None:
    told: Any = caller.get(written).json
    assert told["closed"].startswith("The interim return opens on ")
    refused: Any = save(caller, f"{written}/1", state="in_progress", words="Begun.")
    assert (refused.status_code, refused.json["detail"]) == (409, told["closed"])
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert (editor.get(written).status_code, save(editor, f"{written}/1", words="x").status_code) == (200, 403)
