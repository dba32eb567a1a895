"""Notes of interviews: the team's alone, saved while typed, and every reading recorded."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.visits import InterviewNote
from saas.events import Event
from saas.guard import declaration_of
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.scores import MadeCase, make_declared, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user
from tests.factories.visits import make_visit, name_people


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A team that has declared, and its visit."""
    made = make_declared(app, council, region)
    make_visit(app, made)
    return made


def file_of(case: MadeCase, rest: str = "") -> str:
    return f"/files/{case.accreditation_id}/visit{rest}"


def lead_of(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/visit{rest}"


def begin(client: CheckingClient, page: str, person: str = "Cllr Moss") -> str:
    """The page of a new note."""
    begun = client.post(page, data={"person": person})
    assert begun.status_code == 303
    return str(begun.location)


def events_of(in_scope: InScope, case: MadeCase, verb: str) -> list[str]:
    """Who did this, oldest first."""
    with in_scope(case.region.scope()) as session:
        rows = session.scalars(sa.select(Event).where(Event.verb == verb).order_by(Event.at))
        return [str(row.payload["by"]) for row in rows if row.payload]


def test_an_assessor_reads_the_visit_and_notes_an_interview(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser
) -> None:
    name_people(app, case, lead, ("Cllr Moss", "Green"))
    page = client.sign_in(case.scorers[0]).get(file_of(case)).text
    for words in ("Town hall", "Welcome", "Cllr Moss, Group leader", f'href="{file_of(case, "/notes")}"'):
        assert words in page
    assert client.get(file_of(case, ".ics")).status_code == 200
    assert "Begin a note" in client.get(file_of(case, "/notes")).text
    assert client.post(file_of(case, "/notes"), data={"person": " "}).status_code == 422
    note = begin(client, file_of(case, "/notes"))
    typed = client.post(f"{note}/autosave", data={"version": "1", "person": "Cllr Moss", "words": "Training is"})
    assert (typed.status_code, (typed.json or {})["version"]) == (200, 2)
    assert "Training is" in client.get(note).text
    saved = client.post(note, data={"version": "2", "person": "Cllr Moss", "words": "Training is well run."})
    assert (saved.status_code, saved.location) == (303, file_of(case, "/notes"))
    assert "Training is well run." in client.get(file_of(case, "/notes")).text


def test_the_team_reads_all_notes_and_writes_its_own(client: CheckingClient, case: MadeCase) -> None:
    note = begin(client.sign_in(case.scorers[0]), file_of(case, "/notes"))
    client.post(note, data={"version": "1", "person": "Cllr Moss", "words": "Well run."})
    index = client.sign_in(case.scorers[1]).get(file_of(case, "/notes")).text
    assert ("Well run." in index, f'href="{note}"' in index) == (True, False)
    assert client.get(note).status_code == 404
    assert client.post(note, data={"version": "2", "person": "x", "words": "y"}).status_code == 404
    assert client.post(f"{note}/delete").status_code == 404
    assert "Well run." in client.sign_in(case.officer).get(lead_of(case, "/notes")).text
    own = begin(client, lead_of(case, "/notes"), "Chief Executive")
    assert own.startswith(lead_of(case, "/notes/"))
    assert client.post(f"{own}/autosave", data={"version": "1", "person": "x", "words": "Keen."}).status_code == 200
    assert client.post(f"{own}/delete").status_code == 303
    assert "Keen." not in client.get(lead_of(case, "/notes")).text


def test_nobody_else_sees_a_note(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    begin(client.sign_in(case.scorers[0]), file_of(case, "/notes"), "Secret person")
    colleague = make_user(app, case.region, "region_officer")
    assert client.sign_in(colleague).get(lead_of(case, "/notes")).status_code == 404
    assert client.post(lead_of(case, "/notes"), data={"person": "x"}).status_code == 404
    assert "Notes of interviews" not in client.get(lead_of(case)).text
    journey = f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}"
    for page in (f"{journey}/visit", f"{journey}/journey"):
        shown = client.sign_in(lead).get(page)
        assert (shown.status_code, "Secret person" in shown.text, "nterview" in shown.text) == (200, False, False)
    for scope in (case.council.scope(lead.id), case.region.scope(colleague.id)):
        with in_scope(scope) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(InterviewNote)) == 0


def test_before_declaring_there_is_no_visit_in_the_file(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_team(app, council, region)
    make_visit(app, case)
    client.sign_in(case.scorers[0])
    for page in (file_of(case), file_of(case, ".ics"), file_of(case, "/notes")):
        assert client.get(page).status_code == 404
    assert client.post(file_of(case, "/notes"), data={"person": "x"}).status_code == 404


def test_every_reading_is_recorded_and_typing_is_one_event(
    client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    first, second = case.scorers
    note = begin(client.sign_in(first), file_of(case, "/notes"))
    for version in range(1, 4):
        client.post(f"{note}/autosave", data={"version": str(version), "person": "x", "words": "y" * version})
    client.get(file_of(case, "/notes"))
    client.sign_in(second).get(file_of(case, "/notes"))
    client.sign_in(case.officer).get(lead_of(case, "/notes"))
    assert events_of(in_scope, case, "interview.read") == [first.name, second.name, case.officer.name]
    assert events_of(in_scope, case, "interview.noted") == [first.name]


def test_the_pages_that_record_their_reading(app: Flask) -> None:
    recording = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if (declared := declaration_of(view)) is not None and declared.reading is not None
    ]
    assert sorted(recording) == [
        "api_interviews.listCaseInterviewNotes",
        "api_interviews.listInterviewNotes",
        "interviews.index",
    ]


def test_the_same_note_in_two_windows_keeps_both_texts(client: CheckingClient, case: MadeCase) -> None:
    note = begin(client.sign_in(case.scorers[0]), file_of(case, "/notes"))
    client.post(note, data={"version": "1", "person": "Cllr Moss", "words": "From the train."})
    late = {"version": "1", "person": "Cllr Moss", "words": "From the desk."}
    stale = client.post(note, data=late)
    assert (stale.status_code, "From the train." in stale.text, "From the desk." in stale.text) == (409, True, True)
    typing = client.post(f"{note}/autosave", data=late)
    assert (typing.status_code, (typing.json or {})["both"]) == (409, True)
