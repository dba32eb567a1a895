"""What somebody of a team declares, at first and late, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from assessment.models.assignments import Assignment
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import (
    get_own,
    list_empty_places,
    list_interests,
    list_own,
    list_team,
)
from assessment.queries.scores import list_scores
from assessment.services import interests
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.assessors import enter
from tests.factories.awards import make_award
from tests.factories.scores import actor, make_declared, make_scored, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion


def test_interests_are_declared_once(app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope) -> None:
    case = make_team(app, council, region)
    by = actor(case.scorers[0])
    with in_scope(case.file(0)), pytest.raises(Invalid):
        interests.declare(get_own(case.accreditation_id, case.scorers[0].id), interest="", words="", by=by)
    with in_scope(case.file(0)):
        interests.declare(get_own(case.accreditation_id, case.scorers[0].id), interest="none", words="", by=by)
    with in_scope(case.file(0)), pytest.raises(Conflict, match="declared already"):
        interests.declare(get_own(case.accreditation_id, case.scorers[0].id), interest="none", words="", by=by)


def test_a_conflict_declared_late_ends_the_part_at_once_and_stays_on_record(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    by = actor(case.scorers[0])
    with in_scope(case.file(0)), pytest.raises(Invalid) as refused:
        interests.declare_late(get_own(case.accreditation_id, case.scorers[0].id), words=" ", by=by)
    assert refused.value.messages == {"words": ["Say what has changed, in a sentence."]}
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words=" My sister was elected there. ", by=by)
    with in_scope(case.file(0)) as session, pytest.raises(NotFound):
        assert session.scalar(text("select count(*) from submissions")) == 0
        assert session.scalar(text("select count(*) from scores")) == 0
        get_own(case.accreditation_id, case.scorers[0].id)
    with in_scope(region.scope(case.officer.id)) as session:
        assert list_scores(case.accreditation_id) == []
        assert [
            (each.name, each.interest, each.conflicted_at is not None, each.withdrawn_reason)
            for each in list_interests(case.accreditation_id)
        ] == [
            (case.scorers[0].name, "conflict", True, "Declared a conflict of interest that was not known at first."),
            (case.scorers[1].name, "none", False, ""),
            (case.officer.name, None, False, ""),
        ]
        words = session.scalars(select(Assignment.interest_words).where(Assignment.conflicted_at.is_not(None))).one()
        assert words == "My sister was elected there."
        last = session.scalars(
            select(Event).where(Event.accreditation_id == case.accreditation_id).order_by(Event.at.desc()).limit(1)
        ).one()
        assert (last.verb, last.payload) == (
            "assignment.conflicted",
            {"by": by.name, "name": by.name, "submitted": True},
        )


def test_who_cannot_take_part_leaves_without_declaring_and_the_place_is_empty(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    first, second = case.scorers
    with in_scope(case.file(0)):
        interests.decline(get_own(case.accreditation_id, first.id, lock=True), words=" Too ill. ", by=actor(first))
    with in_scope(case.file(1)):
        interests.decline(get_own(case.accreditation_id, second.id, lock=True), words=" ", by=actor(second))
    with in_scope(case.file(0)), pytest.raises(NotFound):
        get_own(case.accreditation_id, first.id)
    with in_scope(Scope.person(first.id)):
        assert list_own(first.id) == []
    with in_scope(region.scope(case.officer.id)) as session:
        assert [
            (each.name, each.interest, each.declared_at, each.conflicted_at, each.withdrawn_reason)
            for each in list_interests(case.accreditation_id)
        ] == [
            (first.name, None, None, None, "Cannot take part: Too ill."),
            (second.name, None, None, None, "Cannot take part."),
            (case.officer.name, None, None, None, ""),
        ]
        empty = list_empty_places(get_accreditation(case.accreditation_id))
        assert [place.key for place in empty] == ["officer_1", "councillor_1"]
        last = session.scalars(
            select(Event).where(Event.accreditation_id == case.accreditation_id).order_by(Event.at.desc()).limit(1)
        ).one()
        assert (last.verb, last.audience, last.payload) == (
            "assignment.declined",
            "region",
            {"by": second.name, "name": second.name, "duty": "scorer"},
        )


def test_who_has_declared_does_not_decline_any_more(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    with in_scope(case.file(0)), pytest.raises(Conflict, match="You have declared already"):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.decline(own, words="", by=actor(case.scorers[0]))


def test_a_conflict_cannot_be_late_before_the_first_declaration(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    with in_scope(case.file(0)), pytest.raises(Conflict, match="Declare your interests first"):
        own = get_own(case.accreditation_id, case.scorers[0].id)
        interests.declare_late(own, words="A cousin works there", by=actor(case.scorers[0]))


def test_a_conflict_found_after_the_decision_closes_the_file_and_leaves_the_scores_in_sight(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="We fell out.", by=actor(case.scorers[0]))
    with in_scope(case.file(0)) as session:
        assert session.scalar(text("select count(*) from submissions")) == 0
    with in_scope(region.scope(case.officer.id)):
        scores = list_scores(case.accreditation_id)
        assert {each.name for each in scores} == {scorer.name for scorer in case.scorers}
        row = next(each for each in list_team(case.accreditation_id) if each.user_id == case.scorers[0].id)
        assert (row.interest, row.withdrawn_at, row.closed_at == row.conflicted_at) == ("conflict", None, True)
    with in_scope(case.file(0)), pytest.raises(NotFound):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="Again.", by=actor(case.scorers[0]))


def test_a_conflict_is_not_declared_late_on_a_file_that_is_no_longer_open(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    enter(app, region, case.scorers[0], left_on=clock.today() - timedelta(1))
    with in_scope(case.file(0)), pytest.raises(NotFound):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="Too late.", by=actor(case.scorers[0]))
