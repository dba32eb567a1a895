"""Contributions: who may be asked, what the bearer of a link sees and writes, and how a text joins the answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from assessment.models.answers import Answer, AnswerVersion, ContributionRequest
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import find_answer
from assessment.queries.contributions import find_open, get_request, list_contributions
from assessment.queries.frameworks import get_framework
from assessment.rules.contributions import State
from assessment.services import answers, contributions
from saas import clock, events
from saas.db import Base
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.security import digest
from saas.tenancy import CONSOLE, Actor, Scope
from tenants.models.councils import Region
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import make_contribution, make_secret, send_contribution
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def saved(accreditation_id: UUID, narrative: str, *, version: int = 0, by: Actor = CONSOLE) -> Answer:
    """Save the answer to 1.1.1."""
    accreditation = get_accreditation(accreditation_id, share=True)
    wanted = get_framework(accreditation.framework_id).ids["1.1.1"]
    given = {"judgement": "met", "narrative": narrative, "not_applicable_reason": ""}
    return answers.save(accreditation, wanted, **given, version=version, by=by)


def take(council: MadeCouncil, accreditation_id: UUID, request_id: UUID, *, version: int, by: Actor) -> Answer:
    """Add the text to the answer."""
    request = get_request(council.id, request_id)
    return contributions.take_in(get_accreditation(accreditation_id, share=True), request, version=version, by=by)


def test_the_bearer_of_a_secret_sees_its_own_request_and_nothing_else(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_contribution(app, council, made)
    second = make_contribution(app, council, made, email="other@example.org")
    secret = make_secret(app, council, first)
    make_secret(app, council, second)
    seen = {}
    tables = [table for table in Base.metadata.sorted_tables if "council_id" in table.columns]
    with in_scope(Scope.bearer(key_hash=digest(secret))) as session:
        for table in tables:
            with session.begin_nested():
                try:
                    count = session.scalar(sa.select(sa.func.count()).select_from(table))
                except ProgrammingError:
                    count = 0
            seen[table.name] = count
        ids = session.scalars(sa.select(ContributionRequest.id)).all()
    assert {name: count for name, count in seen.items() if count} == {"contribution_requests": 1}
    assert ids == [first]


def test_the_bearer_writes_its_own_row_only_and_only_while_it_is_open(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_contribution(app, council, made)
    second = make_contribution(app, council, made, email="other@example.org")
    key_hash = digest(make_secret(app, council, first))
    make_secret(app, council, second)
    change = sa.update(ContributionRequest).values(words="Mine")
    with in_scope(Scope.bearer(key_hash=key_hash)) as session:
        assert session.execute(change).rowcount == 1
    with in_scope(Scope.bearer(key_hash="0" * 64)) as session:
        assert session.execute(change).rowcount == 0
    with in_scope(Scope.bearer(key_hash=key_hash)) as session:  # noqa: SIM117  the savepoint ends first
        with pytest.raises(ProgrammingError, match="does not open"), session.begin_nested():
            session.execute(sa.update(ContributionRequest).values(key_hash="0" * 64))
    with in_scope(council.scope()) as session:
        contributions.withdraw(get_request(council.id, first, lock=True), by=CONSOLE)
    with in_scope(Scope.bearer(key_hash=key_hash)) as session:
        assert session.execute(change).rowcount == 0
        assert find_open(key_hash) is None


def test_the_bearer_moves_no_row_and_writes_no_event_of_another(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    other = make_council(app, council.region)
    there = make_accreditation(app, other)
    made = make_accreditation(app, council)
    first = make_contribution(app, council, made)
    second = make_contribution(app, council, made, email="other@example.org")
    key_hash = digest(make_secret(app, council, first))
    moves: list[dict[str, object]] = [
        {"council_id": other.id, "accreditation_id": there},
        {"expires_at": clock.now() + timedelta(days=900)},
        {"name": "Somebody else"},
        {"taken_at": clock.now(), "sent_at": clock.now()},
    ]
    for move in moves:
        with in_scope(Scope.bearer(key_hash=key_hash)) as session:  # noqa: SIM117  the savepoint ends first
            with pytest.raises(ProgrammingError, match="does not open"), session.begin_nested():
                session.execute(sa.update(ContributionRequest).values(**move))
    with in_scope(council.scope(), read_only=True):
        foreign = get_request(council.id, second)
    with pytest.raises(ProgrammingError, match="does not open"), in_scope(Scope.bearer(key_hash=key_hash)):
        events.record("contribution.sent", foreign, by=CONSOLE, audience="council")
    region = Region(id=council.region.id)
    with pytest.raises(ProgrammingError, match="does not open"), in_scope(Scope.bearer(key_hash=key_hash)):
        events.record("region.changed", region, by=CONSOLE, audience="region")


def test_another_council_sees_no_request(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_contribution(app, council, make_accreditation(app, council))
    for scope in (make_council(app, council.region).scope(), council.region.scope(), Scope.nobody()):
        with in_scope(scope) as session:
            assert session.scalars(sa.select(ContributionRequest)).all() == []


def test_who_is_asked_and_until_when_is_checked(app: Flask, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    for wrong in ({"email": "nobody"}, {"due_on": clock.today() - timedelta(days=1)}):
        with pytest.raises(Invalid, match=next(iter(wrong))):
            make_contribution(app, council, made, **wrong)
    with pytest.raises(Invalid, match="at most 180 days"):
        make_contribution(app, council, made, due_on=clock.today() + timedelta(days=181))
    make_contribution(app, council, made)
    with pytest.raises(Invalid, match="was asked about this requirement already"):
        make_contribution(app, council, made, email="GWEN@example.org")
    make_contribution(app, council, made, code="1.2.1")


def test_a_draft_is_its_writers_alone(
    app: Flask, council: MadeCouncil, in_scope: InScope, statements: Statements
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made)
    secret = make_secret(app, council, request_id)
    with in_scope(Scope.bearer(key_hash=digest(secret))):
        asked = find_open(digest(secret))
        assert asked is not None
        contributions.save_draft(asked, "Half a sentence")

    def lines() -> list[tuple[State, bool, str]]:
        accreditation = get_accreditation(made)
        wanted = get_framework(accreditation.framework_id).ids["1.1.1"]
        with statements() as sql:
            found = list_contributions(accreditation, wanted)
        assert len(sql) == 1
        return [(line.state, line.begun, line.words) for line in found]

    with in_scope(council.scope()):
        assert lines() == [(State.ASKED, True, "")]
    send_contribution(app, secret, "A whole sentence.")
    with in_scope(council.scope()):
        assert lines() == [(State.SENT, True, "A whole sentence.")]


def test_a_text_joins_the_answer_as_a_version_that_names_its_writer(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made)
    send_contribution(app, make_secret(app, council, request_id), "Gwen's words.")
    by = Actor(lead.id, "Lea Lead")
    with in_scope(council.scope(lead.id)):
        saved(made, "Our words.", by=by)
    with in_scope(council.scope(lead.id)):
        answer = take(council, made, request_id, version=1, by=by)
        assert (answer.judgement, answer.narrative) == ("met", "Our words.\n\nGwen's words.")
    with in_scope(council.scope()) as session:
        versions = session.execute(
            sa.select(AnswerVersion.narrative, AnswerVersion.written_by_name).order_by(AnswerVersion.number)
        )
        assert [tuple(row) for row in versions] == [
            ("Our words.", "Lea Lead"),
            ("Our words.\n\nGwen's words.", "Lea Lead, with a text by Gwen Group"),
        ]
        told = session.execute(
            sa.select(Event.verb, Event.payload).where(Event.verb.like("contribution.%")).order_by(Event.at)
        )
        about = {"name": "Gwen Group", "requirement": "1.1.1"}
        assert [tuple(row) for row in told] == [
            ("contribution.asked", {"by": "Console"} | about),
            ("contribution.sent", {"by": "Gwen Group"} | about),
            ("contribution.taken", {"by": "Lea Lead"} | about),
        ]


def test_an_answer_that_somebody_else_changed_meanwhile_is_shown_first(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made)
    send_contribution(app, make_secret(app, council, request_id))
    editor = make_user(app, council, "council_editor")
    with in_scope(council.scope(editor.id)):
        saved(made, "The editor's.", by=Actor(editor.id, editor.name))
    with in_scope(council.scope(lead.id)), pytest.raises(Conflict) as refusal:
        take(council, made, request_id, version=0, by=Actor(lead.id, lead.name))
    assert isinstance(refusal.value.theirs, Answer)
    with in_scope(council.scope(lead.id)):
        assert take(council, made, request_id, version=1, by=Actor(lead.id, lead.name)).narrative.startswith("The ed")


def test_a_text_is_settled_once_and_setting_aside_is_undone(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made)
    by = Actor(lead.id, "Lea Lead")

    def act(verb: str) -> None:
        with in_scope(council.scope(lead.id)):
            getattr(contributions, verb)(get_request(council.id, request_id, lock=True), by=by)

    def refused(verb: str) -> str:
        with pytest.raises(Conflict) as refusal:
            act(verb)
        return refusal.value.message

    assert refused("set_aside") == "Gwen Group has not sent a text yet."
    send_contribution(app, make_secret(app, council, request_id))
    assert refused("withdraw") == "Gwen Group sent the text in the meantime."
    act("set_aside")
    assert refused("set_aside") == "Lea Lead set this text aside in the meantime."
    act("bring_back")
    assert refused("bring_back") == "This text is not set aside any more."
    with in_scope(council.scope(lead.id)):
        take(council, made, request_id, version=0, by=by)
    with in_scope(council.scope(lead.id)), pytest.raises(Conflict, match="Lea Lead took this text into the answer"):
        take(council, made, request_id, version=1, by=by)
    with in_scope(council.scope(lead.id)):
        accreditation = get_accreditation(made)
        answer = find_answer(accreditation, get_framework(accreditation.framework_id).ids["1.1.1"])
        assert answer is not None
        assert answer.narrative == "They found it useful."


def test_a_later_mail_repeats_the_secret_and_sending_again_makes_another(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    request_id = make_contribution(app, council, made, due_on=clock.today())
    first = make_secret(app, council, request_id)
    with in_scope(council.scope()):
        contributions.extend(get_request(council.id, request_id, lock=True), by=CONSOLE)
    assert make_secret(app, council, request_id) == first
    with in_scope(council.scope()):
        request = get_request(council.id, request_id, lock=True)
        contributions.resend(request, by=CONSOLE)
        assert (request.key_hash, request.due_on) == (None, clock.today() + timedelta(days=14))
    assert make_secret(app, council, request_id) != first
