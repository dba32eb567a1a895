"""Improvements for programs: read by the council and its region, concluded by the region."""

from __future__ import annotations

from flask import Flask

from assessment.services import improvements
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.caller import Caller
from tests.factories.awards import make_award
from tests.factories.interim import make_replied
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser


def of_case(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/improvements"


def test_both_sides_read_the_same(app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser) -> None:
    case = make_award(app, council, improvements=2)
    theirs = Caller.of(app, lead, council).get(
        f"/councils/{council.slug}/accreditations/{case.accreditation_id}/improvements"
    )
    ours = Caller.of(app, case.officer, region).get(of_case(case))
    assert theirs.json == ours.json
    assert ours.json is not None
    assert [(each["number"], each["action"], each["state"], each["reply"]) for each in ours.json["items"]] == [
        (1, "Do thing 1", "issued", None),
        (2, "Do thing 2", "issued", None),
    ]


def test_what_the_council_claims_complete_is_verified(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_replied(app, council, 1)
    caller, conclusion = Caller.of(app, case.officer, region), f"{of_case(case)}/1/conclusion"
    early = caller.post(conclusion, {"ending": "verified"})
    assert early.json is not None
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "/ending")
    with app.app_context(), within(council.scope()):
        improvements.report_progress(case.accreditation_id, 1, state="claimed_complete", words="Done.", by=CONSOLE)
    done = caller.post(conclusion, {"ending": "verified"})
    assert done.json is not None
    assert (done.status_code, done.json["state"], done.json["progress"]["words"]) == (200, "verified", "Done.")
    opened = caller.post(conclusion, {"ending": "open"})
    assert opened.json is not None
    assert (opened.json["state"], opened.json["ended_at"]) == ("claimed_complete", None)
    assert caller.post(f"{of_case(case)}/9/conclusion", {"ending": "open"}).status_code == 404
    assert caller.post(conclusion, {"ending": "forgotten"}).status_code == 422
