"""Scores while others are at work: threads with connections of their own that really commit."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.scores import ScoreDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own, list_team
from assessment.queries.scores import list_drafts
from assessment.services import scores
from saas.errors import Conflict
from saas.transaction import Rollback, within
from tests.factories.scores import MadeCase, actor, make_declared
from tests.factories.tenants import make_council, make_region

PATIENCE_SECONDS = 30.0


@pytest.fixture
def case(built_app: Flask, owner: sa.Engine) -> MadeCase:
    """A declared team, committed."""
    region = make_region(built_app)
    return make_declared(built_app, make_council(built_app, region), region)


def save(app: Flask, case: MadeCase, scorer: int, code: str, reason: str) -> str:
    """Save a first draft; "saved", or the words that stood there already."""
    said = "saved"
    with app.app_context(), within(case.file(scorer)):
        try:
            by = actor(case.scorers[scorer])
            scores.save(case.accreditation_id, code, judgement="met", reason=reason, version=0, by=by)
        except Conflict as error:
            said = error.theirs.reason if isinstance(error.theirs, ScoreDraft) else error.message
            raise Rollback from error
    return said


def at_once(*works: Callable[[], str]) -> list[str]:
    """Do the works in threads that start together; what each returned."""
    results: list[str] = ["unfinished"] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], str]) -> None:
        start.wait(PATIENCE_SECONDS)
        results[number] = work()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return results


def scored(app: Flask, case: MadeCase) -> dict[str, int]:
    """Name of each scorer → how many requirements the region sees as scored."""
    with app.app_context(), within(case.region.scope(), read_only=True):
        return {each.name: each.scored for each in list_team(case.accreditation_id) if each.duty == "scorer"}


def test_two_windows_at_once_keep_one_and_tell_the_other(built_app: Flask, case: MadeCase) -> None:
    for code in ("1.1.1", "1.2.1", "1.3.1"):
        results = at_once(
            lambda code=code: save(built_app, case, 0, code, "left"),  # type: ignore[misc]
            lambda code=code: save(built_app, case, 0, code, "right"),  # type: ignore[misc]
        )
        assert sorted(results) in (["left", "saved"], ["right", "saved"])
    assert scored(built_app, case) == {case.scorers[0].name: 3, case.scorers[1].name: 0}


def test_two_assessors_at_once_lose_nothing(built_app: Flask, case: MadeCase) -> None:
    codes = ("1.1.1", "1.2.1", "1.3.1", "1.4.1")
    works = [
        lambda scorer=scorer: ", ".join(save(built_app, case, scorer, code, f"{scorer} on {code}") for code in codes)
        for scorer in (0, 1)
    ]
    assert at_once(*works) == ["saved, saved, saved, saved"] * 2
    assert scored(built_app, case) == {scorer.name: 4 for scorer in case.scorers}
    with built_app.app_context(), within(case.file(1), read_only=True):
        own = get_own(case.accreditation_id, case.scorers[1].id)
        assert sorted(draft.reason for draft in list_drafts(own).values()) == [f"1 on {code}" for code in codes]


def test_a_score_is_saved_while_the_region_holds_the_accreditation(built_app: Flask, case: MadeCase) -> None:
    with built_app.app_context(), within(case.region.scope()):
        get_accreditation(case.accreditation_id, lock=True)
        assert at_once(lambda: save(built_app, case, 0, "1.1.1", "in time")) == ["saved"]
