"""The region's page of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.submissions import SubmissionFile
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_CONTENT, make_seal, make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


@pytest.mark.parametrize(("kind", "button"), [("plan", "Approve the plan"), ("readiness", "the council is ready")])
def test_the_region_reads_what_was_sent_and_decides_once(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient, kind: str, button: str
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id, kind)
    case = f"/regions/{council.region.slug}/cases/{accreditation_id}"
    page = f"{case}/submissions/{submission_id}"
    text = client.sign_in(officer).get(page).text
    for words in (
        button,
        "What we do about commitment from the top.",
        "Policy on learning",
        "Page 2",
        "Met: 28",
        "0 requirements",
    ):
        assert words in text
    assert "Why it is returned, and what is needed (optional)" not in text
    answer = client.post(page, data={"outcome": "returned", "reason": " "})
    assert (answer.status_code, 'id="reason-error"' in answer.text) == (422, True)
    answer = client.post(page, data={"outcome": "accepted"})
    assert (answer.status_code, answer.location) == (303, case)
    answer = client.post(page, data={"outcome": "returned", "reason": "Too late"})
    assert answer.status_code == 409
    assert f"{officer.name} has decided this already: it was accepted." in answer.text
    text = client.get(page).text
    assert ("Record the decision" in text, officer.name in text) == (False, True)


def test_a_sealed_file_is_downloaded_by_its_own_id_in_its_own_region(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient, in_scope: InScope
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id)
    with in_scope(council.region.scope()) as session:
        file_id = session.scalars(select(SubmissionFile.id).where(SubmissionFile.submission_id == submission_id)).one()
    path = f"/regions/{council.region.slug}/cases/{accreditation_id}/files/{file_id}"
    answer = client.sign_in(officer).get(path)
    assert (answer.status_code, answer.data) == (200, FILE_CONTENT)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = make_region(app)
    client.sign_in(make_user(app, other, "region_officer"))
    assert client.get(path).status_code == 404
    assert client.get(path.replace(council.region.slug, other.slug)).status_code == 404


def test_a_decider_reads_and_cannot_decide_on_readiness(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id)
    page = f"/regions/{region.slug}/cases/{accreditation_id}/submissions/{submission_id}"
    client.sign_in(make_user(app, region, "region_decider"))
    text = client.get(page)
    assert (text.status_code, "Record the decision" in text.text) == (200, False)
    assert client.post(page, data={"outcome": "accepted"}).status_code == 403


def test_the_region_names_what_is_to_be_changed_and_sees_what_was(
    app: Flask,
    council: MadeCouncil,
    officer: MadeUser,
    lead: MadeUser,
    client: CheckingClient,
    statements: Counted,
) -> None:
    made = make_accreditation(app, council)
    first = make_submission(app, council, made, "plan")
    page = f"/regions/{council.region.slug}/cases/{made}/submissions/{first}"
    client.sign_in(officer)
    with statements() as once:
        text = client.get(page).text
    assert 'name="named_28"' in text
    refused = client.post(page, data={"outcome": "returned", "reason": "Nearly.", "named_2": "true"})
    assert (refused.status_code, 'id="words_2-error"' in refused.text) == (422, True)
    assert "Say what is to be changed in 1.2.1." in refused.text
    assert "If you return it, what you write here counts as the tick." in text
    named = {"outcome": "returned", "reason": "Nearly.", "words_2": "Say who leads it."}
    assert client.post(page, data={**named, "named_99": "true"}).status_code == 422
    assert client.post(page, data=named).status_code == 303
    assert "What the region asked to have changed" in client.get(page).text
    client.sign_in(lead)
    home = f"/councils/{council.slug}/accreditations/{made}"
    for address in (f"{home}/requirements/1.2.1", f"{home}/submissions/{first}"):
        assert "Say who leads it." in client.get(address).text
    closed = client.post(f"{home}/requirements/1.1.1", data={"judgement": "met", "narrative": "No.", "version": "1"})
    assert (closed.status_code, "The region asked only for 1.2.1 to be changed." in closed.text) == (409, True)
    changed = {"judgement": "met", "narrative": "Our leader leads it.", "version": "1"}
    assert client.post(f"{home}/requirements/1.2.1", data=changed).status_code == 303
    second = make_seal(app, council, made, "plan")
    assert "What changed since plan 1" in client.get(f"{home}/submissions/{second}").text
    client.sign_in(officer)
    with statements() as again:
        text = client.get(page.replace(str(first), str(second))).text
    for words in (
        "What changed since plan 1",
        "1 requirement changed. 27 requirements are as before.",
        "The region said: Say who",
    ):
        assert words in text
    assert len(again) == len(once) + 3
    assert "Read it, and what changed since number 1" in client.get(page.rpartition("/submissions")[0]).text


def test_a_plan_is_approved_with_a_comment_that_the_council_reads(
    app: Flask, council: MadeCouncil, officer: MadeUser, lead: MadeUser, client: CheckingClient
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, "plan")
    page = f"/regions/{council.region.slug}/cases/{made}/submissions/{sent}"
    data = {"outcome": "accepted", "reason": "Left over.", "comment": "A good plan.", "words_1": "Start with this."}
    assert client.sign_in(officer).post(page, data=data).status_code == 303
    text = client.sign_in(lead).get(f"/councils/{council.slug}/accreditations/{made}/submissions/{sent}").text
    assert ("A good plan." in text, "Start with this." in text, "Left over." in text) == (True, True, False)


def test_another_region_and_another_case_name_nothing(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, "plan")
    elsewhere = make_region(app)
    neighbour = make_accreditation(app, make_council(app, council.region))
    data = {"outcome": "returned", "reason": "No.", "named_1": "true", "words_1": "No."}
    client.sign_in(officer)
    assert (
        client.post(f"/regions/{council.region.slug}/cases/{neighbour}/submissions/{sent}", data=data).status_code
        == 404
    )
    client.sign_in(make_user(app, elsewhere, "region_officer"))
    for slug in (elsewhere.slug, council.region.slug):
        assert client.post(f"/regions/{slug}/cases/{made}/submissions/{sent}", data=data).status_code == 404
