"""Mailed links: asked for, given one secret, and open until they are used or have ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saas import clock
from saas.security import digest
from saas.tenancy import Actor, Scope
from tenants.models.access import IDENTITY_LINK, PASSWORD_RESET
from tenants.services import mailed_links
from tests.conftest import InScope
from tests.factories.tenants import MadeUser


@pytest.mark.parametrize(
    ("purpose", "life"), [(PASSWORD_RESET, timedelta(hours=1)), (IDENTITY_LINK, timedelta(minutes=30))]
)
def test_a_link_gets_one_secret_while_it_is_open(
    in_scope: InScope, lead: MadeUser, purpose: str, life: timedelta
) -> None:
    with in_scope(Scope.person(lead.id)):
        link = mailed_links.ask(lead.id, purpose, by=Actor(lead.id, lead.name))
        assert (link.purpose, link.key_hash, link.expires_at - link.asked_at) == (purpose, None, life)
        secret = mailed_links.give_secret(link)
        assert secret is not None
        assert link.key_hash == digest(secret)
        assert mailed_links.give_secret(link) is None
        link.key_hash = None  # its mail did not go out
        assert mailed_links.give_secret(link) == secret
        with clock.at(link.expires_at):
            assert not mailed_links.is_open(link)


def test_what_was_used_or_ended_or_is_none_is_not_open(in_scope: InScope, lead: MadeUser) -> None:
    with in_scope(Scope.person(lead.id)):
        used = mailed_links.ask(lead.id, PASSWORD_RESET, by=Actor(lead.id, lead.name))
        used.used_at = clock.now()
        late = mailed_links.ask(lead.id, PASSWORD_RESET, by=Actor(lead.id, lead.name))
        with clock.at(late.expires_at):
            assert [mailed_links.is_open(each) for each in (used, late, None)] == [False, False, False]
            assert mailed_links.give_secret(late) is None
