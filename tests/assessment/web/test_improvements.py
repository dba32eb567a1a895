"""The council replies and reports, the region says where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.queries.improvements import find_reply_draft, get_improvement, list_improvements
from assessment.services import improvements
from saas.tenancy import CONSOLE
from tests.assessment.web.test_reports import case_url, council_url, texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

REPLY = {"version": "0", "seen": "0", "reason": "", "body": "", "minute": "", "then": "send"}
DECIDED = {"decided_on-day": "4", "decided_on-month": "5", "decided_on-year": "2026"}


def test_a_reply_is_kept_as_a_draft_and_then_sent(
    app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=2)
    page, one = council_url(case, "improvements"), council_url(case, "improvements/1")
    client.sign_in(lead)
    shown = texts(client.get(page))
    assert "0 of 2 improvements replied to" in shown
    assert "Read as: By 31 December 2026" in shown
    assert "See it in your plan" in shown
    draft = REPLY | {"answer": "decided_against", "reason": "Too dear", "then": "keep"}
    assert client.post(one, data=draft).status_code == 303
    assert "Too dear" in client.get(one).get_data(as_text=True)
    assert "A draft is kept, not sent" in texts(client.get(page))
    overtaken = client.post(one, data=draft | {"reason": "Mine"})
    assert overtaken.status_code == 409
    assert "Mine" in overtaken.get_data(as_text=True)
    assert "Too dear" in texts(overtaken)
    client.sign_in(case.officer)
    assert "Too dear" not in texts(client.get(case_url(case, "improvements")))
    client.sign_in(lead)
    wrong = client.post(one, data=REPLY | {"answer": "decided_against", "reason": "Too dear", "version": "1"})
    assert wrong.status_code == 422
    body = wrong.get_data(as_text=True)
    assert ('id="body-error"' in body, 'id="decided_on-error"' in body) == (True, True)
    sent = REPLY | DECIDED | {
        "answer": "decided_against", "reason": "Too dear", "body": "Member Development Group", "minute": "14",
        "version": "1",
    }  # fmt: skip
    assert client.post(one, data=sent).status_code == 303
    assert client.post(one, data=sent).status_code == 409
    with in_scope(council.scope()):
        line = get_improvement(case.accreditation_id, 1)
        assert (line.reply.answer, line.reply.body, line.reply.minute) == (
            "decided_against",
            "Member Development Group",
            "14",
        )
        assert find_reply_draft(line.improvement) is None
    shown = texts(client.get(page))
    assert "Decided against , Member Development Group, 4 May 2026, minute 14" in shown
    assert (
        client.post(
            council_url(case, "improvements/1/progress"), data={"state": "in_progress", "words": "x"}
        ).status_code
        == 409
    )


def test_progress_is_reported_and_verified(
    app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=1)
    client.sign_in(lead)
    assert client.post(council_url(case, "improvements/1"), data=REPLY | {"answer": "accepted"}).status_code == 303
    progress = council_url(case, "improvements/1/progress")
    assert client.get(progress).status_code == 200
    assert client.post(progress, data={"state": "claimed_complete", "words": ""}).status_code == 422
    client.sign_in(case.officer)
    verify = case_url(case, "improvements/1")
    refused = client.post(verify, data={"ending": "verified"})
    assert refused.status_code == 422
    assert "has not reported this as complete" in texts(refused)
    client.sign_in(lead)
    assert client.post(progress, data={"state": "claimed_complete", "words": "All done"}).status_code == 303
    client.sign_in(case.officer)
    assert "All done" in texts(client.get(verify))
    assert client.post(verify, data={"ending": "verified"}).status_code == 303
    assert "Verified" in texts(client.get(case_url(case, "improvements")))
    with in_scope(council.scope()):
        assert get_improvement(case.accreditation_id, 1).is_closed


def test_only_the_lead_replies_and_only_the_officer_verifies(
    app: Flask, council: MadeCouncil, client: CheckingClient
) -> None:
    case = make_award(app, council, improvements=1)
    client.sign_in(make_user(app, council, "council_editor"))
    assert client.get(council_url(case, "improvements")).status_code == 200
    assert client.get(council_url(case, "improvements/1")).status_code == 403
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert "Say where it stands" not in texts(client.get(case_url(case, "improvements")))
    assert client.get(case_url(case, "improvements/1")).status_code == 403


@pytest.mark.parametrize("side", ["council", "region"])
def test_the_lists_ask_the_same_number_of_questions_for_one_and_for_three(
    app: Flask,
    council: MadeCouncil,
    lead: MadeUser,
    client: CheckingClient,
    in_scope: InScope,
    statements: Any,
    side: str,
) -> None:
    counts = []
    for number in (1, 3):
        case = make_award(app, council, improvements=number)
        with in_scope(council.scope()):
            for line in list_improvements(case.accreditation_id):
                improvements.reply(case.accreditation_id, line.improvement.number, answer="accepted", by=CONSOLE)
        client.sign_in(lead if side == "council" else case.officer)
        address = council_url(case, "improvements") if side == "council" else case_url(case, "improvements")
        client.get(address)
        with statements() as sql:
            assert client.get(address).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 7
