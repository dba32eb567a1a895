"""The mail that asks somebody to sign: sent once, the same when tried again, shown as not sent when it cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from assessment.jobs.signings import remind_signatories, send_signature_request
from assessment.queries.accreditations import get_accreditation
from assessment.queries.signings import find_current, get_request, list_requests
from saas import rounds
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.signings import CHIEF, LEADER, commit_by_asking, links_in, make_holder, requests_of
from tests.factories.tenants import MadeCouncil

SAM = "sam.okoro@example.org"


@pytest.fixture
def held(app: Flask, council: MadeCouncil) -> MadeCouncil:
    """The council with a Leader and a Chief Executive who can be reached by mail."""
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    return council


def test_the_mail_says_who_asks_for_what_and_until_when(app: Flask, held: MadeCouncil, postbox: Postbox) -> None:
    commit_by_asking(app, held)
    text = postbox.empty()
    for words in (
        f"Subject: Please sign: Commitment to Charter, {held.name}",
        f"Console asks you to sign for {held.name}, as Leader:",
        "whoever has it can sign in your name. It works until",
    ):
        assert words in text


def test_running_twice_sends_once(app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox) -> None:
    made = commit_by_asking(app, held)
    postbox.empty()
    with in_scope(held.scope()):
        send_signature_request(requests_of(app, held, made)[LEADER])
    assert postbox.empty() == ""


def test_a_mail_tried_again_carries_the_same_link(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held)
    first = links_in(postbox.empty())[SAM]
    with in_scope(held.scope()):
        signing = find_current(get_accreditation(made), "commitment")
        assert signing is not None
        for asked in list_requests(signing.id):
            asked.key_hash = None  # as after a worker that was stopped between the mail and its commit
            send_signature_request(asked.id)
    assert links_in(postbox.empty())[SAM] == first


def test_an_address_that_takes_no_mail_shows_as_not_sent(
    app: Flask, council: MadeCouncil, in_scope: InScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, environment = app.extensions["charterway_mail"]
    away = replace(server, scheme="smtp", host="127.0.0.1", port=1)
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    monkeypatch.setitem(app.extensions, "charterway_mail", (away, environment))
    made = commit_by_asking(app, council)  # the server is away: the job waits and is tried again
    asked_id = requests_of(app, council, made)[LEADER]
    with in_scope(council.scope()):
        assert get_request(asked_id).key_hash is None


def test_reminding_is_a_round_of_every_day() -> None:
    assert remind_signatories.__name__ in rounds.names()
