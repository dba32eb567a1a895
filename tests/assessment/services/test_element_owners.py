"""Naming who answers an element: for one or several, changed, cleared, refused, and told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.jobs.element_owners import tell_of_lost_owner
from assessment.models.answers import ElementOwner
from assessment.queries.accreditations import get_accreditation
from assessment.queries.element_owners import list_owned, list_owners
from assessment.services.element_owners import elements_of, name_owner
from saas import clock, jobs
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.security import hash_password
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.queries.access import Target, list_access
from tenants.queries.notices import list_notices
from tenants.services import access as access_service
from tenants.services.councils import add_user
from tests.conftest import InScope
from tests.factories import element_owners as factory
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

DUE = date(2031, 5, 4)


@pytest.fixture
def editor(app: Flask, council: MadeCouncil) -> MadeUser:
    return make_user(app, council, "council_editor", "Mina Castellan")


def owned(in_scope: InScope, council: MadeCouncil, made: UUID) -> dict[str, tuple[str, date | None]]:
    with in_scope(council.scope()) as session:
        rows = session.scalars(sa.select(ElementOwner).where(ElementOwner.accreditation_id == made))
        return {row.element_code: (row.name, row.due_on) for row in rows}


def told(in_scope: InScope, council: MadeCouncil, user: MadeUser) -> list[tuple[str, str]]:
    with in_scope(council.scope()):
        return [(notice.words, notice.path) for notice in list_notices(council.id, user.id)]


def test_an_owner_is_named_changed_and_cleared(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    factory.name_owner(app, council, made, ["1.1", "1.2"], editor, DUE)
    factory.name_owner(app, council, made, ["1.2"], lead)
    assert owned(in_scope, council, made) == {"1.1": ("Mina Castellan", DUE), "1.2": (lead.name, None)}
    factory.name_owner(app, council, made, ["1.1"], None, DUE)
    factory.name_owner(app, council, made, ["1.2"], None)
    factory.name_owner(app, council, made, ["1.2"], None)  # again: nothing to clear
    assert owned(in_scope, council, made) == {"1.1": ("", DUE)}
    with in_scope(council.scope()) as session:
        events = session.execute(
            sa.select(Event.verb, Event.payload["element"].astext)
            .where(Event.subject == "element_owners")
            .order_by(Event.seq)
        ).all()
    assert [tuple(each) for each in events] == [
        ("element_owner.named", "1.1"),
        ("element_owner.named", "1.2"),
        ("element_owner.named", "1.2"),
        ("element_owner.named", "1.1"),
        ("element_owner.cleared", "1.2"),
    ]


def test_who_is_named_is_told_once_for_all_of_it(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    by = Actor(lead.id, lead.name)
    factory.name_owner(app, council, made, ["1.1", "1.2", "1.3"], editor, DUE, by=by)
    factory.name_owner(app, council, made, ["1.1"], editor, DUE, by=by)  # nothing new
    factory.name_owner(app, council, made, ["2.1"], lead, by=by)  # oneself
    path = f"/councils/{council.slug}/accreditations/{made}/?show=mine"
    words = f"{lead.name} asks you to answer 1.1, 1.2 and 1.3 by 4 May 2031."
    assert (told(in_scope, council, editor), told(in_scope, council, lead)) == ([(words, path)], [])


def test_only_who_may_write_answers_here_is_named(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    others = [
        make_user(app, council, "council_viewer"),
        make_user(app, make_council(app, council.region), "council_lead"),
        make_user(app, council.region, "region_officer"),
    ]
    for person in others:
        with pytest.raises(Invalid, match="user_id: Choose somebody who may write answers"):
            factory.name_owner(app, council, made, ["1.1"], person)
    assert owned(in_scope, council, made) == {}


def test_a_day_that_is_past_is_refused_unless_it_stands_there(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with clock.at(datetime(2031, 5, 4, 9, tzinfo=UTC)):
        factory.name_owner(app, council, made, ["1.1"], editor, DUE)
    with clock.at(datetime(2031, 5, 5, 9, tzinfo=UTC)):
        with pytest.raises(Invalid, match="due_on: The day must be today or later"):
            factory.name_owner(app, council, made, ["1.2"], editor, DUE)
        factory.name_owner(app, council, made, ["1.1"], lead, DUE)
    assert owned(in_scope, council, made) == {"1.1": (lead.name, DUE)}


def test_who_comes_second_is_refused_and_changes_nothing(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    factory.name_owner(app, council, made, ["1.1"], editor)
    by = Actor(lead.id, lead.name)
    for versions in ([0, 0], [2, 0], [1]):
        with in_scope(council.scope()), pytest.raises(Conflict, match="Somebody else changed this first"):
            given = {"user_id": lead.id, "due_on": None, "versions": versions, "by": by}
            name_owner(get_accreditation(made), ["1.1", "1.2"], **given)
    assert owned(in_scope, council, made) == {"1.1": ("Mina Castellan", None)}


def test_an_element_has_to_be_asked_for_and_the_decision_open(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        assert list(elements_of(get_accreditation(made)))[:2] == ["1.1", "1.2"]
    for codes in (["9.9"], []):
        with pytest.raises(NotFound):
            factory.name_owner(app, council, made, codes, lead)
    make_submission(app, council, made)  # at rest, but before the decision
    factory.name_owner(app, council, made, ["1.1"], lead)
    with in_scope(council.scope()) as session:
        session.execute(sa.text("update accreditations set stage = 'withdrawn' where id = :id"), {"id": made})
    with pytest.raises(Conflict, match="Nobody answers any more at the stage “Withdrawn”"):
        factory.name_owner(app, council, made, ["1.1"], None)


def test_the_lead_hears_of_an_owner_who_left_and_of_whom_to_replace(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    factory.name_owner(app, council, made, ["1.1", "2.1"], editor)
    with in_scope(council.scope()):
        assert [(each.id, codes) for each, codes in list_owned(council.id, editor.id)] == [(made, ["1.1", "2.1"])]
    _end(app, council, lead, editor)
    words = "Mina Castellan is no longer here. Name another owner for 1.1 and 2.1."
    assert told(in_scope, council, lead) == [(words, f"/councils/{council.slug}/accreditations/{made}/")]
    with in_scope(council.scope()):
        assert list_owners(get_accreditation(made), ["1.1"])["1.1"].name == "Mina Castellan"


def test_who_may_still_write_has_not_left(
    app: Flask, council: MadeCouncil, lead: MadeUser, editor: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with app.app_context(), within(Scope.operator(None)):
        second = {"scope_slug": council.slug, "role": "council_viewer", "hashed": hash_password(editor.password)}
        add_user(email=editor.email, name=editor.name, **second, by=CONSOLE)
    factory.name_owner(app, council, made, ["1.1"], editor)
    _end(app, council, lead, editor, "council_viewer")
    assert told(in_scope, council, lead) == []
    _end(app, council, lead, editor, "council_editor")
    assert len(told(in_scope, council, lead)) == 1


def _end(app: Flask, council: MadeCouncil, lead: MadeUser, leaver: MadeUser, role: str = "council_editor") -> None:
    """End a role of a colleague, with what follows from it; a second run of the job tells nothing new."""
    target = Target("council", council.region.id, council.id, council.name)
    with app.app_context():
        with within(council.scope(lead.id)):
            access = next(each for each in list_access(target) if (each.user_id, each.role) == (leaver.id, role))
            access_service.end(target, access, by=Actor(lead.id, lead.name))
        jobs.run_all()
        with within(council.scope()):
            tell_of_lost_owner(access.id)
