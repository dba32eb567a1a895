"""Two at once: the contributor sends while the asker withdraws, and two editors take the same text. One wins."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import find_answer
from assessment.queries.contributions import find_open, get_request
from assessment.queries.frameworks import get_framework
from assessment.rules.contributions import State, state_of
from assessment.services import contributions
from saas import clock
from saas.db import db
from saas.errors import Conflict
from saas.security import digest
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import make_contribution, make_secret, read_contribution, send_contribution
from tests.factories.tenants import MadeCouncil, make_council, make_region, make_user

PATIENCE_SECONDS = 30.0


@pytest.fixture
def council(built_app: Flask, owner: sa.Engine) -> MadeCouncil:
    """A council, committed."""
    return make_council(built_app, make_region(built_app))


def test_a_text_sent_first_cannot_be_withdrawn(built_app: Flask, council: MadeCouncil) -> None:
    request_id = make_contribution(built_app, council, make_accreditation(built_app, council))
    key_hash = digest(make_secret(built_app, council, request_id))
    sent, told = threading.Event(), list[str]()

    def withdraw() -> None:
        sent.wait(PATIENCE_SECONDS)
        try:
            with built_app.app_context(), within(council.scope()):
                contributions.withdraw(get_request(council.id, request_id, lock=True), by=Actor(None, "Ann"))
        except Conflict as refusal:
            told.append(refusal.message)

    asker = threading.Thread(target=withdraw)
    asker.start()
    with built_app.app_context(), within(Scope.bearer(key_hash=key_hash)):
        asked = find_open(key_hash)
        assert asked is not None
        contributions.send(asked, "Just in time.")
        db.session.flush()
        sent.set()
        asker.join(0.5)  # it is waiting for this transaction to end
        assert told == []
    asker.join(PATIENCE_SECONDS)
    assert told == ["Gwen Group sent the text in the meantime."]
    assert state_of(read_contribution(built_app, council, request_id), clock.now()) is State.SENT


def test_a_request_withdrawn_first_takes_no_text(built_app: Flask, council: MadeCouncil) -> None:
    request_id = make_contribution(built_app, council, make_accreditation(built_app, council))
    key_hash = digest(make_secret(built_app, council, request_id))
    withdrawn, found = threading.Event(), list[bool]()

    def send() -> None:
        withdrawn.wait(PATIENCE_SECONDS)
        with built_app.app_context(), within(Scope.bearer(key_hash=key_hash)):
            found.append(find_open(key_hash) is not None)

    contributor = threading.Thread(target=send)
    contributor.start()
    with built_app.app_context(), within(council.scope()):
        contributions.withdraw(get_request(council.id, request_id, lock=True), by=Actor(None, "Ann"))
        db.session.flush()
        withdrawn.set()
        contributor.join(0.5)
        assert found == []
    contributor.join(PATIENCE_SECONDS)
    assert found == [False]
    assert state_of(read_contribution(built_app, council, request_id), clock.now()) is State.WITHDRAWN


def test_two_editors_take_a_text_once(built_app: Flask, council: MadeCouncil) -> None:
    accreditation_id = make_accreditation(built_app, council)
    request_id = make_contribution(built_app, council, accreditation_id)
    send_contribution(built_app, make_secret(built_app, council, request_id), "The words.")
    people = [make_user(built_app, council, "council_editor", name) for name in ("Ada", "Bo")]
    both_there, told = threading.Barrier(2), list[str]()

    def take(by: Actor) -> None:
        both_there.wait(PATIENCE_SECONDS)
        try:
            with built_app.app_context(), within(council.scope(by.id)):
                accreditation = get_accreditation(accreditation_id, share=True)
                request = get_request(council.id, request_id)
                contributions.take_in(accreditation, request, version=0, by=by)
            told.append("taken")
        except Conflict as refusal:
            told.append(refusal.message)

    editors = [threading.Thread(target=take, args=(Actor(each.id, each.name),)) for each in people]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join(PATIENCE_SECONDS)
    assert max(told) == "taken"
    assert min(told).endswith("took this text into the answer in the meantime.")
    with built_app.app_context(), within(council.scope(), read_only=True):
        accreditation = get_accreditation(accreditation_id)
        answer = find_answer(accreditation, get_framework(accreditation.framework_id).ids["1.1.1"])
        assert answer is not None
        assert answer.narrative == "The words."
