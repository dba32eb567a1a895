"""What the page of a plan's line shows of the assessment."""

from __future__ import annotations

import io

import docx
import sqlalchemy as sa
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.tenancy import CONSOLE
from tenants.models.plans import Action
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


def test_a_plan_in_the_templates_order_names_the_requirements_that_ask_for_its_lines(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, share=True)
        framework = get_framework(accreditation.framework_id)
        values = {"judgement": "partly_met", "narrative": "In part.", "not_applicable_reason": "", "version": 0}
        answer = answers.save(accreditation, framework.ids["1.1.1"], **values, by=CONSOLE)
        planned = answers.plan_action(
            answer, action="Write a policy.", timescale="May 2027", responsibility="Clerk", by=CONSOLE
        )
        plan, ref = planned.plan_id, planned.ref
        session.execute(sa.update(Action).where(Action.id == planned.id).values(reason="Asked for."))
        element, requirement = framework.tree.place_of("1.1.1")[1], framework.tree.requirement("1.1.1")
    make_action(app, council, plan, action="Another.")
    client.sign_in(lead)
    papers = f"/councils/{council.slug}/plans/{plan}/papers"
    assert f"{papers}/public/elements.docx" in client.get(papers).text
    table = docx.Document(io.BytesIO(client.get(f"{papers}/public/elements.docx").data)).tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == [
        "No.", "Elements", "Requirements", "Evidence", "Action", "By when", "By whom", "Reason", "Completed",
    ]  # fmt: skip
    assert rows[1] == [
        ref, f"{element.code} {element.title}", f"1.1.1 {requirement.title}", "", "Write a policy.", "May 2027",
        "Clerk", "Asked for.", "",
    ]  # fmt: skip
    assert rows[2][1:5] == ["", "", "", "Another."]
