"""What a council writes for its interim return, page by page."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.interim import find_draft
from assessment.services import improvements
from saas import clock
from saas.tenancy import CONSOLE
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.interim import before_interim, make_replied, write
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """An award with two improvements, both accepted."""
    return make_replied(app, council)


@pytest.fixture
def due_soon(app: Flask, case: MadeCase) -> datetime:
    """A moment at which the return is open."""
    return before_interim(app, case)


def home(case: MadeCase) -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/interim"


def test_it_saves_while_one_types_and_shows_both_texts_to_the_second(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    with clock.at(due_soon):
        client.sign_in(lead)
        typed = {"version": "0", "state": "", "words": "We have"}
        assert client.post(f"{home(case)}/1/autosave", data=typed).get_json()["version"] == 2
        write(app, case, 1, "in_progress", "Somebody else’s words.")
        stale = {"version": "2", "state": "claimed_complete", "words": "We have done it."}
        refused = client.post(f"{home(case)}/1/autosave", data=stale)
        assert (refused.status_code, refused.get_json()["both"]) == (409, True)
        page = client.post(f"{home(case)}/1", data=stale)
        assert page.status_code == 409
        for words in ("Somebody else’s words.", "We have done it.", "In progress (saved by Console)"):
            assert words in page.text
        bad = client.post(f"{home(case)}/1/autosave", data={**stale, "state": "verified"})
        assert (bad.status_code, bad.get_json()["words"]) == (422, "Not saved. Choose how far it is.")
        with in_scope(case.council.scope()):
            draft = find_draft(get_accreditation(case.accreditation_id), 1)
            assert draft is not None
            assert draft.words == "Somebody else’s words."


def test_the_draft_begins_with_the_progress_that_was_reported(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    with in_scope(case.council.scope()):
        improvements.report_progress(
            case.accreditation_id, 1, state="claimed_complete", words="We told you so.", by=CONSOLE
        )
    with clock.at(due_soon):
        page = client.sign_in(lead).get(f"{home(case)}/1").text
        assert "What you last reported" in page
        assert "begins with what you last reported" in page
        assert page.count("We told you so.") == 2
        assert re.search('value="claimed_complete" checked', page)
        assert "last reported" not in client.get(f"{home(case)}/2").text
        write(app, case, 1, "in_progress", "Not quite.")
        page = client.get(f"{home(case)}/1").text
        assert ("What you last reported" in page, "begins with" in page, page.count("We told")) == (True, False, 1)
