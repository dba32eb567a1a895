"""What the page of a plan's line shows of the assessment."""

from __future__ import annotations

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.tenancy import CONSOLE
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser


def test_a_line_leads_to_the_requirement_whose_answer_needs_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, share=True)
        framework = get_framework(accreditation.framework_id)
        values = {"judgement": "partly_met", "narrative": "In part.", "not_applicable_reason": "", "version": 0}
        answer = answers.save(accreditation, framework.ids["1.1.1"], **values, by=CONSOLE)
        planned = answers.plan_action(
            answer, action="Write a policy.", timescale="May 2027", responsibility="Clerk", by=CONSOLE
        ).id
    client.sign_in(lead)
    base = f"/councils/{council.slug}"
    page = client.get(client.get(f"{base}/actions/{planned}").location).text
    there = f'href="{base}/accreditations/{made}/requirements/1.1.1"'
    assert "Requirement 1.1.1" in page.split("What asks for it")[1].split(there)[1].split("</a>")[0]
    alone = make_action(app, council, make_plan(app, council))
    assert "What asks for it" not in client.get(client.get(f"{base}/actions/{alone}").location).text
