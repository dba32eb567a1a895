"""The pages of moderation."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.scores import MadeCase, make_declared, make_moderated, make_scored, met, score_all
from tests.factories.tenants import MadeCouncil, MadeRegion


def moderation(case: MadeCase, rest: str = "") -> str:
    """An address of moderation."""
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/moderation{rest}"


def strict(code: str) -> str:
    """A scorer who differs on two requirements."""
    return "not_met" if code in ("1.1.1", "1.2.1") else "met"


def test_the_region_follows_progress_without_a_value(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_declared(app, council, region)
    score_all(app, case, 0, strict)
    page = client.sign_in(case.officer).get(moderation(case)).text
    assert f"{case.scorers[0].name}: 28 of 28 scored, submitted" in page
    assert f"{case.scorers[1].name}: 0 of 28 scored" in page
    for hidden in ("Begin moderation", "Not yet met", "Strong on", "on 1.1.1"):
        assert hidden not in page
    assert client.get(moderation(case, "/requirements/1.1.1")).status_code == 404
    answer = client.post(moderation(case, "/begin"))
    assert answer.status_code == 409
    assert f"Still scoring: {case.scorers[1].name}." in answer.text


def test_moderation_from_the_first_look_to_the_report(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    client.sign_in(case.officer)
    assert "Begin moderation" in client.get(moderation(case)).text
    assert client.post(moderation(case, "/begin")).location == moderation(case)
    page = client.get(moderation(case)).text
    assert page.count("The assessors differ.") == 2
    assert "Let these 26 stand" in page
    client.post(moderation(case, "/agree"))
    assert client.post(moderation(case, "/finish")).status_code == 409
    page = client.get(moderation(case, "/requirements/1.1.1")).text
    for scorer in case.scorers:
        assert f"{scorer.name} on 1.1.1" in page
    wrong = client.post(moderation(case, "/requirements/1.1.1"), data={"judgement": "met", "reason": " "})
    assert (wrong.status_code, 'id="reason-error"' in wrong.text) == (422, True)
    answer = client.post(moderation(case, "/requirements/1.1.1"), data={"judgement": "met", "reason": "Shown to us"})
    assert answer.location == moderation(case, "/requirements/1.2.1")
    answer = client.post(moderation(case, "/requirements/1.2.1"), data={"judgement": "partly_met", "reason": "Half"})
    assert answer.location == moderation(case)
    assert "Finish and go on to the report" in client.get(moderation(case)).text
    answer = client.post(moderation(case, "/finish"))
    assert answer.location == f"/regions/{region.slug}/cases/{case.accreditation_id}"
    assert "What was agreed." in client.get(moderation(case)).text
    assert client.get(moderation(case, "/requirements/9.9.9")).status_code == 404


def test_the_list_needs_the_same_statements_however_much_is_settled(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    client: CheckingClient,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    client.sign_in(case.officer)
    client.post(moderation(case, "/begin"))
    with statements() as before:
        client.get(moderation(case))
    client.post(moderation(case, "/agree"))
    with statements() as after:
        client.get(moderation(case))
    client.post(moderation(case, "/requirements/1.1.1/again"), data={"again_reason": "A minute turned up."})
    with statements() as reopened:
        client.get(moderation(case))
    assert len(before) == len(after) == len(reopened)


def test_of_two_moderators_the_second_sees_both_texts_and_chooses(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    client.sign_in(case.officer)
    client.post(moderation(case, "/begin"))
    page = moderation(case, "/requirements/1.1.1")
    client.post(page, data={"version": "0", "judgement": "met", "reason": "Shown to us"})
    answer = client.post(page, data={"version": "0", "judgement": "partly_met", "reason": "Half of it"})
    assert answer.status_code == 409
    for words in ("Shown to us", "Half of it", 'name="version" value="1"', 'name="judgement" value="partly_met"'):
        assert words in answer.text
    client.post(page, data={"version": "1", "judgement": "partly_met", "reason": "Half of it"})
    trail = client.get(page).text
    assert trail.count("Counts no more") == 1
    assert "Another judgement was agreed later." in trail
    folded = trail.split('<details class="govuk-details" id="trail">')[1].split("</details>")[0]
    assert "Everything recorded about it (4)" in folded
    assert "Another judgement was agreed later." in folded


def test_a_requirement_is_opened_scored_again_and_agreed(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    page, again = moderation(case, "/requirements/1.1.1"), f"/files/{case.accreditation_id}/again/1.1.1"
    client.sign_in(case.scorers[1])
    assert client.get(again).status_code == 404
    client.sign_in(case.officer)
    client.post(moderation(case, "/begin"))
    wrong = client.post(f"{page}/again", data={"again_reason": " "})
    assert (wrong.status_code, 'id="again_reason-error"' in wrong.text) == (422, True)
    client.post(f"{page}/again", data={"again_reason": "A minute turned up."})
    assert "0 of 2 have scored it again." in client.get(page).text
    assert "Being scored again" in client.get(moderation(case)).text
    client.sign_in(case.scorers[1])
    assert f'href="{again}"' in client.get("/files").text
    assert "A minute turned up." in client.get(again).text
    wrong = client.post(again, data={"version": "1", "judgement": "met", "reason": " "})
    assert (wrong.status_code, 'id="reason-error"' in wrong.text) == (422, True)
    new = {"version": "1", "judgement": "met", "reason": "The minute shows it."}
    assert client.post(again, data=new).location == again
    both = client.post(again, data=new | {"reason": "Sent twice."})
    assert (both.status_code, "Sent twice." in both.text, "The minute shows it." in both.text) == (409, True, True)
    assert "Your earlier score" in client.get(again).text
    assert f'href="{again}"' not in client.get("/files").text
    client.sign_in(case.scorers[0])
    assert "The minute shows it." not in client.get(again).text
    client.sign_in(case.officer)
    shown = client.get(page).text
    assert ("1 of 2 have scored it again." in shown, "The minute shows it." in shown) == (True, False)
    client.post(f"{page}/again/close")
    assert "The minute shows it." in client.get(page).text
    assert client.post(f"{page}/again/close").status_code == 409


def test_moderation_is_opened_again_from_the_report_with_a_reason(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_moderated(app, council, region)
    client.sign_in(case.officer)
    assert "Open moderation again" in client.get(moderation(case)).text
    assert client.get(moderation(case, "/reopen")).status_code == 200
    wrong = client.post(moderation(case, "/reopen"), data={"reason": ""})
    assert (wrong.status_code, 'id="reason-error"' in wrong.text) == (422, True)
    client.post(moderation(case, "/reopen"), data={"reason": "A minute turned up."})
    assert "Agree one judgement for each requirement" in client.get(moderation(case)).text
    assert client.get(moderation(case, "/reopen")).status_code == 404
    assert (
        "Moderation was opened again: A minute turned up."
        in client.get(f"/regions/{region.slug}/cases/{case.accreditation_id}").text
    )
