"""The plan by requirement."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.submissions import get_submission
from assessment.services import readiness
from saas.tenancy import CONSOLE
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import answer_all, make_seal
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]
ACTION = {"action": "Write it down.", "timescale": "May 2027", "responsibility": "Chair of the panel"}


def home_of(council: MadeCouncil, made: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{made}"


def test_the_plan_grows_from_the_answers_and_shows_what_the_region_said(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    home = home_of(council, made)
    client.sign_in(lead)
    assert "Nothing is below met so far." in client.get(f"{home}/plan").text
    answer_all(app, council, made)
    judged = {"judgement": "not_met", "narrative": "Not yet.", "version": "1"}
    assert client.post(f"{home}/requirements/1.2.1", data=judged).status_code == 303
    text = client.get(f"{home}/plan").text
    assert "1 requirement needs an action with an owner and a timescale before the plan can be sent." in text
    assert f"{home}/requirements/1.2.1" in text
    refused = client.post(f"{home}/check/plan", data={"monitor": "Alex Reed"})
    assert (refused.status_code, "Plan an action, as it is not yet met." in refused.text) == (409, True)
    assert client.post(f"{home}/requirements/1.2.1", data={**judged, "version": "2", **ACTION}).status_code == 303
    unnamed = client.post(f"{home}/check/plan", data={"monitor": " "})
    assert (unnamed.status_code, "Enter who watches over the whole plan." in unnamed.text) == (422, True)
    sent = make_seal(app, council, made, "plan")
    assert "Plan 1 was sent on" in client.get(f"{home}/plan").text
    with in_scope(council.region.scope()):
        readiness.decide(
            get_accreditation(made, lock=True),
            get_submission(sent),
            outcome="accepted",
            reason="Go ahead.",
            words={"1.1.1": "Say this at the launch."},
            by=CONSOLE,
        )
    text = client.get(f"{home}/plan").text
    for words in (
        "approved plan 1",
        "Go ahead.",
        "Say this at the launch.",
        "Chair of the panel, May 2027",
        "Alex Reed",
    ):
        assert words in text


def test_the_plan_takes_the_same_statements_for_any_number_of_requirements(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    counts = []
    for code in ("1.1.1", "1.2.1", "1.3.1"):
        data = {"judgement": "not_met", "version": "0", **ACTION}
        assert client.post(f"{home_of(council, made)}/requirements/{code}", data=data).status_code == 303
        with statements() as sql:
            client.get(f"{home_of(council, made)}/plan")
        counts.append(len(sql))
    assert counts[0] == counts[2] <= 9


def test_another_council_reads_no_plan(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    stranger = make_council(app, council.region)
    client.sign_in(make_user(app, stranger, "council_lead"))
    for place in (council, stranger):
        assert client.get(f"{home_of(place, made)}/plan").status_code == 404
