"""The pages of an answer's history: every version, what changed, and bringing one back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from tests.assessment.web.test_answers import page_of
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def test_every_version_is_listed_with_who_when_and_what_changed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    client.sign_in(lead)
    assert "Nothing was written here yet." in client.get(page + "/history").get_data(as_text=True)
    client.post(page, data={"judgement": "not_met", "narrative": "We meet twice a year.", "version": "0"})
    other = make_user(app, council, "council_editor", "Robin Hale")
    client.sign_in(other)
    client.post(page, data={"judgement": "met", "narrative": "We meet monthly, all year.", "version": "1"})
    text = client.get(page + "/history").get_data(as_text=True)
    for said in ("Version 2, as it stands now", "Robin Hale", lead.name, "before:", "<del>", "<ins>", "twice a"):
        assert said in text
    assert "Bring version" not in text


def test_a_version_comes_back_and_what_stood_there_stays(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    client.sign_in(lead)
    client.post(page, data={"judgement": "met", "narrative": "**First** text.", "version": "0"})
    client.post(page, data={"judgement": "not_met", "narrative": "Second text.", "version": "1"})
    text = client.get(page + "/history/1").get_data(as_text=True)
    assert "<strong>First</strong> text." in text
    assert "Bring version 1 back" in text
    back = client.post(page + "/history/1/restore", data={"version": "2"})
    assert (back.status_code, back.location) == (303, page)
    text = client.get(page).get_data(as_text=True)
    assert "The answer says again what version 1 said." in text
    assert "\n**First** text.</textarea>" in text
    assert "Version 3, as it stands now" in client.get(page + "/history").get_data(as_text=True)
    assert "The answer says this now." in client.get(page + "/history/1").get_data(as_text=True)


def test_nothing_comes_back_over_what_was_typed_meanwhile(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    other = make_user(app, council, "council_editor", "Priya Nair")
    client.sign_in(lead).post(page, data={"narrative": "First.", "version": "0"})
    client.post(page, data={"narrative": "Second.", "version": "1"})
    client.sign_in(other).post(page + "/autosave", data={"narrative": "Second. And typing", "version": "2"})
    refused = client.sign_in(lead).post(page + "/history/1/restore", data={"version": "2"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Priya Nair changed this answer at" in text
    assert 'name="version" value="3"' in text
    assert "Second. And typing" in client.get(page).get_data(as_text=True)


def test_the_list_takes_the_same_statements_for_any_number_and_goes_on(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    client.sign_in(lead)
    counts = []
    for number in range(12):
        client.post(page, data={"narrative": f"Text {number}.", "version": str(number)})
        if number in (0, 2):
            client.get(page + "/history")
            with statements() as sent:
                assert client.get(page + "/history").status_code == 200
            counts.append(len(sent))
    assert counts[0] == counts[1]
    text = client.get(page + "/history").get_data(as_text=True)
    assert ("Version 12" in text, "Version 2<" in text, "history?below=3" in text) == (True, False, True)
    text = client.get(page + "/history?below=3").get_data(as_text=True)
    assert ("Version 2<" in text, "Version 1<" in text, "Newest versions" in text) == (True, True, True)


def test_a_reader_reads_the_history_and_an_outsider_finds_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made, "1.1.1")
    client.sign_in(lead).post(page, data={"narrative": "First.", "version": "0"})
    client.post(page, data={"narrative": "Second.", "version": "1"})
    client.sign_in(make_user(app, council, "council_viewer"))
    assert "Bring version" not in client.get(page + "/history/1").get_data(as_text=True)
    assert client.post(page + "/history/1/restore", data={"version": "2"}).status_code == 403
    assert client.get(page + "/history/9").status_code == 404
    client.sign_in(make_user(app, make_council(app, council.region), "council_lead"))
    assert client.get(page + "/history").status_code == 404
    assert client.get(page + "/history/1").status_code == 404
