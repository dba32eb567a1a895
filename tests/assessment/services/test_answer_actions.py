"""Actions an answer needs: changed in place, taken out, and who was first."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.answers import Answer, AnswerAction
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_planned_actions
from assessment.queries.frameworks import get_framework
from assessment.services import answer_actions, answers
from saas.db import new_id
from saas.errors import Conflict, NotFound
from saas.events import Event
from saas.tenancy import CONSOLE
from tenants.models.plans import Action
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil


def answer_of(accreditation_id: UUID, code: str = "1.1.1") -> Answer:
    """A new answer to one requirement."""
    accreditation = get_accreditation(accreditation_id, share=True)
    requirement_id = get_framework(accreditation.framework_id).ids[code]
    values = {"judgement": "partly_met", "narrative": "In part.", "not_applicable_reason": "", "version": 0}
    return answers.save(accreditation, requirement_id, **values, by=CONSOLE)


def plan(answer: Answer, words: str = "Write a policy.") -> Action:
    return answers.plan_action(
        answer,
        action=words,
        timescale="May 2027",
        responsibility="Panel; Head of HR",
        officer_days=Decimal("2.5"),
        cost=Decimal(1200),
        by=CONSOLE,
    )


def test_an_action_is_changed_where_it_stands(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        answer = answer_of(made)
        first, second = plan(answer), plan(answer, "Train the trainers.")
        assert (first.officer_days, first.cost) == (Decimal("2.5"), Decimal(1200))
        answer_actions.change_action(
            answer, first.id, version=1, timescale="Ongoing", cost=None, officer_days=Decimal(3), by=CONSOLE
        )
        rows = list_planned_actions(get_accreditation(made), answer.id)[answer.id]
        assert [(row.Action.action, row.Action.timescale, row.Action.cost, row.Action.version) for row in rows] == [
            ("Write a policy.", "Ongoing", None, 2),
            ("Train the trainers.", "May 2027", Decimal(1200), 1),
        ]
        with pytest.raises(Conflict) as refused:
            answer_actions.change_action(answer, first.id, version=1, action="Mine.", by=CONSOLE)
        assert refused.value.theirs is first
        assert second.version == 1


def test_an_action_taken_out_leaves_the_plan_unless_it_is_under_way(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        answer, other = answer_of(made), answer_of(made, "1.2.1")
        idea, begun, shared = plan(answer), plan(answer, "Begun."), plan(answer, "Shared.")
        begun.status_text = "Half of it is done"
        link = AnswerAction(council_id=council.id, id=new_id(), answer_id=other.id, action_id=shared.id)
        session.add(link)
        session.flush()
        left = [answer_actions.drop_action(answer, each.id, by=CONSOLE) for each in (idea, begun, shared)]
        assert left == [True, False, False]
        assert list_planned_actions(get_accreditation(made), answer.id) == {}
        with pytest.raises(NotFound):
            answer_actions.drop_action(answer, idea.id, by=CONSOLE)
    with in_scope(council.scope()) as session:
        assert session.scalars(select(Action.action).order_by(Action.position)).all() == ["Begun.", "Shared."]
        removed = session.scalars(select(Event.payload).where(Event.verb == "action.removed")).all()
        assert removed == [{"by": "Console", "ref": "1"}]


def test_an_action_of_another_answer_is_not_found(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        answer, other = answer_of(made), answer_of(made, "1.2.1")
        theirs = plan(other)
        for action_id in (theirs.id, new_id()):
            with pytest.raises(NotFound):
                answer_actions.change_action(answer, action_id, version=1, action="Mine.", by=CONSOLE)
            with pytest.raises(NotFound):
                answer_actions.drop_action(answer, action_id, by=CONSOLE)
