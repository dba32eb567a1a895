"""Passkeys: kept once, and shown by their own device, to this site, in answer to this challenge."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from saas.tenancy import Actor, Scope
from tenants.queries.second_factors import find_passkey
from tenants.services import passkeys
from tenants.services.passkeys import NotTaken, Site
from tests.conftest import InScope
from tests.factories.passkeys import SoftKey, as_text
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

HERE = Site.at("http://localhost")
ASKED, OTHER = b"asked" * 8, b"other" * 8


def add(in_scope: InScope, user: MadeUser, key: SoftKey, challenge: bytes = ASKED) -> None:
    """Keep a passkey for the user."""
    with in_scope(Scope.person(user.id)):
        by = Actor(user.id, user.name)
        passkeys.add(user.id, HERE, key.make(challenge), ASKED, " My  key ", by=by)


def show(in_scope: InScope, user: MadeUser, key: SoftKey, answer: str, *, alone: bool = True) -> None:
    """Show what a browser answered to ASKED."""
    with in_scope(Scope.person(user.id)):
        found = find_passkey(user.id, as_text(key.id))
        assert found is not None
        passkeys.check(found, HERE, answer, ASKED, alone=alone)


def test_a_passkey_is_kept_and_opens_the_door(in_scope: InScope, lead: MadeUser) -> None:
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    answer = key.show(ASKED)
    assert passkeys.shown(answer) == (lead.id, as_text(key.id))
    show(in_scope, lead, key, answer)
    with in_scope(Scope.person(lead.id)):
        kept = find_passkey(lead.id, as_text(key.id))
        assert kept is not None
        assert (kept.name, kept.transports, kept.sign_count) == ("My key", ["internal"], 1)
        assert kept.last_used_at is not None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key: key.show(OTHER),
        lambda key: key.show(ASKED, verified=False),
        lambda key: key.make(ASKED),
        lambda key: SoftKey(key.user_id).show(ASKED),
        lambda key: key.show(ASKED).replace('"signature": "', '"signature": "A'),
    ],
    ids=["another challenge", "owner not checked", "made, not shown", "another key", "spoilt"],
)
def test_a_wrong_answer_opens_nothing(in_scope: InScope, lead: MadeUser, wrong: Callable[[SoftKey], str]) -> None:
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    with pytest.raises(NotTaken):
        show(in_scope, lead, key, wrong(key))


def test_an_answer_for_another_site_opens_nothing(in_scope: InScope, lead: MadeUser) -> None:
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    for host, origin in (("evil.example", "http://localhost"), ("localhost", "https://evil.example")):
        key.host, key.origin = host, origin
        with pytest.raises(NotTaken):
            show(in_scope, lead, key, key.show(ASKED))


def test_as_the_second_step_the_device_need_not_check_its_owner(in_scope: InScope, lead: MadeUser) -> None:
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    show(in_scope, lead, key, key.show(ASKED, verified=False), alone=False)
    with in_scope(Scope.person(lead.id)):
        kept = find_passkey(lead.id, as_text(key.id))
        assert kept is not None
        assert (kept.sign_count, kept.last_used_at is not None) == (1, True)


def test_a_copied_key_is_told_by_its_count(in_scope: InScope, lead: MadeUser) -> None:
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    first, second = key.show(ASKED), key.show(ASKED)
    show(in_scope, lead, key, second)
    with pytest.raises(NotTaken):
        show(in_scope, lead, key, first)


def test_nobody_has_more_than_ten(in_scope: InScope, lead: MadeUser) -> None:
    for _ in range(passkeys.MOST):
        add(in_scope, lead, SoftKey(lead.id))
    with pytest.raises(NotTaken, match="You have 10 passkeys"):
        add(in_scope, lead, SoftKey(lead.id))


def test_a_passkey_is_of_one_person(in_scope: InScope, app, council: MadeCouncil, lead: MadeUser) -> None:
    other = make_user(app, council, "council_editor")
    key = SoftKey(lead.id)
    add(in_scope, lead, key)
    with pytest.raises(NotTaken, match="in use already"):
        add(in_scope, other, key)
    with in_scope(Scope.person(other.id)):
        assert find_passkey(other.id, as_text(key.id)) is None
    with pytest.raises(NotTaken):
        add(in_scope, other, SoftKey(other.id), challenge=OTHER)
