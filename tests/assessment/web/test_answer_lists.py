"""The list of requirements: statuses, owners, late days, narrowing, where to begin."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.submissions import get_submission
from assessment.services import readiness
from saas import clock
from saas.tenancy import CONSOLE
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.element_owners import make_comment, name_owner
from tests.factories.submissions import answer_all, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]
LATE, THEN, NOW = date(2031, 5, 4), datetime(2031, 5, 1, 9, tzinfo=UTC), datetime(2031, 5, 5, 9, tzinfo=UTC)


def home_of(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/"


def list_of(council: MadeCouncil, made: UUID, show: str = "") -> str:
    return f"{home_of(council)}accreditations/{made}/{'?show=' if show else ''}{show}"


def codes(text: str) -> list[str]:
    """The codes of the requirements that a list shows."""
    links = text.split('govuk-task-list__link" href="')[1:]
    return [link.split("/requirements/")[1].split('"')[0] for link in links]


def test_a_day_that_is_past_is_late_in_words_until_nothing_waits(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    with clock.at(THEN):
        name_owner(app, council, made, ["1.1"], lead, LATE)
    with clock.at(NOW):
        assert "Late: was due 4 May 2031" in client.get(list_of(council, made)).get_data(as_text=True)
        home = client.get(home_of(council)).get_data(as_text=True)
        assert "Answer 1.1 Top political and managerial leadership commitment" in home
        assert "Yours: 1 of 1 requirement to answer" in home
        assert "Late: was due 4 May 2031" in home
        client.post(list_of(council, made) + "requirements/1.1.1", data={"judgement": "met", "version": "0"})
        assert "By 4 May 2031" in client.get(list_of(council, made)).get_data(as_text=True)
        assert "Yours:" not in client.get(home_of(council)).get_data(as_text=True)


def test_the_list_is_narrowed_by_its_address(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    name_owner(app, council, made, ["1.2", "2.1"], lead)
    make_comment(app, council, made, "1.3.1")
    with in_scope(council.scope()) as session:
        _each(session, made, "update answers set judgement = null", "1.1.1")
        _each(session, made, "update answers set carried = '{}'", "1.2.1")
        _each(session, made, "delete from citations using answers a", "1.3.1", link="citations.answer_id = a.id and")
    client.sign_in(lead)
    shown = {
        show: codes(client.get(list_of(council, made, show)).get_data(as_text=True))
        for show in ("mine", "unanswered", "carried", "changes", "without_evidence", "comments")
    }
    assert shown == {
        "mine": ["1.2.1", "2.1.1"],
        "unanswered": ["1.1.1", "1.2.1"],
        "carried": ["1.2.1"],
        "changes": [],
        "without_evidence": ["1.3.1"],
        "comments": ["1.3.1"],
    }
    text = client.get(list_of(council, made, "mine")).get_data(as_text=True)
    assert 'aria-current="true">Mine (2)</a>' in text
    assert "26 of 28 requirements judged" in text
    assert (
        "nor does an answer carried from the last cycle, or taken from a document, before somebody confirms it." in text
    )
    assert ("Next unanswered: 1.1.1" in text, "Next of mine: 1.2.1" in text) == (True, True)
    assert "To be confirmed" in text
    assert len(codes(client.get(list_of(council, made, "nonsense")).get_data(as_text=True))) == 28
    home = client.get(home_of(council)).get_data(as_text=True)
    assert "Confirm 1 answer" in home
    assert "Next unanswered: 1.1.1" in home
    assert "26 of 28 requirements judged" in home


def test_what_the_region_named_is_said_until_it_is_changed(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    lead: MadeUser,
    officer: MadeUser,
    in_scope: InScope,
    statements: Counted,
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, "plan")
    with in_scope(council.region.scope(officer.id)):
        named = {"named": ["1.2.1"], "words": {"1.2.1": "Say who leads."}}
        told = {"outcome": "returned", "reason": "Nearly there.", **named}
        readiness.decide(get_accreditation(made, lock=True), get_submission(sent), **told, by=CONSOLE)
    client.sign_in(lead)
    client.get(list_of(council, made))
    with statements() as taken:
        text = client.get(list_of(council, made, "changes")).get_data(as_text=True)
    assert (len(taken), codes(text)) == (6, ["1.2.1"])
    assert ">Changes asked for</strong>" in text
    assert ("28 of 28 requirements judged" in text, "Next to change: 1.2.1" in text) == (True, True)
    home = client.get(home_of(council)).get_data(as_text=True)
    assert f'href="{list_of(council, made, "changes")}">Change 1 answer as the region asked</a>' in home
    assert home.index("Change 1 answer as the region asked") < home.index("Check and send the plan to the region")
    changed = {"judgement": "partly_met", "narrative": "Ann leads.", "version": "1"}
    assert client.post(list_of(council, made) + "requirements/1.2.1", data=changed).status_code == 303
    text = client.get(list_of(council, made, "changes")).get_data(as_text=True)
    assert (">Changed since</strong>" in text, "Next to change" in text) == (True, False)
    assert "as the region asked" not in client.get(home_of(council)).get_data(as_text=True)


def test_an_owner_who_left_is_said_to_be_no_longer_here(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    editor = make_user(app, council, "council_editor", "Mina Castellan")
    name_owner(app, council, made, ["1.1"], editor)
    with in_scope(council.scope()) as session:
        session.execute(sa.text("update access set ended_at = now() where user_id = :id"), {"id": editor.id})
    client.sign_in(lead)
    assert "Mina Castellan <strong" in client.get(list_of(council, made)).get_data(as_text=True)
    page = client.get(list_of(council, made) + "elements/1.1/owner").get_data(as_text=True)
    assert "Mina Castellan is no longer here. Name somebody else." in page


def test_a_new_cycle_begins_with_doors_and_none_of_them_is_dead(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    text = client.sign_in(lead).get(list_of(council, made)).get_data(as_text=True)
    assert "Nothing is answered yet. Where do you want to begin?" in text
    assert f'href="{list_of(council, made)}requirements/1.1.1">Start blank</a>' in text
    assert "Start from the last submission" not in text  # there is none
    assert f'href="{list_of(council, made)}import">Start from a document</a>' in text
    client.post(list_of(council, made) + "requirements/1.1.1", data={"narrative": "A word.", "version": "0"})
    assert "Where do you want to begin?" not in client.get(list_of(council, made)).get_data(as_text=True)


def test_list_and_home_take_as_many_statements_for_one_element_as_for_three(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    counts = []
    for owned in (["1.1"], ["1.1", "1.2", "2.1"]):
        name_owner(app, council, made, owned, lead, clock.today() + timedelta(days=9))
        for page in (list_of(council, made), home_of(council)):
            client.get(page)
            with statements() as sent:
                assert client.get(page).status_code == 200
            counts.append(len(sent))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 6


def _each(session: sa.orm.Session, made: UUID, change: str, code: str, link: str = "") -> None:
    """Change the answer to one requirement as a rare past would have left it."""
    table = "a" if link else "answers"
    session.execute(
        sa.text(
            f"{change} where {link} {table}.accreditation_id = :made"
            f" and {table}.requirement_id in (select id from requirements where code = :code)"
        ),
        {"made": made, "code": code},
    )
