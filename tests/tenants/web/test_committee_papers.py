"""Covers for committees: taken away as they were seen, and nothing that they covered with them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.events import Event
from tenants.models.committee_papers import CommitteePaper
from tenants.models.plans import Plan
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def plan(app: Flask, council: MadeCouncil) -> UUID:
    """A plan of one line."""
    made = make_plan(app, council)
    make_action(app, council, made)
    return made


@pytest.fixture
def papers(council: MadeCouncil, plan: UUID) -> str:
    """Where its papers are."""
    return f"/councils/{council.slug}/plans/{plan}/papers"


def seen(page: str) -> dict[str, str]:
    """The version that a page carries."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return {"version": found[1]}


def test_a_cover_is_taken_away_and_another_one_begun(
    client: CheckingClient, lead: MadeUser, papers: str, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(lead)
    cover = client.post(f"{papers}/cover").location
    assert f"{cover}/remove" in client.get(cover).text
    asked = client.get(f"{cover}/remove").text
    assert "What it covers stays, and somebody can write another cover." in asked
    gone = client.post(f"{cover}/remove", data=seen(asked))
    assert (gone.status_code, gone.location) == (303, papers)
    page = client.get(papers).text
    assert ("The cover was taken away." in page, "Write a cover" in page, "Committee paper" in page) == (
        True,
        True,
        False,
    )
    assert client.get(cover).status_code == 404
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Plan.title)).all() == ["Our plan"]
        verbs = session.scalars(sa.select(Event.verb).where(Event.subject == "committee_papers").order_by(Event.seq))
        assert list(verbs) == ["committee_paper.begun", "committee_paper.removed"]
    assert client.post(f"{papers}/cover").location != cover


def test_a_cover_that_somebody_changed_since_stays(
    client: CheckingClient, lead: MadeUser, papers: str, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(lead)
    cover = client.post(f"{papers}/cover").location
    asked = seen(client.get(f"{cover}/remove").text)
    client.post(cover, data={"version": "1", "title": "Another title"})
    refused = client.post(f"{cover}/remove", data=asked)
    assert (refused.status_code, "Read it again first." in refused.text, seen(refused.text)) == (
        409,
        True,
        {"version": "2"},
    )
    assert client.post(f"{cover}/remove", data={}).status_code == 409
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(CommitteePaper.title)).all() == ["Another title"]


def test_who_only_reads_and_who_is_elsewhere_takes_no_cover_away(
    app: Flask, client: CheckingClient, lead: MadeUser, papers: str, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(lead)
    cover = client.post(f"{papers}/cover").location
    client.sign_in(make_user(app, council, "council_viewer"))
    assert [client.get(f"{cover}/remove").status_code, client.post(f"{cover}/remove").status_code] == [403, 403]
    elsewhere = make_council(app, council.region)
    client.sign_in(make_user(app, elsewhere, "council_lead"))
    moved = cover.replace(council.slug, elsewhere.slug)
    assert client.post(f"{moved}/remove", data={"version": "1"}).status_code == 404
    with in_scope(council.scope()) as session:
        assert len(session.scalars(sa.select(CommitteePaper.id)).all()) == 1
