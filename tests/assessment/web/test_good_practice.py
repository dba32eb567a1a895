"""The council's pages of good practice, and the library in which others read it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from assessment.queries.good_practice import list_named
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]
TYPED = {
    "version": "0",
    "title": "Mentors",
    "words": "Each new councillor has a mentor.",
    "named": "yes",
    "contact": "Democratic services",
}


def page_of(app: Flask, council: MadeCouncil, at: int = 0) -> str:
    with app.app_context(), within(council.scope(), read_only=True):
        return f"/councils/{council.slug}/good-practice/{list_named(council.id)[at].practice.id}"


def test_from_the_report_to_the_library_and_back(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_practised(app, council, "Mrs Pell mentors each new councillor.")
    page, library = page_of(app, council), f"/regions/{council.region.slug}/library"
    officer = make_user(app, council.region, "region_officer")
    peer = make_council(app, council.region)
    reader = make_user(app, peer, "member")
    client.sign_in(lead)
    assert "1 entry to decide" in client.get(f"/councils/{council.slug}/sharing").get_data(as_text=True)
    form = client.get(page).get_data(as_text=True)
    for words in (
        "Mrs Pell mentors",
        "once you share it, your region and every council in it",
        "Share it with the region",
    ):
        assert words in form
    unnamed = client.post(page, data={**TYPED, "named": ""})
    assert (unnamed.status_code, "Choose whether your council is named." in unnamed.get_data(as_text=True)) == (
        422,
        True,
    )
    assert "Each new councillor has a mentor." in unnamed.get_data(as_text=True)
    assert client.post(page, data=TYPED).status_code == 303
    client.sign_in(make_user(app, peer, "council_lead"))
    back = f'<a class="govuk-breadcrumbs__link" href="/councils/{peer.slug}/sharing">Sharing</a>'
    assert back in client.get(f"/councils/{peer.slug}/library-of-practice").get_data(as_text=True)
    for user, address in ((officer, library), (reader, f"/councils/{peer.slug}/library-of-practice")):
        text = client.sign_in(user).get(address).get_data(as_text=True)
        assert "Each new councillor has a mentor." in text
        assert council.name in text
        assert "Mrs Pell" not in text
        assert "govuk-breadcrumbs" not in text
        assert "Mentors" in client.get(f"{address}.csv").get_data(as_text=True)
        assert "Mentors" in client.get(f"{address}?requirement=1.1.1").get_data(as_text=True)
        assert "Nothing shared is like this." in client.get(f"{address}?words=budget").get_data(as_text=True)
    client.sign_in(lead)
    assert client.post(f"{page}/take-back", data={"version": "1"}).status_code == 303
    assert "Taken back" in client.get(f"/councils/{council.slug}/good-practice").get_data(as_text=True)
    assert "Each new councillor" not in client.sign_in(officer).get(library).get_data(as_text=True)


def test_two_at_once_see_both_texts(app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    make_practised(app, council, "A mentor for each.")
    page = page_of(app, council)
    client.sign_in(lead)
    client.post(page, data=TYPED)
    late = client.post(page, data={**TYPED, "words": "Mine."})
    assert (late.status_code, "Mine." in late.get_data(as_text=True)) == (409, True)
    assert "Each new councillor has a mentor." in late.get_data(as_text=True)
    assert client.post(page, data={**TYPED, "words": "Both.", "version": "1"}).status_code == 303
    assert client.post(f"{page}/take-back", data={"version": "1"}).status_code == 409


def test_who_may_not_decide_is_refused_and_others_councils_find_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_practised(app, council, "A mentor for each.")
    page = page_of(app, council)
    editor = make_user(app, council, "council_editor")
    client.sign_in(editor)
    assert "lead decides" in client.get(page).get_data(as_text=True)
    assert [client.post(address, data=TYPED).status_code for address in (page, f"{page}/decline")] == [403, 403]
    peer = make_council(app, council.region)
    client.sign_in(make_user(app, peer, "council_lead"))
    assert client.get(page.replace(council.slug, peer.slug)).status_code == 404


def test_lists_take_the_same_statements_for_any_number(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    counts: list[list[int]] = []
    make_practised(app, council, "A mentor for each.", "Evenings.", "A buddy.")
    for last in (1, 3):
        client.sign_in(lead)
        for at in range(last):
            client.post(page_of(app, council, at), data=TYPED)
        counts.append([])
        for name in ("good-practice", "sharing", "library-of-practice"):
            client.get(f"/councils/{council.slug}/{name}")
            with statements() as sql:
                client.get(f"/councils/{council.slug}/{name}")
            counts[-1].append(len(sql))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 7
