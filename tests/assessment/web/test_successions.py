"""The pages of a merger: two steps for the region, a record for the successor."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Flask

from assessment.rules.seal_checks import verify_archive
from saas import clock, jobs
from tests.checking_client import CheckingClient
from tests.factories.awards import make_award
from tests.factories.successions import merge
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def test_nothing_ends_before_it_is_confirmed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    case = make_award(app, council, improvements=1)
    heir = make_council(app, council.region, name="Newshire Council")
    there, today = f"/regions/{council.region.slug}/successions", clock.today()
    client.sign_in(case.officer)
    assert "No council has merged." in client.get(there).text
    assert client.get(f"{there}/add").status_code == 200
    typed = {
        "council": str(council.id),
        "successor": str(heir.id),
        "ended_on-day": today.day,
        "ended_on-month": today.month,
        "ended_on-year": today.year,
    }
    wrong = client.post(f"{there}/add", data={**typed, "successor": str(council.id)})
    assert wrong.status_code == 422
    assert "A council cannot succeed itself" in wrong.text
    page = client.post(f"{there}/add", data=typed)
    assert page.status_code == 200
    for words in ("1 award will end", "1 open improvement will stand in the plan of Newshire Council"):
        assert words in page.text
    client.sign_in(lead)
    assert client.get(f"/councils/{council.slug}/").status_code == 200
    client.sign_in(case.officer)
    assert client.post(f"{there}/add", data={**typed, "then": "record"}).status_code == 303
    assert "Newshire Council" in client.get(there).text
    assert client.post(f"{there}/add", data={**typed, "then": "record"}).status_code == 422
    client.sign_in(lead)
    assert client.get(f"/councils/{council.slug}/").status_code == 404


def test_the_successor_reads_the_record_and_its_zip_verifies(
    app: Flask, client: CheckingClient, council: MadeCouncil, tmp_path: Path
) -> None:
    case = make_award(app, council, improvements=1)
    heir = make_council(app, council.region, name="Newshire Council")
    reader = make_user(app, heir, "council_viewer")
    found = merge(app, council, heir, case.officer)
    there = f"/councils/{heir.slug}/records/{found}"
    client.sign_in(reader)
    assert f"Record of {council.name}" in client.get(f"/councils/{heir.slug}/accreditations").text
    page = client.get(there).text
    for words in (
        f"Record of {council.name}",
        "Do thing 1",
        "Submission 1 (ZIP)",
        "Issued",
        "the same hash means the same file",
    ):
        assert words in page
    assert ('tag--neutral">Ended</strong> Awarded on' in page, "tag--done" in page) == (True, False)
    archive = tmp_path / "submission.zip"
    archive.write_bytes(client.get(f"{there}/submissions/{case.submission_id}").data)
    assert verify_archive(archive, None).ok
    report = page.split("/reports/")[1].split(".pdf")[0]
    assert client.get(f"{there}/reports/{report}.pdf").data[:5] == b"%PDF-"
    assert client.get(f"{there}/reports/{report}.docx").data[:2] == b"PK"
    inside = f"/councils/{heir.slug}/accreditations/{case.accreditation_id}"
    for path in (f"{inside}/", f"{inside}/journey", f"{inside}/improvements", f"{inside}/interim"):
        assert client.get(path).status_code == 404
    client.sign_in(make_user(app, make_council(app, council.region), "council_lead"))
    assert client.get(there.replace(heir.slug, "elsewhere")).status_code == 404


def test_a_third_council_reads_nothing(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    case = make_award(app, council)
    heir, third = make_council(app, council.region), make_council(app, council.region)
    found = merge(app, council, heir, case.officer)
    client.sign_in(make_user(app, third, "council_lead"))
    assert client.get(f"/councils/{third.slug}/records/{found}").status_code == 404


def test_the_list_takes_the_same_statements_however_many_merged(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, statements: Statements
) -> None:
    counted = []
    client.sign_in(officer)
    for number in (1, 2):
        for _ in range(number):
            merge(app, make_council(app, council.region), council, officer)
        client.get(f"/regions/{council.region.slug}/successions")
        with statements() as sql:
            client.get(f"/regions/{council.region.slug}/successions")
        counted.append(len(sql))
    assert counted[0] == counted[1]
    with app.app_context():
        assert jobs.run_all() == 0
