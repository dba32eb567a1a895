"""Scores stay their scorer's alone until all have submitted: shown first at the level of the database."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from assessment.models.scores import Score
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own, list_team
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import get_answer, get_sealed_file, list_others, list_scores
from assessment.services import accreditations, assignments, interests, moderations, scores
from saas.errors import Conflict, Forbidden, Invalid, NotFound
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils
from tests.conftest import InScope
from tests.factories.scores import (
    MadeCase,
    actor,
    make_declared,
    make_moderated,
    make_scored,
    make_team,
    score_all,
)
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_user

DRAFTS = text("select count(*) from score_drafts")
SCORES = text("select count(*) from scores")
OF_OTHERS = text("select count(*) from scores where user_id <> tenancy.user_id()")
MODERATIONS = text("select count(*) from moderations")


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A team that has declared and scored nothing."""
    return make_declared(app, council, region)


def give_access(app: Flask, case: MadeCase, email: str, name: str) -> None:
    """Let somebody have access in the council that is assessed."""
    with app.app_context(), within(Scope.operator(None)):
        councils.add_user(
            email=email, name=name, scope_slug=case.council.slug, role="council_viewer", hashed=None, by=CONSOLE
        )


def test_a_draft_is_seen_by_its_scorer_and_by_nobody_else(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    score_all(app, case, 0, submit=False)
    lead = make_user(app, case.council, "council_lead")
    seen = {}
    for name, scope in {
        "scorer": case.file(0),
        "other scorer": case.file(1),
        "region": case.region.scope(case.officer.id),
        "region without a user": case.region.scope(),
        "region as the scorer": case.region.scope(case.scorers[0].id),
        "council": case.council.scope(lead.id),
        "person": Scope.person(case.scorers[0].id, case.region.id),
        "operator": Scope.operator(None),
    }.items():
        with in_scope(scope) as session:
            seen[name] = session.scalar(DRAFTS)
    assert seen == {name: 28 if name == "scorer" else 0 for name in seen}


def test_a_score_is_hidden_until_every_scorer_has_submitted(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    lead = make_user(app, case.council, "council_lead")
    scopes = {
        "first": case.file(0),
        "second": case.file(1),
        "region": case.region.scope(case.officer.id),
        "council": case.council.scope(lead.id),
        "person": Scope.person(case.scorers[0].id, case.region.id),
    }

    def seen() -> dict[str, int]:
        found = {}
        for name, scope in scopes.items():
            with in_scope(scope) as session:
                found[name] = session.scalar(SCORES)
        return found

    assert seen() == {"first": 0, "second": 0, "region": 0, "council": 0, "person": 0}
    score_all(app, case, 0)
    assert seen() == {"first": 28, "second": 0, "region": 0, "council": 0, "person": 0}
    score_all(app, case, 1)
    assert seen() == {"first": 56, "second": 56, "region": 56, "council": 0, "person": 0}


def test_another_region_and_an_assessor_of_another_file_see_nothing(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    other = make_declared(app, make_council(app, region), region)
    with in_scope(other.file(0)) as session:
        assert session.scalar(SCORES) == 0
    with in_scope(Scope.file(case.accreditation_id, region.id, other.scorers[0].id)) as session:
        assert session.scalar(SCORES) == 0
    with in_scope(Scope.region(other.council.id, case.officer.id)) as session:
        assert session.scalar(SCORES) == 0


def test_who_has_access_in_the_council_sees_no_score_in_any_scope(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    with in_scope(region.scope(case.officer.id)) as session:
        assert (session.scalar(SCORES), session.scalar(MODERATIONS)) == (56, 28)
    give_access(app, case, case.officer.email, case.officer.name)
    give_access(app, case, case.scorers[0].email, case.scorers[0].name)
    with in_scope(region.scope(case.officer.id)) as session:
        assert (session.scalar(SCORES), session.scalar(MODERATIONS)) == (0, 0)
    with in_scope(case.file(0)) as session:
        assert (session.scalar(SCORES), session.scalar(DRAFTS)) == (0, 0)
    with in_scope(case.file(1)) as session:
        assert session.scalar(OF_OTHERS) == 28


def test_an_undeclared_or_conflicted_scorer_sees_no_paper_of_the_file(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    tables = ("accreditations", "submissions", "submission_answers", "submission_files", "score_drafts", "scores")

    def seen(scorer: int) -> list[int]:
        with in_scope(case.file(scorer)) as session:
            return [session.scalar(text(f"select count(*) from {table}")) for table in tables]

    with in_scope(region.scope()) as session:
        file_id = session.scalar(text("select id from submission_files"))
    assert seen(0) == [0, 0, 0, 0, 0, 0]
    with in_scope(case.file(0)), pytest.raises(NotFound):
        get_sealed_file(case.accreditation_id, file_id)
    with in_scope(case.file(1)):
        own = get_own(case.accreditation_id, case.scorers[1].id)
        interests.declare(own, interest="conflict", words="My brother works there.", by=actor(case.scorers[1]))
    assert seen(1) == [0, 0, 0, 0, 0, 0]
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id)
        interests.declare(own, interest="none", words="", by=actor(case.scorers[0]))
    assert seen(0)[:3] == [1, 2, 56]
    with in_scope(case.file(0)):
        assert get_sealed_file(case.accreditation_id, file_id).id == file_id


def test_withdrawing_a_scorer_who_has_not_submitted_opens_nothing(
    app: Flask, case: MadeCase, in_scope: InScope
) -> None:
    score_all(app, case, 0)
    with in_scope(case.region.scope(case.officer.id)):
        team = {each.user_id: each for each in list_team(case.accreditation_id)}
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assignments.withdraw(accreditation, team[case.scorers[1].id], reason="Has fallen ill", by=actor(case.officer))
    for scope, count in ((case.region.scope(case.officer.id), 0), (case.file(0), 28), (case.file(1), 0)):
        with in_scope(scope) as session:
            assert session.scalar(SCORES) == count


def test_the_scores_of_a_withdrawn_scorer_are_void(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    third = make_user(app, region, "assessor")
    with in_scope(region.scope(case.officer.id)):
        team = {each.user_id: each for each in list_team(case.accreditation_id)}
        assignments.withdraw(
            get_accreditation(case.accreditation_id, lock=True),
            team[case.scorers[1].id],
            reason="An interest came to light",
            replacement=assignments.Asked(third.id, "Westholm Council"),
            by=actor(case.officer),
        )
    replaced = MadeCase(
        case.accreditation_id, case.submission_id, case.framework_id, council, region, case.officer,
        (case.scorers[0], third),
    )  # fmt: skip
    with in_scope(region.scope(case.officer.id)) as session:
        assert session.scalar(SCORES) == 0
        assert [(each.name, each.scored) for each in list_team(case.accreditation_id) if each.duty == "scorer"] == [
            (case.scorers[0].name, 28),
            (third.name, 0),
        ]
    with in_scope(replaced.file(1)):
        own = get_own(case.accreditation_id, third.id)
        interests.declare(own, interest="none", words="", by=actor(third))
    score_all(app, replaced, 1, lambda _code: "partly_met")
    with in_scope(region.scope(case.officer.id)):
        assert {score.name for score in list_scores(case.accreditation_id)} == {case.scorers[0].name, third.name}
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id)
        first = next(iter(get_framework(case.framework_id).ids.values()))
        assert [score.name for score in list_others(own, first)] == [third.name]


def save_first(case: MadeCase, version: int = 0, **changes: Any) -> scores.ScoreDraft:
    """Score the first requirement as the first scorer."""
    typed: dict[str, Any] = {"judgement": "met", "reason": "The minutes show it"} | changes
    return scores.save(case.accreditation_id, "1.1.1", version=version, by=actor(case.scorers[0]), **typed)


def test_a_score_needs_a_judgement_of_the_scale_and_a_reason(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)), pytest.raises(Invalid) as refused:
        save_first(case, judgement="splendid", reason="  ")
    assert refused.value.messages == {
        "judgement": ["Choose a judgement."],
        "reason": ["Give the reason for your judgement."],
    }


def test_saving_counts_each_requirement_once(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)):
        assert save_first(case).version == 1
    with in_scope(case.file(0)):
        assert save_first(case, version=1, reason="The minutes and the budget show it").version == 2
    with in_scope(case.region.scope()):
        assert {each.name: (each.scored, each.to_score) for each in list_team(case.accreditation_id)} == {
            case.scorers[0].name: (1, 28),
            case.scorers[1].name: (0, 28),
            case.officer.name: (0, 0),
        }


@pytest.mark.parametrize("version", [0, 7])
def test_a_stale_save_is_refused_and_shows_what_stands(case: MadeCase, in_scope: InScope, version: int) -> None:
    with in_scope(case.file(0)):
        save_first(case)
    with in_scope(case.file(0)), pytest.raises(Conflict, match="in another window") as refused:
        save_first(case, version=version, reason="Something else")
    assert refused.value.theirs.reason == "The minutes show it"


def test_what_is_typed_is_kept_before_it_is_whole_and_counts_once_it_is(case: MadeCase, in_scope: InScope) -> None:
    def counted() -> int:
        with in_scope(case.region.scope()):
            return {each.name: each.scored for each in list_team(case.accreditation_id)}[case.scorers[0].name]

    with in_scope(case.file(0)):
        begun = save_first(case, judgement=None, reason="The min", while_typing=True)
        assert (begun.version, begun.judgement) == (1, None)
    assert counted() == 0
    with in_scope(case.file(0)):
        save_first(case, version=1, while_typing=True)
    assert counted() == 1
    with in_scope(case.file(0)):
        save_first(case, version=2, reason="", while_typing=True)
    assert counted() == 0
    with in_scope(case.file(0)), pytest.raises(Invalid):
        save_first(case, judgement="splendid", while_typing=True)


def test_the_same_words_again_are_no_conflict(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)):
        save_first(case)
    with in_scope(case.file(0)):
        assert save_first(case).version == 1


def test_what_cannot_be_assessed_needs_a_reason_and_is_submitted(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)), pytest.raises(Invalid) as refused:
        save_first(case, cannot_assess=True, reason="")
    assert refused.value.messages == {"reason": ["Say why it cannot be assessed."]}
    score_all(app, case, 0, submit=False)
    with in_scope(case.file(0)):
        save_first(case, version=1, cannot_assess=True, reason="The minutes are missing", flagged=True)
    with in_scope(case.file(0)):
        scores.save(
            case.accreditation_id, "1.2.1", judgement="met", reason="It is agreed", good_practice=True,
            version=1, while_typing=True, by=actor(case.scorers[0]),
        )  # fmt: skip
    with in_scope(case.file(0)):
        scores.submit(case.accreditation_id, by=actor(case.scorers[0]))
    with in_scope(case.file(0)) as session:
        ids = get_framework(case.framework_id).ids
        given = {score.requirement_id: score for score in session.scalars(select(Score))}
        first, second = given[ids["1.1.1"]], given[ids["1.2.1"]]
        assert (first.judgement, first.cannot_assess, first.flagged) == (None, True, True)
        assert (second.judgement, second.good_practice) == ("met", False)  # a tick without words says nothing


def test_submitting_names_what_is_missing_and_then_is_for_good(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)):
        save_first(case)
        scores.save(
            case.accreditation_id, "1.2.1", judgement="met", reason="", version=0, while_typing=True,
            by=actor(case.scorers[0]),
        )  # fmt: skip
    with in_scope(case.file(0)), pytest.raises(Invalid) as refused:
        scores.submit(case.accreditation_id, by=actor(case.scorers[0]))
    assert len(refused.value.messages["scores"]) == 27
    assert refused.value.messages["scores"][0] == "1.2.1 An agreed policy has no score yet."
    score_all(app, case, 1)
    with in_scope(case.file(1)), pytest.raises(Conflict, match="cannot be changed any more"):
        scores.submit(case.accreditation_id, by=actor(case.scorers[1]))
    with in_scope(case.file(1)), pytest.raises(Conflict, match="cannot be changed any more"):
        scores.save(case.accreditation_id, "1.1.1", judgement="met", reason="x", version=1, by=actor(case.scorers[1]))


def test_a_submitted_score_cannot_be_changed_or_taken_away(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    for statement in ("update scores set judgement = 'met'", "delete from scores", "delete from moderations"):
        for scope in (case.file(0), region.scope(case.officer.id)):
            with pytest.raises(ProgrammingError, match="permission denied"), in_scope(scope) as session:
                session.execute(text(statement))


def test_a_closed_file_is_closed_to_its_team(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    with in_scope(region.scope(case.officer.id)):
        assignments.close(get_accreditation(case.accreditation_id), by=actor(case.officer))
    with in_scope(case.file(0)) as session:
        assert session.scalar(SCORES) == 0
        with pytest.raises(NotFound):
            get_accreditation(case.accreditation_id)
    with in_scope(region.scope(case.officer.id)) as session:
        assert session.scalar(SCORES) == 56


def test_a_file_closes_when_the_council_withdraws(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    score_all(app, case, 0, submit=False)
    with in_scope(case.council.scope()):
        accreditations.withdraw(get_accreditation(case.accreditation_id, lock=True), by=CONSOLE)
    with in_scope(case.file(0)) as session:
        assert session.scalar(DRAFTS) == 0
        assert session.scalar(text("select count(*) from submission_files")) == 0


def test_who_has_access_in_the_council_cannot_moderate(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    give_access(app, case, case.officer.email, case.officer.name)
    with in_scope(region.scope(case.officer.id)), pytest.raises(Forbidden, match="closed to you"):
        moderations.begin(get_accreditation(case.accreditation_id, lock=True), by=actor(case.officer))


def test_the_answer_is_read_with_the_own_draft(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.file(0)):
        save_first(case)
        own = get_own(case.accreditation_id, case.scorers[0].id)
        answer, draft = get_answer(own, get_framework(case.framework_id).ids["1.1.1"])
        assert (answer.judgement, draft and draft.reason) == ("met", "The minutes show it")
