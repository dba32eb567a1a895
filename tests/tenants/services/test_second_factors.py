"""Second factors: each code opens the door once, and what stands for a factor goes with the last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.events import Event
from saas.tenancy import Actor, Scope
from tenants.models.access import User
from tenants.models.second_factors import Authenticator, RecoveryCode
from tenants.queries.second_factors import find_factors, wants_mail
from tenants.rules.second_factors import written
from tenants.services import passkeys, second_factors
from tenants.services.passkeys import Site
from tenants.services.second_factors import APP, RECOVERY
from tests.conftest import InScope
from tests.factories.passkeys import SoftKey
from tests.factories.second_factors import SECRET, app_code, make_app
from tests.factories.tenants import MadeUser

OTHER_SECRET = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
STEP = timedelta(seconds=30)


@pytest.fixture
def now() -> Iterator[datetime]:
    """The moment at which the test is, the middle of a step."""
    moment = clock.now().replace(second=15, microsecond=0)
    with clock.at(moment):
        yield moment


def by(user: MadeUser) -> Actor:
    """The person, who alone may do this."""
    return Actor(user.id, user.name)


def use(in_scope: InScope, user: MadeUser, code: str) -> str | None:
    """Show a code at sign-in."""
    with in_scope(Scope.person(user.id)):
        return second_factors.use_code(user.id, code, by=by(user))


def told_of(in_scope: InScope, user: MadeUser) -> list[tuple[str, dict[str, Any]]]:
    """(verb, what it tells) of the person's own events, in their order."""
    with in_scope(Scope.person(user.id)) as session:
        rows = session.scalars(sa.select(Event).where(Event.audience == "person").order_by(Event.seq))
        told = [(row.verb, dict(row.payload or {})) for row in rows]
    return [(verb, {name: value for name, value in payload.items() if name != "by"}) for verb, payload in told]


def standing(in_scope: InScope, user: MadeUser) -> tuple[bool, int, int]:
    """Whether there is an app, how many passkeys and how many unused codes."""
    with in_scope(Scope.person(user.id)):
        found = find_factors(user.id)
        return found.authenticator is not None, len(found.passkeys), found.codes_left


def test_an_app_is_kept_when_its_code_is_right(in_scope: InScope, lead: MadeUser, now: datetime) -> None:
    with in_scope(Scope.person(lead.id)):
        assert not second_factors.add_app(lead.id, SECRET, app_code(now, OTHER_SECRET), by=by(lead))
    assert (standing(in_scope, lead), told_of(in_scope, lead)) == ((False, 0, 0), [])
    with in_scope(Scope.person(lead.id)) as session:
        assert second_factors.add_app(lead.id, SECRET, f" {app_code(now)[:3]} {app_code(now)[3:]} ", by=by(lead))
        kept = session.scalars(sa.select(Authenticator)).one()
        assert (kept.user_id, kept.made_at, kept.confirmed_at) == (lead.id, now, now)
        assert SECRET not in kept.secret
    assert told_of(in_scope, lead) == [("factor.added", {"factor": "authenticator app"})]


def test_a_new_app_takes_the_place_of_the_old(app: Flask, in_scope: InScope, lead: MadeUser, now: datetime) -> None:
    make_app(app, lead)
    with in_scope(Scope.person(lead.id)):
        assert second_factors.add_app(lead.id, OTHER_SECRET, app_code(now, OTHER_SECRET), by=by(lead))
    with clock.at(now + STEP):
        assert use(in_scope, lead, app_code(now + STEP)) is None
        assert use(in_scope, lead, app_code(now + STEP, OTHER_SECRET)) == APP
    assert standing(in_scope, lead) == (True, 0, 10)


def test_a_code_of_the_app_opens_once_and_none_from_before_it(
    app: Flask, in_scope: InScope, lead: MadeUser, now: datetime
) -> None:
    make_app(app, lead)
    shown = [app_code(now + number * STEP) for number in (-2, 0, 0, -1, 1, 1, 2)]
    assert [use(in_scope, lead, code) for code in shown] == [None, APP, None, None, APP, None, None]


def test_a_recovery_code_opens_once_however_it_is_typed(app: Flask, in_scope: InScope, lead: MadeUser) -> None:
    codes = make_app(app, lead)
    typed = [written(codes[0]).upper(), codes[0], f" {written(codes[1]).replace('-', ' ')} ", "a" * 12, ""]
    assert [use(in_scope, lead, code) for code in typed] == [RECOVERY, None, RECOVERY, None, None]
    used = [payload for verb, payload in told_of(in_scope, lead) if verb == "recovery_code.used"]
    assert (used, standing(in_scope, lead)) == ([{"left": 9}, {"left": 8}], (True, 0, 8))


def test_new_codes_take_the_place_of_the_old_and_are_kept_as_hashes(
    app: Flask, in_scope: InScope, lead: MadeUser
) -> None:
    old = make_app(app, lead)
    with in_scope(Scope.person(lead.id)) as session:
        new = second_factors.make_codes(lead.id, by=by(lead))
        kept = session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert (len(set(new)), {len(code) for code in new}, {each[:9] for each in kept}) == (10, {12}, {"$argon2id"})
    assert [use(in_scope, lead, code) for code in (old[0], new[0])] == [None, RECOVERY]
    verbs = [verb for verb, _ in told_of(in_scope, lead) if verb.startswith("recovery_codes.")]
    assert verbs == ["recovery_codes.made", "recovery_codes.replaced"]


def test_recovery_codes_go_with_the_last_factor(app: Flask, in_scope: InScope, lead: MadeUser) -> None:
    make_app(app, lead)
    key, challenge = SoftKey(lead.id), b"asked" * 8
    with in_scope(Scope.person(lead.id)):
        made = key.make(challenge)
        passkeys.add(lead.id, Site.at("http://localhost"), made, challenge, "My key", by=by(lead))
    stands = [standing(in_scope, lead)]
    for _ in range(2):  # once more is no error, and tells nothing
        with in_scope(Scope.person(lead.id)):
            second_factors.remove_app(lead.id, by=by(lead))
        stands.append(standing(in_scope, lead))
    with in_scope(Scope.person(lead.id)):
        second_factors.remove_passkey(find_factors(lead.id).passkeys[0], by=by(lead))
    stands.append(standing(in_scope, lead))
    assert stands == [(True, 1, 10), (False, 1, 10), (False, 1, 10), (False, 0, 0)]
    removed = [payload for verb, payload in told_of(in_scope, lead) if verb == "factor.removed"]
    assert removed == [{"factor": "authenticator app"}, {"factor": "passkey My key"}]


def test_all_of_it_is_taken_away_and_every_session_ends(app: Flask, in_scope: InScope, lead: MadeUser) -> None:
    make_app(app, lead)
    had, epochs = [], []
    for _ in range(2):
        with in_scope(Scope.person(lead.id)) as session:
            had.append(second_factors.clear(lead.id, by=by(lead)))
        with in_scope(Scope.person(lead.id)) as session:
            epochs.append(session.scalar(sa.select(User.epoch).where(User.id == lead.id)))
    assert (had, epochs, standing(in_scope, lead)) == ([True, False], [2, 2], (False, 0, 0))
    assert [verb for verb, _ in told_of(in_scope, lead)][-2:] == ["factors.cleared", "user.signed_out_everywhere"]


def test_whoever_wants_a_mail_at_a_new_browser_says_so(in_scope: InScope, lead: MadeUser) -> None:
    heard = []
    for wanted in (False, True, False):
        with in_scope(Scope.person(lead.id)):
            second_factors.ask_mail(lead.id, wanted)
        with in_scope(Scope.person(lead.id)):
            heard.append(wants_mail(lead.id))
    assert heard == [False, True, False]
    with in_scope(Scope.person(lead.id)):
        second_factors.tell_new_browser(lead.id, "Firefox on Linux", by=by(lead))
    assert told_of(in_scope, lead) == [("browser.met", {"browser": "Firefox on Linux"})]


def test_what_an_app_is_given_names_its_owner_and_is_new_each_time() -> None:
    first, second = second_factors.new_app_secret(), second_factors.new_app_secret()
    assert (len(first), len(second), first == second) == (32, 32, False)
    assert second_factors.app_address(SECRET, "a@example.org") == (
        f"otpauth://totp/Charterway:a%40example.org?secret={SECRET}&issuer=Charterway"
    )
