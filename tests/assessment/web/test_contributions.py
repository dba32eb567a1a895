"""Help from others, as the council works with it: asking, more time, what arrives, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from saas import clock
from saas.templating import day
from tenants.queries.notices import list_notices
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import QUESTION, make_contribution, make_secret, read_contribution, send_contribution
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def page_of(council: MadeCouncil, accreditation_id: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/requirements/1.1.1"


def filled_in(**changed: str) -> dict[str, str]:
    """The form to ask, filled in."""
    due = clock.today() + timedelta(days=7)
    parts = {"due_on-day": str(due.day), "due_on-month": str(due.month), "due_on-year": str(due.year)}
    return {"name": "Gwen Group", "email": "Gwen@example.org", "question": QUESTION, **parts, **changed}


def test_asking_sends_a_link_and_the_answer_arrives_with_a_notice(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    page = page_of(council, make_accreditation(app, council))
    postbox.empty()
    client.sign_in(lead)
    assert f'href="{page}/ask"' in client.get(page).text
    assert "It shows nothing else of your council." in client.get(f"{page}/ask").text
    answer = client.post(f"{page}/ask", data=filled_in())
    assert (answer.status_code, answer.location) == (303, f"{page}#contributions")
    assert "Not sent yet." in client.get(page).text
    mail = postbox.empty()
    for words in (
        "To: gwen@example.org",
        f"{lead.name} of {council.name}",
        QUESTION,
        day(clock.today() + timedelta(7)),
    ):
        assert words in mail
    assert "Has not begun yet." in client.get(page).text
    link = mail.split("http://localhost")[1].split()[0]
    assert app.test_client().post(link, data={"words": "They liked it.", "do": "send"}).status_code == 303
    postbox.empty()
    shown = client.get(page).text
    for words in ("Text arrived", "They liked it.", "1 new notice"):
        assert words in shown
    with in_scope(council.scope()):
        assert [(notice.words.split(" about")[0], notice.path) for notice in list_notices(council.id, lead.id)] == [
            ("Gwen Group sent a text", f"{page}#contributions")
        ]


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    page = page_of(council, make_accreditation(app, council)) + "/ask"
    client.sign_in(lead)
    empty = client.post(page, data={})
    assert empty.status_code == 422
    for field in ("name", "email", "question", "due_on"):
        assert f'id="{field}-error"' in empty.text
    late = client.post(page, data=filled_in(**{"due_on-year": "2020", "name": "<b>Gwen"}))
    assert late.status_code == 422
    assert "Choose a day from today on" in late.text
    assert 'value="&lt;b&gt;Gwen"' in late.text
    assert postbox.empty().count("To:") == 0


def test_a_text_is_added_set_aside_and_brought_back(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made)
    request_id = make_contribution(app, council, made)
    send_contribution(app, make_secret(app, council, request_id), "The words of Gwen.")
    one = f"/councils/{council.slug}/contributions/{request_id}"
    client.sign_in(lead)
    assert client.post(f"{one}/set-aside").status_code == 303
    assert "Bring it back" in client.get(page).text
    assert client.post(f"{one}/bring-back").status_code == 303
    assert client.post(f"{one}/take", data={"version": "0"}).location == page
    text = client.get(page).text
    assert "The words of Gwen.</textarea>" in text
    assert f"Taken into the answer by {lead.name}" in text
    assert f"{lead.name}, with a text by Gwen Group" in text
    again = client.post(f"{one}/take", data={"version": "1"})
    assert again.status_code == 409
    assert f"{lead.name} took this text into the answer in the meantime." in again.text


def test_an_answer_changed_meanwhile_is_shown_beside_the_text_first(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made)
    request_id = make_contribution(app, council, made)
    send_contribution(app, make_secret(app, council, request_id), "The words of Gwen.")
    colleague = app.test_client().sign_in(make_user(app, council, "council_editor"))
    colleague.post(page, data={"judgement": "met", "narrative": "By a colleague.", "version": "0"})
    one = f"/councils/{council.slug}/contributions/{request_id}/take"
    client.sign_in(lead)
    refused = client.post(one, data={"version": "0"})
    assert refused.status_code == 409
    for words in ("By a colleague.", "The words of Gwen.", 'name="version" value="1"'):
        assert words in refused.text
    assert client.post(one, data={"version": "1"}).status_code == 303
    assert "By a colleague.\n\nThe words of Gwen.</textarea>" in client.get(page).text


def test_more_time_mails_the_same_link_and_withdrawing_ends_it(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    made = make_accreditation(app, council)
    postbox.empty()
    request_id = make_contribution(app, council, made, due_on=clock.today())
    first = postbox.link()
    one = f"/councils/{council.slug}/contributions/{request_id}"
    client.sign_in(lead)
    client.post(f"{one}/extend")
    assert postbox.link() == first
    assert read_contribution(app, council, request_id).due_on == clock.today() + timedelta(days=14)
    client.post(f"{one}/resend")
    second = postbox.link()
    visitor = app.test_client()
    assert [visitor.get(link).status_code for link in (first, second)] == [404, 200]
    assert client.post(f"{one}/withdraw").status_code == 303
    assert visitor.get(second).status_code == 410
    assert "is no longer asked" in client.get(page_of(council, made)).text
    assert client.post(f"{one}/extend").status_code == 409


@pytest.mark.parametrize("role", ["council_viewer", "steering_chair"])
def test_who_only_reads_sees_the_text_and_no_buttons(
    client: CheckingClient, app: Flask, council: MadeCouncil, role: str
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made)
    send_contribution(app, make_secret(app, council, request_id), "The words of Gwen.")
    text = client.sign_in(make_user(app, council, role)).get(page_of(council, made)).text
    assert "The words of Gwen." in text
    assert "Add to the answer" not in text
    assert client.post(f"/councils/{council.slug}/contributions/{request_id}/set-aside").status_code == 403


def test_a_request_of_another_council_does_not_exist(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    other = make_council(app, council.region)
    request_id = make_contribution(app, other, make_accreditation(app, other))
    client.sign_in(lead)
    for verb in ("resend", "extend", "withdraw", "take", "set-aside", "bring-back"):
        assert client.post(f"/councils/{council.slug}/contributions/{request_id}/{verb}").status_code == 404
        assert client.get(f"/councils/{council.slug}/contributions/{request_id}/{verb}").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_requests(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, statements: Statements
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    counts = []
    for number in (1, 2, 3):
        make_contribution(app, council, made, email=f"gwen{number}@example.org")
        client.get(page_of(council, made))
        with statements() as sql:
            client.get(page_of(council, made))
        counts.append(len(sql))
    assert len(set(counts)) == 1


def test_a_stranger_is_not_mailed_without_end(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_contribution(app, council, make_accreditation(app, council))
    client.sign_in(lead)
    again = f"/councils/{council.slug}/contributions/{made}"
    assert {client.post(f"{again}/resend").status_code for _ in range(60)} == {303}
    assert [client.post(f"{again}/{way}").status_code for way in ("resend", "extend")] == [429, 429]
