"""Case studies: written with the consent of whoever is quoted, shared by the lead, read in the region, taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import docx
from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]
TYPED = {
    "version": "0",
    "title": "A buddy for a year",
    "at_a_glance": "Every new councillor has a buddy.",
    "for_councillors": "Somebody to ask.",
    "for_council": "",
    "for_communities": "Quicker answers.",
    "contact": "Democratic services",
    "quote_1": "It was worth it.",
    "who_1": "New councillor",
    "consented_on_1-day": "3",
    "consented_on_1-month": "6",
    "consented_on_1-year": "2026",
}


def begin(client: CheckingClient, council: MadeCouncil, **typed: str) -> str:
    answer = client.post(f"/councils/{council.slug}/case-studies/new", data=TYPED | typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def test_from_the_first_words_to_the_region_and_back(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    editor = make_user(app, council, "council_editor")
    page = begin(client.sign_in(editor), council)
    preview = client.get(page).get_data(as_text=True)
    for words in (
        "Only your council sees this.",
        "It was worth it.",
        "New councillor",
        "Quicker answers.",
        "lead decides",
    ):
        assert words in preview
    assert client.post(f"{page}/share", data={"version": "1"}).status_code == 403
    client.sign_in(lead)
    assert client.post(f"{page}/share", data={"version": "1"}).status_code == 303
    officer = make_user(app, council.region, "region_viewer")
    peer = make_council(app, council.region)
    readers = {
        officer: f"/regions/{council.region.slug}/library",
        make_user(app, peer, "member"): f"/councils/{peer.slug}/library-of-practice",
    }
    for user, library in readers.items():
        listed = client.sign_in(user).get(library).get_data(as_text=True)
        address = listed.split(f'href="{library}/case-studies/')[1].split('"')[0]
        text = client.get(f"{library}/case-studies/{address}").get_data(as_text=True)
        assert all(
            words in text for words in ("A buddy for a year", council.name, "It was worth it.", "New councillor")
        )
        assert "3 June 2026" not in text
        word = docx.Document(BytesIO(client.get(f"{library}/case-studies/{address}.docx").data))
        assert "“It was worth it.” New councillor" in [each.text for each in word.paragraphs]
        assert client.get(f"{library}/case-studies/{address}.pdf").data[:5] == b"%PDF-"
    stranger = make_region(app)
    client.sign_in(make_user(app, stranger, "region_officer"))
    assert client.get(f"/regions/{stranger.slug}/library/case-studies/{address}").status_code == 404
    client.sign_in(lead)
    changed = {**TYPED, "version": "1", "title": "A buddy for two years"}
    assert client.post(f"{page}/edit", data=changed).status_code == 303
    assert "they read the earlier words" in client.get(page).get_data(as_text=True)
    assert client.post(f"{page}/delete", data={"version": "2"}).status_code == 409
    assert client.post(f"{page}/take-back").status_code == 303
    client.sign_in(officer)
    assert client.get(f"{readers[officer]}/case-studies/{address}").status_code == 404
    client.sign_in(lead)
    assert f'href="{page}/delete"' in client.get(page).get_data(as_text=True)
    asked = client.get(f"{page}/delete").get_data(as_text=True)
    assert ("You cannot undo this." in asked, 'name="version" value="2"' in asked) == (True, True)
    assert client.post(f"{page}/delete", data={"version": "2"}).status_code == 303
    assert client.get(page).status_code == 404


def test_a_draft_keeps_an_incomplete_quote_and_sharing_asks_for_the_rest(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    no_day = {f"consented_on_1-{part}": "" for part in ("day", "month", "year")}
    page = begin(client.sign_in(lead), council, who_1="", quote_2="Good.", who_2="A resident", **no_day)
    text = client.get(page).get_data(as_text=True)
    assert "Quote 1 lacks who said it and the day on which this person agreed." in text
    assert "Quote 2 lacks the day on which this person agreed." in text
    assert "It was worth it." in text
    assert "Share it with your region" not in text
    assert client.post(f"{page}/share", data={"version": "1"}).status_code == 409
    assert "It was worth it." in client.get(f"{page}/edit").get_data(as_text=True)
    whole = {**TYPED, "version": "1"}
    assert client.post(f"{page}/edit", data=whole).status_code == 303
    assert client.post(f"{page}/share", data={"version": "2"}).status_code == 303


def test_what_is_wrong_is_not_saved(client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    client.sign_in(lead)
    address = f"/councils/{council.slug}/case-studies/new"
    ahead = client.post(address, data={**TYPED, "consented_on_1-year": "2090"})
    assert (ahead.status_code, "cannot be in the future" in ahead.get_data(as_text=True)) == (422, True)
    untitled = client.post(address, data={**TYPED, "title": " "})
    assert (untitled.status_code, "Enter a title." in untitled.get_data(as_text=True)) == (422, True)


def test_what_lacks_something_is_not_shared(client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    page = begin(client.sign_in(lead), council, at_a_glance="", contact="")
    text = client.get(page).get_data(as_text=True)
    assert "Write what it is at a glance." in text
    assert "Say who can be asked." in text
    assert client.post(f"{page}/share", data={"version": "1"}).status_code == 409


def test_two_at_once_see_both_texts(client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    page = begin(client.sign_in(lead), council)
    client.post(f"{page}/edit", data={**TYPED, "version": "1", "at_a_glance": "Theirs."})
    late = client.post(f"{page}/edit", data={**TYPED, "version": "1", "at_a_glance": "Mine."})
    text = late.get_data(as_text=True)
    assert (late.status_code, "Theirs." in text, "Mine." in text) == (409, True, True)
    assert 'name="quote_1" value="It was worth it."' in text
    assert 'name="consented_on_1-day" value="3"' in text


def test_the_list_takes_the_same_statements_for_any_number(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    counts = []
    client.sign_in(lead)
    for number in (1, 2):
        for _ in range(number):
            begin(client, council)
        client.get(f"/councils/{council.slug}/case-studies")
        with statements() as sql:
            client.get(f"/councils/{council.slug}/case-studies")
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 6
