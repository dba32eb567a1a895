"""Setting a release through its pages."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from saas import clock, jobs
from tests.assessment.web.test_reports import case_url, council_url, texts
from tests.checking_client import CheckingClient
from tests.factories.awards import draft_version, make_decided, make_fact_check
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def index_url(council: MadeCouncil) -> str:
    """The address of the region's releases."""
    return f"/regions/{council.region.slug}/releases"


def chosen(app: Flask, *cases: MadeCase) -> list[str]:
    """The values of the ticked cases."""
    return [f"{case.accreditation_id}:{draft_version(app, case)}" for case in cases]


def at(days: int, time: str = "9:30am") -> dict[str, str]:
    """A day from today on, as the form sends it."""
    day = clock.today() + timedelta(days=days)
    return {
        "release_on-day": str(day.day),
        "release_on-month": str(day.month),
        "release_on-year": str(day.year),
        "release_at": time,
    }


def test_an_officer_sets_two_outcomes_sees_them_wait_and_go_out(
    app: Flask, council: MadeCouncil, officer: MadeUser, lead: MadeUser, client: CheckingClient
) -> None:
    cases = [make_decided(app, council), make_decided(app, make_council(app, council.region), conditions="By May.")]
    client.sign_in(lead)
    journey = texts(client.get(council_url(cases[0], "journey")))
    client.sign_in(officer)
    page = texts(client.get(index_url(council)))
    assert (council.name in page, "Charter: Awarded, with conditions" in page) == (True, True)
    sent = client.post(index_url(council), data={"cases": chosen(app, *cases), **at(2)})
    assert sent.status_code == 303
    release_url = sent.headers["Location"]
    page = texts(client.get(release_url))
    assert (page.count("Waits for its time"), "Call off this release" in page) == (2, True)
    assert "has set this outcome to be released on" in texts(client.get(case_url(cases[0], "release")))
    assert "Every decided outcome is set to be released." in texts(client.get(index_url(council)))
    client.sign_in(lead)
    assert texts(client.get(council_url(cases[0], "journey"))) == journey
    with app.app_context(), clock.at(clock.now() + timedelta(days=3)):
        jobs.run_all()
    client.sign_in(officer)
    page = texts(client.get(release_url))
    assert (page.count("Released"), "Call off" in page) == (2, False)
    assert client.get(f"{release_url}/progress").get_json()["finished"] is True
    assert client.post(f"{release_url}/call-off").status_code == 409


def test_a_time_that_has_passed_is_asked_about_and_released_at_once_on_yes(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient
) -> None:
    case = make_decided(app, council)
    client.sign_in(officer)
    typed = {"cases": chosen(app, case), **at(-1, "14:00")}
    asked = client.post(index_url(council), data=typed)
    page = texts(asked)
    assert (asked.status_code, "That time has passed. Release now?" in page) == (422, True)
    assert f"{council.name} reads its report and its outcome: Charter, awarded." in page
    assert "Decided and not released" in texts(client.get(index_url(council)))
    sent = client.post(index_url(council), data={"cases": typed["cases"], "now": "true"})
    assert sent.status_code == 303
    page = texts(client.get(sent.headers["Location"]))
    assert "0 of 1 done" in page
    with app.app_context():
        jobs.run_all()
    assert "Released" in texts(client.get(sent.headers["Location"]))


def test_what_is_missing_stands_beside_its_field_and_what_was_typed_is_kept(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient
) -> None:
    case = make_decided(app, council)
    client.sign_in(officer)
    body = client.post(index_url(council), data={"release_at": "soonish"}).get_data(as_text=True)
    assert [f'id="{name}-error"' in body for name in ("cases", "release_on", "release_at")] == [True, True, True]
    assert 'value="soonish"' in body
    stale = f"{case.accreditation_id}:1"
    refused = client.post(index_url(council), data={"cases": [stale], **at(2)})
    assert (refused.status_code, "changed the report since" in texts(refused)) == (422, True)
    assert client.post(index_url(council), data={"cases": ["nonsense"], **at(2)}).status_code == 422


def test_a_release_is_called_off_by_one_button_and_is_the_officers_alone(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient
) -> None:
    case = make_decided(app, council)
    client.sign_in(officer)
    sent = client.post(index_url(council), data={"cases": chosen(app, case), **at(1)})
    assert client.post(f"{sent.headers['Location']}/call-off").status_code == 303
    assert "Called off" in texts(client.get(sent.headers["Location"]))
    assert "Called off" in texts(client.get(index_url(council)))
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert client.get(index_url(council)).status_code == 403
    client.sign_in(make_user(app, make_council(app, council.region), "council_lead"))
    assert client.get(sent.headers["Location"]).status_code == 404


def test_the_list_costs_the_same_with_one_and_with_three(
    app: Flask, council: MadeCouncil, officer: MadeUser, client: CheckingClient, statements
) -> None:
    client.sign_in(officer)
    assert "No outcome waits for its release." in texts(client.get(index_url(council)))
    make_fact_check(app, council)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            case = make_decided(app, make_council(app, council.region))
        client.post(index_url(council), data={"cases": chosen(app, case), **at(number)})
        make_decided(app, make_council(app, council.region))
        with statements() as sql:
            client.get(index_url(council))
        counts.append(len(sql))
    assert counts[0] == counts[1]
