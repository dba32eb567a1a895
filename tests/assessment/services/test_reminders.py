"""Reminders of every dated thing: to whom, once for each step, anew when a date moves, never for what is done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.accreditations import Accreditation
from assessment.models.answers import ElementOwner
from assessment.models.signings import SignatureRequest
from assessment.queries.dates import find_team, list_dates
from assessment.services import contributions, reminders
from saas import clock
from saas.db import new_id
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.models.plans import Action
from tenants.queries.notices import list_notices
from tenants.services import evidence as library
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import make_contribution
from tests.factories.evidence import make_link
from tests.factories.invitations import Postbox
from tests.factories.plans import make_action, make_plan
from tests.factories.signings import LEADER, commit_by_asking, make_holder
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
MORNING = datetime(2031, 5, 5, 7, tzinfo=UTC)
TODAY = date(2031, 5, 5)
IN_TWO_WEEKS = TODAY + timedelta(days=14)


def remind(in_scope: InScope, council: MadeCouncil, day: date = TODAY) -> list[UUID]:
    """The morning's reminders; the requests whose contributor is mailed."""
    with clock.at(MORNING + (day - TODAY)), in_scope(council.scope()):
        return reminders.remind(council.id)


def told(in_scope: InScope, council: MadeCouncil, who: MadeUser) -> list[str]:
    """What somebody was reminded of, the newest last."""
    with in_scope(council.scope()):
        return [notice.words for notice in reversed(list_notices(council.id, who.id))]


def make_owner(
    in_scope: InScope, council: MadeCouncil, accreditation_id: UUID, who: MadeUser | None, due: date
) -> None:
    """An element with a day and perhaps an owner."""
    with in_scope(council.scope()) as session:
        session.add(
            ElementOwner(
                council_id=council.id,
                id=new_id(),
                accreditation_id=accreditation_id,
                element_code="1.1",
                user_id=who.id if who else None,
                name=who.name if who else "",
                due_on=due,
                named_at=clock.now(),
                named_by_name="Console",
            )
        )


def set_dates(in_scope: InScope, council: MadeCouncil, model: type, **values: object) -> None:
    """Give every row of a table other values."""
    with in_scope(council.scope()) as session:
        session.execute(sa.update(model).values(**values))


def test_an_element_reminds_its_owner_until_it_is_judged(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made, editor = make_accreditation(app, council), make_user(app, council, "council_editor")
    set_dates(in_scope, council, Accreditation, target_on=None, deadline_on=None, next_due_on=None)
    make_owner(in_scope, council, made, editor, IN_TWO_WEEKS)
    remind(in_scope, council)
    remind(in_scope, council)
    (first,) = told(in_scope, council, editor)
    assert first.startswith("Answers to 1.1 ")
    assert first.endswith(": due in 14 days, on 19 May 2031")
    assert told(in_scope, council, lead) == []
    set_dates(in_scope, council, ElementOwner, due_on=TODAY + timedelta(days=2))
    remind(in_scope, council)
    assert told(in_scope, council, editor)[1].endswith(": due in 2 days, on 7 May 2031")
    answer_all(app, council, made)
    remind(in_scope, council, TODAY + timedelta(days=2))
    assert len(told(in_scope, council, editor)) == 2


def test_what_belongs_to_nobody_or_to_somebody_gone_reminds_the_leads(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made, reader = make_accreditation(app, council), make_user(app, council, "council_viewer")
    set_dates(in_scope, council, Accreditation, target_on=None, deadline_on=None, next_due_on=None)
    make_owner(in_scope, council, made, reader, TODAY)
    remind(in_scope, council)
    assert told(in_scope, council, reader) == []
    assert told(in_scope, council, lead)[0].endswith(": due today")


def test_dates_of_an_accreditation_remind_the_leads_each_once(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_accreditation(app, council)
    days = {"target_on": TODAY + timedelta(days=3), "deadline_on": TODAY - timedelta(days=1)}
    set_dates(in_scope, council, Accreditation, **days, next_due_on=days["target_on"])
    remind(in_scope, council)
    assert sorted(told(in_scope, council, lead)) == [
        "Begin the self-assessment (Charter): due in 3 days, on 8 May 2031",
        "Last day to be assessed (Charter): was due on 4 May 2031",
    ]
    set_dates(in_scope, council, Accreditation, stage="submitted")
    remind(in_scope, council, TODAY + timedelta(days=3))
    assert len(told(in_scope, council, lead)) == 2


def test_a_text_asked_for_reminds_the_asker_and_its_contributor_before_its_day(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made, editor = make_accreditation(app, council), make_user(app, council, "council_editor")
    set_dates(in_scope, council, Accreditation, target_on=None, deadline_on=None, next_due_on=None)
    with clock.at(MORNING):
        by = Actor(editor.id, editor.name)
        request_id = make_contribution(app, council, made, due_on=TODAY + timedelta(days=3), by=by)
    assert remind(in_scope, council) == [request_id]
    assert remind(in_scope, council) == []
    assert remind(in_scope, council, TODAY + timedelta(days=3)) == [request_id]
    assert remind(in_scope, council, TODAY + timedelta(days=4)) == []
    assert [words.split(": ")[1] for words in told(in_scope, council, editor)] == [
        "due in 3 days, on 8 May 2031",
        "due today",
        "was due on 8 May 2031",
    ]
    with in_scope(council.scope()):
        contributions.withdraw(contributions.get_request(council.id, request_id, lock=True), by=by)
    remind(in_scope, council, TODAY + timedelta(days=11))
    assert len(told(in_scope, council, editor)) == 3


def test_evidence_reminds_of_its_renewal_and_actions_of_a_day_share_one_line(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    evidence_id, plan_id = make_link(app, council, title="Strategy"), make_plan(app, council, "Our plan")
    set_dates(in_scope, council, Evidence, valid_until_on=IN_TWO_WEEKS)
    for _ in range(3):
        make_action(app, council, plan_id)
    set_dates(in_scope, council, Action, latest_on=TODAY)
    remind(in_scope, council)
    assert sorted(told(in_scope, council, lead)) == [
        "3 actions of Our plan: due today",
        "Evidence “Strategy”: valid until 19 May 2031, 14 days from now",
    ]
    with in_scope(council.scope()) as session:
        library.remove(session.get_one(Evidence, (council.id, evidence_id)), by=Actor(None, "Console"))
        session.execute(sa.update(Action).values(status="completed"))
    remind(in_scope, council, IN_TWO_WEEKS)
    assert len(told(in_scope, council, lead)) == 2


def test_a_signature_that_is_waited_for_reminds_the_leads_before_its_link_ends(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope, postbox: Postbox
) -> None:
    make_holder(app, council, LEADER)
    commit_by_asking(app, council, chief=date(2026, 1, 6))
    postbox.empty()
    set_dates(in_scope, council, Accreditation, target_on=None, deadline_on=None, next_due_on=None)
    set_dates(in_scope, council, SignatureRequest, expires_at=MORNING + timedelta(days=3))
    remind(in_scope, council)
    (words,) = [words for words in told(in_scope, council, lead) if words.startswith("Signature")]
    assert words.startswith("Signature of the Leader: ")
    assert words.endswith(" (Sam Okoro): due in 3 days, on 8 May 2031")


def test_a_plan_long_past_reminds_nobody(app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope) -> None:
    make_action(app, council, make_plan(app, council))
    set_dates(in_scope, council, Action, latest_on=date(2019, 3, 31))
    remind(in_scope, council)
    assert told(in_scope, council, lead) == []


def test_another_councils_dates_remind_nobody_here(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    other = make_council(app, council.region)
    make_action(app, other, make_plan(app, other))
    set_dates(in_scope, other, Action, latest_on=TODAY)
    remind(in_scope, council)
    assert told(in_scope, council, lead) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_does_not_grow(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope, statements: Statements, rows: int
) -> None:
    made, plan_id = make_accreditation(app, council), make_plan(app, council)
    for number in range(rows):
        make_contribution(app, council, made, email=f"gwen{number}@example.org")
        make_action(app, council, plan_id)
        make_link(app, council, url=f"https://www.example.gov.uk/{number}")
    set_dates(in_scope, council, Action, latest_on=TODAY)
    set_dates(in_scope, council, Evidence, valid_until_on=TODAY)
    with in_scope(council.scope()):
        list_dates(council.id, find_team(council.id))  # the framework is read once by each process
        with statements() as sql:
            list_dates(council.id, find_team(council.id))
    assert len(sql) == 11
