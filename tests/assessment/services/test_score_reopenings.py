"""Scoring again after the scores were shown: a new score beside the earlier one, and nothing else is opened."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.frameworks import Requirement
from assessment.models.scores import Score
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import list_awaited, list_moderations, list_reopenings, list_trail
from assessment.queries.scores import get_file, list_others, list_scores
from assessment.queries.scores_again import list_own_files
from assessment.services import moderations, score_reopenings
from saas.errors import Conflict, Invalid
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.scores import MadeCase, actor, make_scored
from tests.factories.tenants import MadeCouncil, MadeRegion

REASON = "The minutes of May came to light."


def strict(code: str) -> str:
    """A scorer who finds the first requirement not met."""
    return "not_met" if code == "1.1.1" else "met"


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """Both have submitted, and differ on 1.1.1."""
    return make_scored(app, council, region, judges=(lambda _: "met", strict))


def open_again(in_scope: InScope, case: MadeCase, *codes: str) -> None:
    """Begin moderation, let stand what agrees, and open these to be scored again."""
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        ids = get_framework(case.framework_id).ids
        moderations.begin(accreditation, by=by)
        moderations.agree_all(accreditation, by=by)
        for code in codes:
            score_reopenings.reopen(accreditation, ids[code], reason=REASON, by=by)


def again(in_scope: InScope, case: MadeCase, scorer: int, code: str, **values: Any) -> None:
    """One scorer scores once more."""
    asked = {"judgement": "met", "reason": "Seen now", "version": 1} | values
    with in_scope(case.file(scorer)):
        score_reopenings.score_again(case.accreditation_id, code, by=actor(case.scorers[scorer]), **asked)


def test_a_new_score_stands_beside_the_earlier_and_what_was_agreed_is_void(in_scope: InScope, case: MadeCase) -> None:
    open_again(in_scope, case, "1.1.1", "1.2.1")
    first, second = (user.name for user in case.scorers)
    again(in_scope, case, 1, "1.1.1")
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        ids, by = get_framework(case.framework_id).ids, actor(case.officer)
        assert len(list_moderations(accreditation.id)) == 26  # 1.2.1 was agreed, and is void
        again_of = {key: (each.given, each.scorers) for key, each in list_awaited(accreditation.id).items()}
        assert again_of == {ids["1.1.1"]: (1, 2), ids["1.2.1"]: (0, 2)}
        assert moderations.agree_all(accreditation, by=by) == 0
        with pytest.raises(Conflict, match=r"no agreed judgement yet: 1\.1\.1, 1\.2\.1\."):
            moderations.finish(accreditation, by=by)
    again(in_scope, case, 0, "1.1.1")
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assert [(each.name, each.judgement, each.void) for each in list_trail(accreditation.id, ids["1.1.1"])] == [
            (first, "met", "Scored again later."),
            (second, "not_met", "Scored again later."),
            (case.officer.name, None, ""),
            (second, "met", ""),
            (first, "met", ""),
        ]
        assert moderations.agree_all(accreditation, by=actor(case.officer)) == 1
        assert list(list_reopenings(accreditation.id)) == [ids["1.2.1"]]
        score_reopenings.close(accreditation, ids["1.2.1"], by=actor(case.officer))
        assert list_reopenings(accreditation.id) == {}


def seen_of(in_scope: InScope, case: MadeCase) -> dict[str, list[int]]:
    """The numbers of the second scorer's scores of 1.1.1 that each may see: the two scorers, and the region."""
    wanted = (
        select(Score.number)
        .join(Requirement, Requirement.id == Score.requirement_id)
        .where(Score.user_id == case.scorers[1].id, Requirement.code == "1.1.1")
        .order_by(Score.number)
    )
    scopes = {"first": case.file(0), "second": case.file(1), "region": case.region.scope(case.officer.id)}
    seen = {}
    for name, scope in scopes.items():
        with in_scope(scope) as session:
            seen[name] = list(session.scalars(wanted))
    return seen


def test_a_new_score_is_its_scorers_alone_until_all_have_scored_again(in_scope: InScope, case: MadeCase) -> None:
    open_again(in_scope, case, "1.1.1")
    again(in_scope, case, 1, "1.1.1", judgement="partly_met", improvement="Write it down")
    assert seen_of(in_scope, case) == {"first": [1], "second": [1, 2], "region": [1]}
    with in_scope(case.region.scope(case.officer.id)):
        requirement_id = get_framework(case.framework_id).ids["1.1.1"]
        assert {
            each.judgement for each in list_scores(case.accreditation_id) if each.requirement_id == requirement_id
        } == {
            "met",
            "not_met",
        }
        assert [each.kind for each in list_trail(case.accreditation_id, requirement_id)] == [
            "score",
            "score",
            "reopening",
        ]
    with in_scope(case.file(0)):
        _, own = get_file(case.accreditation_id, case.scorers[0].id)
        assert [each.judgement for each in list_others(own, requirement_id)] == ["not_met"]
    again(in_scope, case, 0, "1.1.1")
    assert seen_of(in_scope, case) == {"first": [1, 2], "second": [1, 2], "region": [1, 2]}
    with in_scope(case.file(0)):
        assert [each.judgement for each in list_others(own, requirement_id)] == ["partly_met"]


@pytest.mark.parametrize("ending", ["close", "moderate"])
def test_when_the_region_waits_for_no_more_what_is_there_shows(in_scope: InScope, case: MadeCase, ending: str) -> None:
    open_again(in_scope, case, "1.1.1")
    again(in_scope, case, 1, "1.1.1")
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        requirement_id = get_framework(case.framework_id).ids["1.1.1"]
        if ending == "close":
            score_reopenings.close(accreditation, requirement_id, by=by)
        else:
            moderations.moderate(accreditation, requirement_id, judgement="met", reason="Seen", by=by)
    assert seen_of(in_scope, case) == {"first": [1, 2], "second": [1, 2], "region": [1, 2]}


def test_a_second_reopening_holds_only_what_is_given_after_it(in_scope: InScope, case: MadeCase) -> None:
    open_again(in_scope, case, "1.1.1")
    for scorer in (0, 1):
        again(in_scope, case, scorer, "1.1.1")
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        requirement_id = get_framework(case.framework_id).ids["1.1.1"]
        score_reopenings.close(accreditation, requirement_id, by=by)
        score_reopenings.reopen(accreditation, requirement_id, reason=REASON, by=by)
    again(in_scope, case, 1, "1.1.1", version=2)
    assert seen_of(in_scope, case) == {"first": [1, 2], "second": [1, 2, 3], "region": [1, 2]}


def test_a_requirement_is_opened_once_with_a_reason_and_only_in_moderation(in_scope: InScope, case: MadeCase) -> None:
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        ids = get_framework(case.framework_id).ids
        with pytest.raises(Conflict, match="not at “Being assessed”"):
            score_reopenings.reopen(accreditation, ids["1.1.1"], reason=REASON, by=by)
    open_again(in_scope, case, "1.1.1")
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        with pytest.raises(Conflict, match="open to be scored again already"):
            score_reopenings.reopen(accreditation, ids["1.1.1"], reason=REASON, by=by)
        with pytest.raises(Invalid, match="Say why"):
            score_reopenings.reopen(accreditation, ids["1.2.1"], reason=" ", by=by)


@pytest.mark.parametrize(
    ("code", "values", "refusal"),
    [
        ("1.2.1", {}, "1.2.1 is not open to be scored again."),
        ("9.9.9", {}, "9.9.9 is not open to be scored again."),
        ("1.1.1", {"version": 0}, score_reopenings.OTHER_WINDOW),
        ("1.1.1", {"version": 2}, score_reopenings.OTHER_WINDOW),
    ],
)
def test_nothing_else_can_be_scored_again(
    in_scope: InScope, case: MadeCase, code: str, values: dict[str, Any], refusal: str
) -> None:
    open_again(in_scope, case, "1.1.1")
    with pytest.raises(Conflict) as refused:
        again(in_scope, case, 0, code, **values)
    assert refused.value.message == refusal


def test_a_new_score_needs_a_judgement_and_a_reason(in_scope: InScope, case: MadeCase) -> None:
    open_again(in_scope, case, "1.1.1")
    with pytest.raises(Invalid) as refused:
        again(in_scope, case, 0, "1.1.1", judgement="splendid", reason=" ")
    assert sorted(refused.value.messages) == ["judgement", "reason"]


def test_the_queue_of_a_scorer_names_what_is_open_until_it_is_scored(in_scope: InScope, case: MadeCase) -> None:
    open_again(in_scope, case, "1.2.1", "1.1.1")
    again(in_scope, case, 0, "1.2.1")
    own = []
    for user in case.scorers:
        with in_scope(Scope.person(user.id)):
            [file] = list_own_files().values()
            own.append((file.stage, file.again))
    assert own == [("moderating", ("1.1.1",)), ("moderating", ("1.1.1", "1.2.1"))]
    with in_scope(Scope.person(case.officer.id)):
        assert list_own_files() == {}
