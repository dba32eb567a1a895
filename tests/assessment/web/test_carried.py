"""The pages of the next cycle: the preview, carrying, confirming, taking back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import func, select

from assessment.models.answers import Answer
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.submissions import make_earlier
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def test_a_council_sees_what_would_be_carried_carries_it_and_confirms(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council)
    home = f"/councils/{council.slug}/accreditations/{made}"
    text = client.sign_in(lead).get(f"{home}/carry").text
    for words in ("Carry 28 answers", "Start blank", "56 citations carried", "Read the whole of your last submission"):
        assert words in text
    answer = client.post(f"{home}/carry")
    assert (answer.status_code, answer.location) == (303, f"{home}/")
    assert "28 answers are carried. Confirm each of them before you send." in client.get(f"{home}/").text
    again = client.post(f"{home}/carry")
    assert (again.status_code, "The answers of your last submission were carried already." in again.text) == (409, True)
    page = f"{home}/requirements/1.1.1"
    text = client.get(page).text
    for words in ("does it still hold?", "Confirm that this still holds", "Save and confirm", "What you answered last"):
        assert words in text
    typed = {"judgement": "met", "narrative": "Still so.", "version": "1", "do": "confirm"}
    confirmed = client.post(page, data=typed)
    assert (confirmed.status_code, confirmed.location) == (303, f"{home}/requirements/1.2.1")
    text = client.get(page).text
    assert (f"{lead.name} confirmed it" in text, "Confirm that this still holds" in text) == (True, False)
    taken_back = client.post(f"{page}/take-back")
    assert (taken_back.status_code, taken_back.location) == (303, page)
    assert "Confirm that this still holds" in client.get(page).text


def test_a_confirmation_without_a_judgement_keeps_what_was_typed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council)
    home = f"/councils/{council.slug}/accreditations/{made}"
    client.sign_in(lead).post(f"{home}/carry")
    answer = client.post(
        f"{home}/requirements/1.1.1", data={"narrative": "Not sure yet.", "version": "1", "do": "confirm"}
    )
    assert (answer.status_code, "Not sure yet." in answer.text) == (422, True)
    assert "Give your judgement before you confirm this answer." in answer.text
    with in_scope(council.scope()) as session:
        assert session.scalars(select(Answer.narrative).where(Answer.narrative == "Not sure yet.")).all() == []


def test_the_preview_takes_the_same_statements_for_any_number_of_answers(
    app: Flask, client: CheckingClient, lead: MadeUser, council: MadeCouncil, statements: Counted
) -> None:
    counts = []
    for code in ("charter-2008", "fixture-45"):
        framework_id = make_framework(app, code)
        make_earlier(app, council, framework_id)
        made = make_accreditation(app, council, framework_id)
        client.sign_in(lead)
        client.get(f"/councils/{council.slug}/accreditations/{made}/carry")
        with statements() as sql:
            client.get(f"/councils/{council.slug}/accreditations/{made}/carry")
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 8


def test_who_may_not_write_reads_the_preview_and_a_first_cycle_starts_empty(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = f"/councils/{council.slug}/accreditations/{made}/carry"
    client.sign_in(make_user(app, council, "council_viewer"))
    text = client.get(page).text
    assert ("Every requirement starts empty." in text, "Carry " in text) == (True, False)
    assert client.post(page).status_code == 403
    stranger = make_council(app, council.region)
    client.sign_in(make_user(app, stranger, "council_lead"))
    for slug in (council.slug, stranger.slug):
        assert client.get(page.replace(council.slug, slug)).status_code == 404
        assert client.post(page.replace(council.slug, slug)).status_code == 404
        taken_back = page.replace(council.slug, slug).replace("/carry", "/requirements/1.1.1/take-back")
        assert client.post(taken_back).status_code == 404
    with in_scope(council.scope()) as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0


def test_the_commit_page_says_what_would_be_carried(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    page = f"/councils/{council.slug}/accreditations/new"
    make_framework(app, "charter-2017")
    client.sign_in(lead)
    make_framework(app)
    assert "your last submission" not in client.get(page).text
    make_earlier(app, council)
    text = client.get(page).text
    for words in (
        "28 of its 28 requirements would start with answers of your last submission.",
        "20 of its 20 requirements would start with answers of your last submission.",
        "You can carry its answers over once you are committed.",
    ):
        assert words in text
