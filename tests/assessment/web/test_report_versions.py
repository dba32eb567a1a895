"""What the draft said before: the list, one version's differences, and bringing it back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.queries.reports import find_draft
from assessment.services import reports
from tests.assessment.web.test_reports import case_url, texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, draft_version, make_draft
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil, make_user


def write(app: Flask, case: MadeCase, in_scope: InScope, summary: str) -> int:
    """Another version, with another summary."""
    with in_scope(case.region.scope(case.officer.id)):
        draft = find_draft(case.accreditation_id)
        by = actor(case.officer)
        return reports.save(case.accreditation_id, summary=summary, version=draft.version, by=by).version


def test_a_version_shows_what_is_different_now_and_can_be_brought_back(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council)
    first = draft_version(app, case)
    now = write(app, case, in_scope, "Something else.")
    client.sign_in(case.officer)
    listed = texts(client.get(case_url(case, "report/draft")))
    assert f"Version {now} (as it stands)" in listed
    assert listed.count("Summary") == 2
    one = case_url(case, f"report/draft/{first}")
    shown = texts(client.get(one))
    assert f"removed: {SUMMARY}" in shown
    assert "added: Something else." in shown
    assert client.post(f"{one}/bring-back", data={"version": str(first)}).status_code == 409
    assert client.post(f"{one}/bring-back", data={"version": str(now)}).status_code == 303
    with in_scope(case.region.scope(case.officer.id)):
        assert find_draft(case.accreditation_id).summary == SUMMARY
    assert "The report says the same now." in texts(client.get(one))
    assert client.get(case_url(case, "report/draft/99")).status_code == 404


def test_versions_are_the_regions_alone(app: Flask, council: MadeCouncil, client: CheckingClient) -> None:
    case = make_draft(app, council)
    client.sign_in(make_user(app, council, "council_lead"))
    assert client.get(case_url(case, "report/draft")).status_code == 404
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert client.get(case_url(case, "report/draft")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope, statements: Any, count: int
) -> None:
    case = make_draft(app, council)
    for number in range(count):
        write(app, case, in_scope, f"Version {number}.")
    client.sign_in(case.officer)
    client.get(case_url(case, "report/draft"))
    with statements() as sql:
        assert client.get(case_url(case, "report/draft")).status_code == 200
    assert len(sql) == 6
