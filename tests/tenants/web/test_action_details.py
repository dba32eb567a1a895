"""What hangs on a line of a plan: notes, evidence and priorities."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.action_details import Details, Owner, load_details
from tenants.queries.plans import get_action
from tenants.services import action_notes
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.evidence import make_file, make_link
from tests.factories.plans import make_action, make_plan, make_priority, name_owners, serve
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
DAY = {"noted_on-day": "4", "noted_on-month": "5", "noted_on-year": "2026"}


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's pages are."""
    return f"/councils/{council.slug}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


@pytest.fixture
def action(app: Flask, council: MadeCouncil) -> UUID:
    """A line whose words name two posts."""
    return make_action(app, council, make_plan(app, council), responsibility="Clerk/Training Manager")


def details_of(in_scope: InScope, council: MadeCouncil, action: UUID) -> Details:
    """What hangs on the line."""
    with in_scope(council.scope()):
        return load_details(council.id, [action])[action]


def seen_on(page: str, name: str = "seen") -> str:
    """The mark of what a page showed."""
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_notes_are_dated_and_kept_with_their_minute(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, in_scope: InScope
) -> None:
    path = f"{base}/actions/{action}/notes"
    empty = editor.post(path, data=DAY | {"words": " ", "minute": "14/2026"})
    assert (empty.status_code, 'value="14/2026"' in empty.text) == (422, True)
    assert editor.post(path, data=DAY | {"words": "Begun.", "minute": "14/2026"}).status_code == 303
    later = {"noted_on-day": "1", "noted_on-month": "1", "noted_on-year": "2199", "words": "Done."}
    refused = editor.post(path, data=later)
    assert "The day of the note must be today or earlier." in refused.text
    (note,) = details_of(in_scope, council, action).notes
    assert (note.noted_on, note.words, note.minute) == (date(2026, 5, 4), "Begun.", "14/2026")
    assert editor.post(f"{path}/{note.id}/remove").status_code == 303
    assert details_of(in_scope, council, action).notes == ()


def test_evidence_of_the_library_is_linked_with_the_place_in_it(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, in_scope: InScope
) -> None:
    strategy, _ = make_file(app, council, title="Strategy"), make_link(app, council, title="Minutes")
    path = f"{base}/actions/{action}/evidence"
    assert ("Strategy" in editor.get(path).text, "Strategy" in editor.get(f"{path}?words=minutes").text) == (
        True,
        False,
    )
    assert editor.post(path, data={"pinpoint": "page 3"}).status_code == 422
    assert editor.post(path, data={"evidence_id": str(strategy), "pinpoint": "page 3"}).status_code == 303
    (found,) = details_of(in_scope, council, action).evidence
    assert (found.evidence_id, found.title, found.pinpoint, found.removed) == (strategy, "Strategy", "page 3", False)
    assert "Strategy" not in editor.get(path).text.split("<form")[-1]
    assert editor.post(f"{path}/{strategy}/remove").status_code == 303
    assert editor.post(f"{path}/{strategy}/remove").status_code == 404
    assert details_of(in_scope, council, action).evidence == ()


def test_evidence_of_another_council_is_not_there(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, action: UUID
) -> None:
    theirs = make_file(app, make_council(app, council.region))
    answer = editor.post(f"{base}/actions/{action}/evidence", data={"evidence_id": str(theirs)})
    assert (answer.status_code, "no longer in the library" in answer.text) == (422, True)


def test_priorities_are_chosen_from_the_list(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, in_scope: InScope
) -> None:
    path = f"{base}/actions/{action}/priorities"
    assert "Enter the priorities" in editor.get(path).text
    roads, homes = make_priority(app, council, "Roads"), make_priority(app, council, "Homes")
    seen = seen_on(editor.get(path).text)
    assert editor.post(path, data={"seen": seen, "priorities": [str(homes), str(roads)]}).status_code == 303
    assert [each.title for each in details_of(in_scope, council, action).priorities] == ["Roads", "Homes"]
    stale = editor.post(path, data={"seen": seen, "priorities": []})
    assert (stale.status_code, "<li>Roads</li>" in stale.text) == (409, True)
    editor.post(path, data={"seen": seen_on(stale.text), "priorities": [str(homes)]})
    assert [each.title for each in details_of(in_scope, council, action).priorities] == ["Homes"]
    wrong = editor.post(path, data={"seen": seen_on(editor.get(path).text), "priorities": [str(action)]})
    assert wrong.status_code == 422


def test_others_are_kept_out(app: Flask, client: CheckingClient, base: str, council: MadeCouncil, action: UUID) -> None:
    paths = [f"{base}/actions/{action}/{part}" for part in ("owners", "evidence", "priorities")]
    client.sign_in(make_user(app, make_council(app, council.region), "council_lead"))
    assert [client.get(path).status_code for path in paths] == [404] * 3
    client.sign_in(make_user(app, council, "council_viewer"))
    assert [client.get(path).status_code for path in paths] == [403] * 3


def test_details_of_any_number_of_lines_take_four_statements(
    app: Flask, council: MadeCouncil, action: UUID, in_scope: InScope, statements: Statements
) -> None:
    other = make_action(app, council, make_plan(app, council))
    for each in (action, other):
        name_owners(app, council, each, Owner("post", "Clerk", accountable=True))
        serve(app, council, each, make_priority(app, council, f"Priority {each}"))
        with app.app_context(), within(council.scope()):
            row = get_action(council.id, each)
            action_notes.add_note(row, noted_on=date(2026, 5, 4), words="Begun.", by=CONSOLE)
    counts = []
    for ids in ([action], [action, other], []):
        with in_scope(council.scope()) as session:
            session.execute(sa.text("select 1"))  # opens the scope, which takes a statement of its own
            with statements() as sql:
                found = load_details(council.id, ids)
        assert [(len(each.owners), len(each.notes), len(each.priorities)) for each in found.values()] == [
            (1, 1, 1)
        ] * len(ids)
        counts.append(len(sql))
    assert counts == [4, 4, 0]


def test_the_page_of_a_line_takes_the_same_statements_for_one_and_for_three_details(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, statements: Statements
) -> None:
    here = editor.get(f"{base}/actions/{action}").location
    counts = []
    for number in (1, 2):
        for _ in range(number):
            editor.post(f"{base}/actions/{action}/notes", data=DAY | {"words": "Begun."})
            evidence = make_file(app, council)
            editor.post(f"{base}/actions/{action}/evidence", data={"evidence_id": str(evidence)})
        with statements() as sql:
            assert editor.get(here).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 14
