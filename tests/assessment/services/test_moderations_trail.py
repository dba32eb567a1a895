"""What moderation shows and keeps: exactly what is to be talked over, every record, and nothing of an earlier team."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.decisions import find_decision
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import given_by_scorer, last_numbers, list_moderations, list_trail
from assessment.queries.scores import list_scores
from assessment.rules.judgements import Reason, disagreements
from assessment.services import moderations, scores
from saas import clock
from saas.errors import Conflict, Invalid
from tests.conftest import InScope
from tests.factories.awards import make_award, make_decided
from tests.factories.scores import MadeCase, actor, make_declared, make_moderated, make_scored
from tests.factories.tenants import MadeCouncil, MadeRegion

ANN: dict[str, dict[str, Any]] = {
    "1.1.1": {"flagged": True},
    "1.1.2": {"judgement": "partly_met", "improvement": "Say who looks after it."},
    "1.2.1": {"judgement": "not_applicable"},
    "1.2.2": {"judgement": None, "cannot_assess": True},
    "1.3.1": {"judgement": "not_met", "improvement": ""},
    "1.3.2": {"judgement": "not_met", "improvement": "Begin with a plan."},
}
BEN: dict[str, dict[str, Any]] = {
    "1.2.3": {"judgement": None, "cannot_assess": True},
    "1.3.1": {"judgement": "not_met", "improvement": "Write it down."},
    "1.3.2": {"judgement": "not_met", "improvement": "Begin with a plan."},
}
"""What each gives where it is not "met": they agree on 1.3.2, and on the 38 that nobody names."""


def give(app: Flask, case: MadeCase, scorer: int, given: dict[str, dict[str, Any]], in_scope: InScope) -> None:
    """One scorer judges everything met but what is named, and submits."""
    user = case.scorers[scorer]
    with in_scope(case.file(scorer)):
        tree = get_framework(case.framework_id).tree
        for requirement in tree.requirements_of("charter"):
            values = {"judgement": "met", "reason": f"{user.name} on {requirement.code}"} | given.get(
                requirement.code, {}
            )
            scores.save(case.accreditation_id, requirement.code, version=0, by=actor(user), **values)
        scores.submit(case.accreditation_id, by=actor(user))


def found_in(accreditation: Accreditation) -> dict[str, tuple[Reason, ...]]:
    """Requirement code → why it is to be talked over."""
    return {
        each.requirement_code: each.reasons
        for each in disagreements(
            given_by_scorer(accreditation, list_scores(accreditation.id)),
            get_framework(accreditation.framework_id).tree,
            accreditation.level,
            process_of(accreditation).disagreement_threshold,
        )
    }


def test_of_45_requirements_exactly_the_six_in_dispute_are_talked_over(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region, framework="fixture-45")
    give(app, case, 0, ANN, in_scope)
    give(app, case, 1, BEN, in_scope)
    by = actor(case.officer)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=by)
        assert found_in(accreditation) == {
            "1.1.1": (Reason.FLAGGED,),
            "1.1.2": (Reason.DIFFERS,),
            "1.2.1": (Reason.NOT_APPLICABLE,),
            "1.2.2": (Reason.CANNOT_ASSESS,),
            "1.2.3": (Reason.CANNOT_ASSESS,),
            "1.3.1": (Reason.NO_COMMENT,),
        }
        assert moderations.agree_all(accreditation, by=by) == 39
        ids = get_framework(case.framework_id).ids
        assert list_moderations(accreditation.id)[ids["1.3.2"]].judgement == "not_met"


def test_the_trail_of_a_judgement_that_was_talked_over_lists_both_scores_and_what_was_agreed(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region, judges=(lambda _: "met", strict), agreed={"1.1.1": "partly_met"})
    first, second = (user.name for user in case.scorers)
    with in_scope(region.scope(case.officer.id)):
        ids = get_framework(case.framework_id).ids
        trail = list_trail(case.accreditation_id, ids["1.1.1"])
        assert [(each.kind, each.name, each.judgement, each.reason, each.void) for each in trail] == [
            ("score", first, "met", f"{first} on 1.1.1", ""),
            ("score", second, "not_met", f"{second} on 1.1.1", ""),
            ("moderation", case.officer.name, "partly_met", "Talked over 1.1.1", ""),
        ]
        assert [each.agreed for each in list_trail(case.accreditation_id, ids["1.2.1"])] == [False, False, True]
    with in_scope(council.scope()):
        assert list_trail(case.accreditation_id, ids["1.1.1"]) == []


def strict(code: str) -> str:
    """A scorer who differs on the first requirement."""
    return "not_met" if code == "1.1.1" else "met"


def test_of_two_moderators_at_once_the_second_is_shown_what_the_first_agreed(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region, judges=(lambda _: "met", strict))
    by, first = actor(case.officer), get_first(app, case)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=by)
        moderations.moderate(accreditation, first, judgement="met", reason="Shown to us", version=0, by=by)
        with pytest.raises(Conflict) as refused:
            moderations.moderate(accreditation, first, judgement="not_met", reason="Not shown", version=0, by=by)
        theirs: Any = refused.value.theirs
        assert (theirs.judgement, theirs.reason, theirs.number) == ("met", "Shown to us", 1)
        moderations.moderate(accreditation, first, judgement="not_met", reason="Not shown", version=1, by=by)
        assert last_numbers(accreditation.id)[first] == 2


def get_first(app: Flask, case: MadeCase) -> Any:
    """The id of the first requirement."""
    with app.app_context():
        return get_framework(case.framework_id).ids["1.1.1"]


def test_what_an_earlier_team_led_to_is_void_and_still_shown(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    first = get_first(app, case)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assert len(list_moderations(accreditation.id)) == 28
        accreditation.moderation_began_at = clock.now()  # as beginning with another team does
        assert list_moderations(accreditation.id) == {}
        [*_, last] = list_trail(accreditation.id, first)
        assert (last.kind, last.void) == ("moderation", "The team has changed since.")


def test_moderation_is_opened_again_with_a_reason_and_finished_once_more(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    by, first = actor(case.officer), get_first(app, case)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        with pytest.raises(Invalid, match="Say why moderation is opened again"):
            moderations.reopen(accreditation, reason=" ", by=by)
        moderations.reopen(accreditation, reason="A minute turned up.", by=by)
        assert (accreditation.stage, len(list_moderations(accreditation.id))) == ("moderating", 28)
        moderations.moderate(accreditation, first, judgement="partly_met", reason="The minute", by=by)
        moderations.finish(accreditation, by=by)
        assert list_trail(accreditation.id, first)[2].void == "Another judgement was agreed later."


def test_a_decision_is_void_once_moderation_is_opened_again(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assert find_decision(accreditation.id) is not None
        moderations.reopen(accreditation, reason="A minute turned up.", by=actor(case.officer))
        assert find_decision(accreditation.id) is None


def test_after_release_moderation_stays_closed(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(region.scope(case.officer.id)), pytest.raises(Conflict, match="Moderation cannot be opened again"):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.reopen(accreditation, reason="Too late", by=actor(case.officer))
