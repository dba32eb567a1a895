"""The page that names an owner: of one element or a criterion, kept when refused, and shut to others."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.element_owners import name_owner
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

DAY = {"due_on-day": "4", "due_on-month": "5", "due_on-year": "2091"}


def page_of(council: MadeCouncil, accreditation_id: UUID, about: str = "elements/1.1") -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/{about}/owner"


def test_an_owner_is_named_and_stands_in_the_list(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    editor = make_user(app, council, "council_editor", "Mina Castellan")
    page = page_of(council, made)
    form = client.sign_in(lead).get(page).get_data(as_text=True)
    assert '<input type="hidden" name="version" value="0">' in form
    assert "people of your council; never sent to the region" in form
    saved = client.post(page, data={"version": "0", "user_id": str(editor.id), "do": "save", **DAY})
    assert (saved.status_code, saved.location) == (303, f"/councils/{council.slug}/accreditations/{made}/")
    text = client.get(saved.location).get_data(as_text=True)
    initials = '<span aria-hidden="true">MC</span><span class="govuk-visually-hidden">Owner: Mina Castellan</span>'
    assert f'<span class="initials" title="Mina Castellan">{initials}</span>' in text
    assert "By 4 May 2091" in text
    assert 'value="4"' in client.get(page).get_data(as_text=True)
    client.post(page, data={"version": "1", "user_id": str(editor.id), "do": "clear", **DAY})
    assert "Mina Castellan" not in client.get(saved.location).get_data(as_text=True)


def test_the_page_of_a_requirement_says_whose_it_is_and_by_when(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1"
    editor = make_user(app, council, "council_editor", "Priya Nair")
    assert "Nobody owns element 1.1 yet." in client.sign_in(lead).get(page).get_data(as_text=True)
    for owner, due_on, words in (
        (None, date(2091, 5, 4), "Element 1.1 is due by 4 May 2091; nobody owns it yet."),
        (editor, date(2091, 5, 4), "Element 1.1 is answered by Priya Nair, by 4 May 2091."),
        (lead, None, "Element 1.1 is yours."),
    ):
        name_owner(app, council, made, ["1.1"], owner, due_on)
        assert words in client.get(page).get_data(as_text=True)


def test_all_elements_of_a_criterion_are_given_one_owner(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    name_owner(app, council, made, ["1.2"], lead)
    page = page_of(council, made, "criteria/1")
    form = client.sign_in(lead).get(page).get_data(as_text=True)
    versions = form.split('name="version" value="')[1].split('"')[0]
    assert versions.split("-")[:3] == ["0", "1", "0"]
    client.post(page, data={"version": versions, "user_id": str(lead.id), "do": "save"})
    text = client.get(f"/councils/{council.slug}/accreditations/{made}/?show=mine").get_data(as_text=True)
    assert text.count('class="initials"') == versions.count("-") + 1


def test_what_is_wrong_is_said_beside_the_field_and_kept(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    outsider = make_user(app, council, "member")
    page = page_of(council, made)
    client.sign_in(lead)
    past = {"due_on-day": "4", "due_on-month": "5", "due_on-year": "2001"}
    for data, words in (
        ({"user_id": str(outsider.id), **DAY}, "Choose somebody who may write answers in your council."),
        ({"user_id": "x", **DAY}, "The owner"),
        ({"user_id": "", **past}, "The day must be today or later."),
    ):
        refused = client.post(page, data={"version": "0", "do": "save", **data})
        text = refused.get_data(as_text=True)
        assert (refused.status_code, words in text, 'value="4"' in text) == (422, True, True)
    assert 'name="version" value="0"' in client.get(page).get_data(as_text=True)


def test_who_comes_second_sees_what_is_saved_and_keeps_the_form(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    editor = make_user(app, council, "council_editor", "Mina Castellan")
    name_owner(app, council, made, ["1.1"], editor)
    page = page_of(council, made)
    second = client.sign_in(lead).post(page, data={"version": "0", "user_id": str(lead.id), "do": "save", **DAY})
    text = second.get_data(as_text=True)
    assert second.status_code == 409
    assert "Somebody else changed this after you opened it." in text
    assert "<td>Mina Castellan</td>" in text
    assert f'<option value="{lead.id}" selected>' in text
    assert 'name="version" value="1"' in text
    again = client.post(page, data={"version": "1", "user_id": str(lead.id), "do": "save", **DAY})
    assert again.status_code == 303


def test_nobody_else_names_an_owner(app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    made = make_accreditation(app, council)
    neighbour = make_council(app, council.region)
    theirs = make_accreditation(app, neighbour)
    client.sign_in(lead)
    for page in (
        page_of(council, theirs),
        page_of(neighbour, theirs),
        page_of(council, uuid4()),
        page_of(council, made, "elements/9.9"),
        page_of(council, made, "criteria/9"),
    ):
        assert [client.get(page).status_code, client.post(page, data={"version": "0"}).status_code] == [404, 404]
    client.sign_in(make_user(app, council, "council_viewer"))
    assert client.get(page_of(council, made)).status_code == 403
    assert "the owner of" not in client.get(f"/councils/{council.slug}/accreditations/{made}/").get_data(as_text=True)
