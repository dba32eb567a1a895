"""Who read notes of interviews is seen by the region that manages access, and by those whose notes were read."""

from __future__ import annotations

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.services import interviews
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.scores import MadeCase, actor, make_declared
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user


def note_and_read(app: Flask, case: MadeCase) -> tuple[MadeUser, MadeUser]:
    """The first scorer writes a note, the second opens the team's notes."""
    author, reader = case.scorers[0], case.scorers[1]
    with app.app_context(), within(case.file(0)):
        interviews.begin(get_accreditation(case.accreditation_id), person="The Leader", by=actor(author))
    with app.app_context(), within(case.file(1)):
        interviews.record_reading(get_accreditation(case.accreditation_id), by=actor(reader))
    return author, reader


def test_the_region_sees_who_read_what_and_a_council_does_not(
    client: CheckingClient, app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser
) -> None:
    case = make_declared(app, council, region)
    _, reader = note_and_read(app, case)
    page = f"/regions/{region.slug}/readings"
    text = client.sign_in(case.officer).get(page).text
    assert (reader.name in text, "Notes of interviews" in text, council.name in text) == (True, True, True)
    assert client.get(f"{page}?before=nonsense").status_code == 404
    own = client.sign_in(lead).get(f"/councils/{council.slug}/readings").text
    assert (reader.name in own, "Nothing was read yet." in own) == (False, True)
    assert client.get(page).status_code == 404
    elsewhere = make_region(app)
    client.sign_in(make_user(app, elsewhere, "region_officer"))
    assert "Nothing was read yet." in client.get(f"/regions/{elsewhere.slug}/readings").text


def test_the_author_sees_who_else_read_the_own_notes_and_nobody_else_does(
    client: CheckingClient, app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser
) -> None:
    case = make_declared(app, council, region)
    author, reader = note_and_read(app, case)
    page = "/account/readings"
    text = client.sign_in(author).get(page).text
    assert (reader.name in text, council.name in text) == (True, True)
    for other in (reader, lead, case.officer):
        assert "Nobody else opened notes of yours." in client.sign_in(other).get(page).text
