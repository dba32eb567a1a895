"""Office-holders: added, corrected, no longer in office, and the history that stays."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from saas import clock
from saas.events import Event
from tenants.queries.offices import list_holders
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.signings import CHIEF, LEADER, make_holder
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def typed(name: str, days_ago: int) -> dict[str, str]:
    """A day as its three inputs send it."""
    day = clock.today() - timedelta(days=days_ago)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_who_is_in_office_is_added_corrected_and_leaves_and_the_history_stays(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(lead)
    page = f"/councils/{council.slug}/offices"
    text = client.get(page).get_data(as_text=True)
    assert "Nobody is recorded in an office yet." in text
    assert f"{page}/add?office=Leader" in text
    assert 'value="Leader"' in client.get(f"{page}/add?office=Leader").get_data(as_text=True)
    data = {"office": "Leader", "name": "Sam  Okoro", "email": "Sam@Example.org", **typed("from_on", 300)}
    assert client.post(f"{page}/add", data=data).location == page
    with in_scope(council.scope()):
        [first] = list_holders(council.id)
        assert (first.name, first.email, first.until_on) == ("Sam Okoro", "sam@example.org", None)
    taken = client.post(f"{page}/add", data=data | {"office": "leader", "name": "Rob Vale"})
    words = "Sam Okoro holds this office. Say first from when that is no longer so."
    assert (taken.status_code, taken.get_data(as_text=True).count(words)) == (422, 2)
    edit = f"{page}/{first.id}/edit"
    assert client.post(edit, data=data | {"name": "Samuel Okoro", "version": "1"}).location == page
    stale = client.post(edit, data=data | {"name": "Sammy Okoro", "version": "1"})
    text = stale.get_data(as_text=True)
    assert (stale.status_code, "Samuel Okoro" in text, "Sammy Okoro" in text) == (409, True, True)
    gone = f"{page}/{first.id}/leave"
    early = client.post(gone, data=typed("until_on", 301))
    assert (early.status_code, "must not be before the first" in early.get_data(as_text=True)) == (422, True)
    late = client.post(gone, data=typed("until_on", -1))
    assert (late.status_code, "must be today or earlier" in late.get_data(as_text=True)) == (422, True)
    assert client.post(gone, data=typed("until_on", 0)).location == page
    assert client.post(gone, data=typed("until_on", 0)).status_code == 409
    client.post(f"{page}/add", data=data | {"name": "Rob Vale", **typed("from_on", 0)})
    with in_scope(council.scope()) as session:
        assert [(each.name, each.until_on is None) for each in list_holders(council.id)] == [
            ("Rob Vale", True),
            ("Samuel Okoro", False),
        ]
        verbs = session.scalars(select(Event.verb).where(Event.subject == "office_holders").order_by(Event.seq))
        assert list(verbs) == ["office.taken", "office.changed", "office.left", "office.taken"]


def test_bad_input_stands_beside_its_field_and_changes_nothing(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(lead)
    data = {"office": " ", "name": "", "email": "nowhere", **typed("from_on", 1)}
    refused = client.post(f"/councils/{council.slug}/offices/add", data=data)
    assert (refused.status_code, "Enter the office" in refused.get_data(as_text=True)) == (422, True)
    data |= {"office": "Leader", "name": "Sam Okoro"}
    refused = client.post(f"/councils/{council.slug}/offices/add", data=data)
    assert refused.get_data(as_text=True).count("Enter an email address in the correct format") == 2
    future = client.post(f"/councils/{council.slug}/offices/add", data=data | {"email": ""} | typed("from_on", -5))
    assert "The first day in office must be today or earlier." in future.get_data(as_text=True)
    with in_scope(council.scope()):
        assert list_holders(council.id) == []


def test_only_a_signatory_of_the_council_is_named_as_signing_in(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    signatory = make_user(app, council, "signatory")
    stranger = make_user(app, make_council(app, council.region), "signatory")
    client.sign_in(lead)
    page = f"/councils/{council.slug}/offices/add"
    form = client.get(page).get_data(as_text=True)
    assert (signatory.email in form, stranger.email in form) == (True, False)
    data = {"office": "Leader", "name": signatory.name, **typed("from_on", 1)}
    refused = client.post(page, data=data | {"user_id": str(stranger.id)})
    assert (
        refused.status_code,
        "Choose somebody who has access as a signatory." in refused.get_data(as_text=True),
    ) == (
        422,
        True,
    )
    assert client.post(page, data=data | {"user_id": str(signatory.id)}).status_code == 303
    assert "Signing in" in client.get(f"/councils/{council.slug}/offices").get_data(as_text=True)


def test_an_editor_reads_the_list_and_another_council_has_its_own(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    holder = make_holder(app, council, LEADER)
    client.sign_in(make_user(app, council, "council_editor"))
    text = client.get(f"/councils/{council.slug}/offices").get_data(as_text=True)
    assert ("Sam Okoro" in text, "A council lead keeps this list" in text) == (True, True)
    assert client.get(f"/councils/{council.slug}/offices/add").status_code == 403
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    assert "Sam Okoro" not in client.get(f"/councils/{other.slug}/offices").get_data(as_text=True)
    for tail in ("edit", "leave"):
        assert client.get(f"/councils/{other.slug}/offices/{holder}/{tail}").status_code == 404


def test_the_list_takes_the_same_statements_for_any_number(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements
) -> None:
    client.sign_in(lead)
    counts = []
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
        with statements() as sql:
            client.get(f"/councils/{council.slug}/offices")
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 7
