"""Lines of the plan beside an answer, for who may not read the plan."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.policy import Role
from tenants.models.plans import Action
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

KEPT_OUT = "Talk to a councillor."


@pytest.fixture
def made(app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope) -> UUID:
    """An accreditation with two actions at 1.2.1, one of them restricted."""
    accreditation = make_accreditation(app, council)
    client.sign_in(lead)
    for version, words in (("0", "Write it down."), ("1", KEPT_OUT)):
        typed = {
            "judgement": "not_met", "narrative": "Not yet.", "version": version, "action": words, "cost": "250",
            "timescale": "May 2027", "responsibility": "Ann Example, Clerk",
        }  # fmt: skip
        answer = client.post(f"{home(council, accreditation)}/requirements/1.2.1", data=typed)
        assert answer.status_code == 303
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Action).where(Action.action == KEPT_OUT).values(restricted=True))
    return accreditation


def home(council: MadeCouncil, accreditation: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation}"


def lines_on(client: CheckingClient, address: str) -> list[str]:
    """What the page says of each line, and of those left out."""
    page = client.get(address).get_data(as_text=True)
    found = re.findall(
        r"(?:<li>|<p[^>]*>|<span[^>]*>)((?:Write it|Talk to|1 restricted).*?)</(?:li|p|span)>", page, re.DOTALL
    )
    return [" ".join(unescape(re.sub("<[^>]+>", " ", each)).split()) for each in found]


def test_a_signatory_reads_the_public_words_and_hears_of_what_is_left_out(
    app: Flask, client: CheckingClient, council: MadeCouncil, made: UUID
) -> None:
    client.sign_in(make_user(app, council, Role.SIGNATORY))
    left_out = "1 restricted action is not shown to your role."
    assert lines_on(client, f"{home(council, made)}/requirements/1.2.1") == [
        "Write it down. By when: May 2027 (read as: 1 May 2027 to 31 May 2027). By whom: Clerk.",
        left_out,
    ]
    assert lines_on(client, f"{home(council, made)}/plan") == ["Write it down. Clerk, May 2027", left_out]


def test_who_reads_the_plan_reads_every_line_here(
    app: Flask, client: CheckingClient, council: MadeCouncil, made: UUID
) -> None:
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    told = "By when: May 2027 (read as: 1 May 2027 to 31 May 2027). By whom: Ann Example, Clerk. Cost: £250."
    assert lines_on(client, f"{home(council, made)}/requirements/1.2.1") == [
        f"Write it down. {told}",
        f"{KEPT_OUT} {told}",
    ]
    assert lines_on(client, f"{home(council, made)}/plan") == [
        "Write it down. Ann Example, Clerk, May 2027",
        f"{KEPT_OUT} Ann Example, Clerk, May 2027",
    ]
