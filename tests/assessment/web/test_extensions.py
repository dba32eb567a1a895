"""The region gives more time, and both sides read what was late."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.rules.process_words import day_words
from saas import clock
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_decided
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_region, make_user


def page_of(council: MadeCouncil, accreditation_id: UUID) -> str:
    return f"/regions/{council.region.slug}/cases/{accreditation_id}/last-day"


def typed(day: date, version: int, reason: str = "The town hall was flooded.") -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"deadline_on-{name}": str(part) for name, part in parts.items()} | {
        "reason": reason,
        "version": str(version),
    }


def last_day(in_scope: InScope, council: MadeCouncil, accreditation_id: UUID) -> tuple[date, int]:
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(accreditation_id)
        assert accreditation.deadline_on is not None
        return accreditation.deadline_on, accreditation.version


def test_an_officer_moves_the_last_day_and_the_council_reads_why(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made)
    before, version = last_day(in_scope, council, made)
    case = page.removesuffix("/last-day")
    assert f'href="{page}"' in client.sign_in(officer).get(case).text
    assert f"The last day is {day_words(before)}." in client.get(page).text
    refused = client.post(page, data=typed(before, version, reason=""))
    assert refused.status_code == 422
    for words in ("Tell the council why it gets more time.", 'id="reason-error"'):
        assert words in refused.text
    refused = client.post(page, data=typed(before, version))
    assert (refused.status_code, f"The new last day must be after {day_words(before)}." in refused.text) == (422, True)
    later = before + timedelta(days=30)
    saved = client.post(page, data=typed(later, version))
    assert (saved.status_code, saved.location) == (303, case)
    stale = client.post(page, data=typed(later + timedelta(days=1), version))
    assert (stale.status_code, "Somebody changed this accreditation" in stale.text) == (409, True)
    assert last_day(in_scope, council, made)[0] == later
    moved = f"The region moved the last day from {day_words(before)} to {day_words(later)}."
    journey = f"/councils/{council.slug}/accreditations/{made}/journey"
    for text in (client.get(case).text, client.sign_in(lead).get(journey).text):
        assert moved in text
        assert f"The region moved the last day to {day_words(later)}: The town hall was flooded." in text


def test_how_late_it_was_stands_on_every_page_of_both_sides(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        get_accreditation(made, lock=True).deadline_on = last = clock.today() - timedelta(days=12)
    sent = make_submission(app, council, made)
    words = f"Sent 12 days after the last day, {day_words(last)}"
    ours = f"/councils/{council.slug}/accreditations/{made}"
    client.sign_in(lead)
    for address in (f"{ours}/submissions/{sent}", f"{ours}/journey"):
        assert client.get(address).text.count(words) == 1
    client.sign_in(officer)
    case = f"/regions/{council.region.slug}/cases/{made}"
    for address in (f"{case}/submissions/{sent}", case):
        assert client.get(address).text.count(words) == 1


def test_the_check_says_what_the_last_day_means(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    make_submission(app, council, made, "plan")
    last = clock.today() - timedelta(days=12)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, lock=True)
        accreditation.stage = "improving"
        accreditation.deadline_on = last
    check = f"/councils/{council.slug}/accreditations/{made}/check/readiness"
    text = client.sign_in(lead).get(check).text
    assert f"Today is 12 days after the last day, {day_words(last)}." in text
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, lock=True)
        accreditation.process = accreditation.process | {"late_submissions": "refused"}
    refusal = f"The last day to send it was {day_words(last)}. The region can give you more time."
    text = client.get(check).text
    assert (refusal in text, "Send to the region" in text) == (True, False)
    refused = client.post(check)
    assert (refused.status_code, "It was not sent" in refused.text, refusal in refused.text) == (409, True, True)


def test_only_an_officer_of_the_own_region_and_not_after_the_decision(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    page = page_of(council, made)
    before, version = last_day(in_scope, council, made)
    given = typed(before + timedelta(days=1), version)
    other = make_region(app)
    client.sign_in(make_user(app, other, "region_officer"))
    elsewhere = page.replace(council.region.slug, other.slug)
    for address in (page, elsewhere):
        assert (client.get(address).status_code, client.post(address, data=given).status_code) == (404, 404)
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert (client.get(page).status_code, client.post(page, data=given).status_code) == (403, 403)
    assert client.sign_in(lead).get(page).status_code == 404
    assert last_day(in_scope, council, made)[0] == before


def test_no_page_once_it_is_decided(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    decided = make_decided(app, council)
    page = page_of(council, decided.accreditation_id)
    client.sign_in(decided.officer)
    assert client.get(page).status_code == 409
    assert f'href="{page}"' not in client.get(page.removesuffix("/last-day")).text
