"""The region's page of what was sent."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.submissions import SubmissionFile
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_CONTENT, make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user


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
