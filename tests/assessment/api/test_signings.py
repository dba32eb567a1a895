"""Signings for programs: a submission put before those who sign, and signatures on paper."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.rules.stages import Verb
from assessment.services import accreditations
from saas import clock, jobs
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import answer_all, make_seal
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def signing(app: Flask, council: MadeCouncil) -> str:
    """The address of the signing of a submission that could be sent."""
    accreditation_id: UUID = make_accreditation(app, council)
    answer_all(app, council, accreditation_id)
    make_seal(app, council, accreditation_id, "plan")
    with app.app_context(), within(council.region.scope()):
        accreditations.move(get_accreditation(accreditation_id, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/signing"


def test_a_submission_is_signed_on_paper(app: Flask, council: MadeCouncil, lead: MadeUser, signing: str) -> None:
    caller, today = Caller.of(app, lead, council), clock.today().isoformat()
    paper = {"about": "readiness", "office": "Leader", "name": "Sam Okoro", "signed_on": today}
    assert caller.post(f"{signing}/paper", paper).status_code == 409
    opened = caller.post(signing)
    assert opened.json is not None
    assert (opened.status_code, opened.json["about"], opened.json["complete_at"]) == (201, "readiness", None)
    assert caller.post(signing).status_code == 409
    unknown = caller.post(f"{signing}/paper", paper | {"office": "Mayor"})
    assert unknown.json is not None
    assert (unknown.status_code, unknown.json["errors"][0]["field"]) == (422, "/office")
    tomorrow = caller.post(f"{signing}/paper", paper | {"signed_on": "2099-01-01"})
    assert tomorrow.json is not None
    assert (tomorrow.status_code, tomorrow.json["errors"][0]["field"]) == (422, "/signed_on")
    first = caller.post(f"{signing}/paper", paper)
    assert first.json is not None
    assert (first.status_code, first.json["complete_at"]) == (201, None)
    assert caller.post(f"{signing}/paper", paper).status_code == 409
    last = caller.post(f"{signing}/paper", paper | {"office": "Chief Executive", "name": "Kit Moss"})
    assert last.status_code == 201
    with app.app_context():
        jobs.run_all()
    sent = signing.replace("/signing", "/self-assessment-submission")
    assert caller.post(sent).status_code == 202


def test_only_who_sends_puts_it_before_those_who_sign(app: Flask, council: MadeCouncil, signing: str) -> None:
    editor = Caller.of(app, make_user(app, council, "council_editor"), council)
    assert editor.post(signing).status_code == 403
