"""Moderation: what differs is talked over, what agrees stands in one step, and nothing is left open."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessment.models.scores import Moderation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import Agreed, agreed_judgements
from assessment.services import moderations
from saas.errors import Conflict, Invalid
from tests.conftest import InScope
from tests.factories.scores import MadeCase, actor, make_declared, make_moderated, make_scored, met, score_all
from tests.factories.tenants import MadeCouncil, MadeRegion


def strict(code: str) -> str:
    """A scorer who finds the first requirement only partly met."""
    return "partly_met" if code == "1.1.1" else "met"


def test_moderation_waits_for_the_last_scorer(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    score_all(app, case, 0)
    with in_scope(region.scope(case.officer.id)), pytest.raises(Conflict) as refused:
        moderations.begin(get_accreditation(case.accreditation_id, lock=True), by=actor(case.officer))
    assert refused.value.message == (
        f"Moderation begins when all have submitted. Still scoring: {case.scorers[1].name}."
    )
    score_all(app, case, 1)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=actor(case.officer))
        assert accreditation.stage == "moderating"


def test_what_agrees_stands_in_one_step_and_what_differs_needs_a_reason(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    by = actor(case.officer)
    first = get_framework(case.framework_id).ids["1.1.1"]
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        with pytest.raises(Conflict, match="not at “Being assessed”"):
            moderations.agree_all(accreditation, by=by)
        moderations.begin(accreditation, by=by)
        assert moderations.agree_all(accreditation, by=by) == 27
        assert moderations.agree_all(accreditation, by=by) == 0
        with pytest.raises(Conflict, match=r"no agreed judgement yet: 1\.1\.1\."):
            moderations.finish(accreditation, by=by)
        with pytest.raises(Invalid) as refused:
            moderations.moderate(accreditation, first, judgement="", reason=" ", by=by)
        assert list(refused.value.messages) == ["judgement", "reason"]
        moderations.moderate(accreditation, first, judgement="met", reason="The minutes turned up", by=by)
        moderations.finish(accreditation, by=by)
        assert accreditation.stage == "reporting"


def test_the_newest_moderation_counts_and_the_earlier_remain(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    by, first = actor(case.officer), get_framework(case.framework_id).ids["1.1.1"]
    with in_scope(region.scope(case.officer.id)) as session:
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=by)
        moderations.agree_all(accreditation, by=by)
        moderations.moderate(accreditation, first, judgement="not_met", reason="Once more", by=by)
        moderations.moderate(accreditation, first, judgement="partly_met", reason="Settled", by=by)
        assert agreed_judgements(accreditation.id)[first].judgement == "partly_met"
        assert session.scalar(select(func.count()).where(Moderation.requirement_id == first)) == 3


def test_the_report_gets_the_judgements_with_the_scorers_words(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case: MadeCase = make_moderated(app, council, region, judges=(met, strict), agreed={"1.1.1": "partly_met"})
    ids = get_framework(case.framework_id).ids
    with in_scope(region.scope(case.officer.id)):
        agreed = agreed_judgements(case.accreditation_id)
        assert len(agreed) == 28
        assert agreed[ids["1.1.1"]] == Agreed(
            "partly_met",
            "Talked over 1.1.1",
            ["Strong on commitment from the top"],
            ["Do more about commitment from the top"],
            [],
            [],
        )
        assert agreed[ids["1.2.1"]] == Agreed("met", "", ["Strong on an agreed policy"] * 2, [], [], [])
    with in_scope(council.scope()):
        assert agreed_judgements(case.accreditation_id) == {}
