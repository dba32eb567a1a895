"""`charterway audit verify`: a log that was touched is found, whatever was done to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from saas import events
from saas.config import Config
from saas.db import new_id
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.models.access import User
from tenants.queries.audit import broken_chains, count_events
from tests.factories.tenants import MadeCouncil
from tests.tenants.commands.conftest import Run


@pytest.fixture
def owner(config: Config) -> Iterator[sa.Engine]:
    """The owner's own connection, which sees only what was committed."""
    engine = sa.create_engine(config.sqlalchemy_owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def chain(built_app: Flask, owner: sa.Engine) -> Iterator[str]:
    """A log of three events that was really committed, and is taken away after the test."""
    user_id = new_id()
    for number in range(3):
        with built_app.app_context(), within(Scope.person(user_id)):
            by = Actor(user_id, "Ann")
            events.record("user.signed_in", User(id=user_id), by=by, audience="person", payload={"number": number})
    name = f"user:{user_id}"
    yield name
    with owner.begin() as connection:
        for table in ("events", "event_heads"):
            connection.execute(sa.text(f"delete from {table} where scope = :name"), {"name": name})


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        (
            "update events set payload = payload || '{\"number\": 9}' where scope = :name and seq = 2",
            "the payload of link 2 was changed",
        ),
        ("update events set verb = 'user.left' where scope = :name and seq = 2", "link 2 was changed"),
        ("delete from events where scope = :name and seq = 2", "link 2 does not follow the one before it"),
        ("delete from events where scope = :name and seq = 3", "events are missing at its end"),
        ("delete from events where scope = :name", "events are missing at its end"),
        ("delete from event_heads where scope = :name", "the head of the log is missing"),
    ],
)
def test_a_log_that_was_touched_is_found(owner: sa.Engine, chain: str, tampering: str, words: str) -> None:
    with Session(owner) as session:
        assert broken_chains(session, chain) == []
        assert count_events(session, chain) == (1, 3)
        session.execute(sa.text(tampering), {"name": chain})
        assert broken_chains(session, chain) == [f"{chain}: {words}"]
        assert broken_chains(session, None) == [f"{chain}: {words}"]


def test_an_erased_payload_leaves_the_log_whole(owner: sa.Engine, chain: str) -> None:
    with Session(owner) as session:
        session.execute(sa.text("update events set payload = null, salt = null where scope = :name"), {"name": chain})
        assert broken_chains(session, chain) == []


# The chain comes first: once `app` is there, everything happens in a transaction that the owner does not see.


def test_the_command_says_how_much_it_read(chain: str, run: Run, owner: sa.Engine) -> None:
    with Session(owner) as session:
        chains, count = count_events(session, None)
    done = run("audit", "verify")
    words = f"{count} events in {chains} {'log' if chains == 1 else 'logs'}: every one follows the one before it.\n"
    assert (done.exit_code, done.stdout) == (0, words)
    assert count >= 3


def test_the_command_refuses_in_one_line(chain: str, run: Run, owner: sa.Engine) -> None:
    with owner.begin() as connection:
        connection.execute(
            sa.text("update events set verb = 'user.left' where scope = :name and seq = 1"), {"name": chain}
        )
    refused = run("audit", "verify")
    assert (refused.exit_code, refused.stderr) == (1, f"charterway: {chain}: link 1 was changed\n")


def test_a_log_of_one_place_is_asked_for_by_its_slug(run: Run, council: MadeCouncil) -> None:
    assert run("audit", "verify", "--scope", "platform").exit_code == 0
    refused = run("audit", "verify", "--scope", "nowhere")
    assert (refused.exit_code, refused.stderr) == (1, "charterway: There is no council or region named nowhere.\n")
