"""Of when figures are, and what stands without a replica; with a real one: tests/journeys/test_replica.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, Response

from saas import clock, health, replica
from saas.config import Config
from saas.db import new_id
from saas.health import Finding
from saas.replica import Figures
from saas.tenancy import Scope

NOON = datetime(2026, 5, 4, 11, 0, tzinfo=UTC)
EARLIER = NOON - timedelta(seconds=7)


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (None, "4 May 2026 at midday"),
        (timedelta(0), "4 May 2026 at midday"),
        (timedelta(seconds=0.4), "4 May 2026 at midday"),
        (timedelta(seconds=0.9), "4 May 2026 at midday, 1 second behind"),
        (timedelta(seconds=3.2), "4 May 2026 at midday, 3 seconds behind"),
    ],
)
def test_figures_say_how_far_behind_they_are_from_a_second_on(behind: timedelta | None, words: str) -> None:
    assert Figures(NOON, behind).words == words


@pytest.mark.parametrize(
    ("copied", "replayed", "last_commit", "of"),
    [
        (True, 500, EARLIER, NOON),  # it has all that was written
        (True, 600, None, NOON),
        (True, 499, EARLIER, EARLIER),
        (True, 499, NOON + timedelta(seconds=1), NOON),  # never later than when it was asked
        (True, 499, None, None),  # no commit since it began: nobody can say
        (True, None, EARLIER, None),
        (False, 500, EARLIER, None),  # it was promoted, and goes its own way
    ],
)
def test_rows_are_of_the_moment_or_of_the_last_commit(
    copied: bool, replayed: int | None, last_commit: datetime | None, of: datetime | None
) -> None:
    assert replica._moment(copied, replayed, last_commit, 500, NOON) == of


def test_without_a_replica_the_primary_answers_and_nothing_is_noted(app: Flask, config: Config) -> None:
    user_id = new_id()
    with app.test_request_context(), clock.at(NOON):
        assert replica.answer(Scope.nobody(), Response) is None
        replica.note_write(user_id)
        assert replica.figures() == Figures(NOON)
    assert app.extensions["redis"].get(f"{replica.OWN_WRITES}{user_id}") is None
    assert replica.standing(config) is None
    assert health.replica_follows(config) == Finding("replica", True, "none: the database itself answers every page")
    assert set(app.test_client().get("/readyz").json or {}) == {"status", "checks"}


def test_one_that_does_not_answer_is_away(config: Config) -> None:
    nowhere = replace(config, replica_url="postgresql://app:none@127.0.0.1:1/charterway")
    found = replica.standing(nowhere)
    assert found is not None
    assert (found.state, found.behind) == ("away", None)
    finding = health.replica_follows(nowhere)
    assert (finding.name, finding.holds, finding.advice) == (
        "replica",
        False,
        "start the replica, or correct REPLICA_URL; until then it is not read",
    )
