"""The history of an answer: what is one version, what begins another, and that nothing written is ever lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.answers import Answer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answer_versions import get_version, list_versions
from assessment.queries.answers import find_answer
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.tenancy import CONSOLE, Actor
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, make_user

LONG = "We ask every councillor what they need. " * 12


def write(accreditation_id: UUID, narrative: str, *, by: Actor = CONSOLE, **values: Any) -> Answer:
    """Save the answer to 1.1.1 over what stands there now."""
    accreditation = get_accreditation(accreditation_id, share=True)
    requirement_id = get_framework(accreditation.framework_id).ids["1.1.1"]
    there = find_answer(accreditation, requirement_id)
    given = {"judgement": None, "not_applicable_reason": "", "version": there.version if there else 0, **values}
    return answers.save(accreditation, requirement_id, narrative=narrative, **given, by=by)


def history(answer: Answer) -> list[str]:
    """What the versions say, oldest first."""
    return [version.narrative for version in reversed(list_versions(answer, most=100))]


def test_typing_is_one_version_and_each_press_is_its_own(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        write(made, "We", while_typing=True)
        write(made, "We ask", while_typing=True)
        answer = write(made, "We ask all.")
        assert history(answer) == ["We ask", "We ask all."]
        write(made, "We ask all. And", while_typing=True)
        write(made, "We ask all. And learn.", while_typing=True)
        before = answer.version
        assert write(made, "We ask all. And learn.").version == before  # a press that changes nothing but the sitting
        write(made, "Typed on.", while_typing=True)
        assert history(answer) == ["We ask", "We ask all.", "We ask all. And learn.", "Typed on."]


def test_another_person_or_a_long_pause_begins_a_version(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    first, second = (Actor(make_user(app, council, "council_editor", name).id, name) for name in ("Ada", "Bo"))
    with in_scope(council.scope()):
        write(made, "One", by=first, while_typing=True)
        answer = write(made, "One, two", by=second, while_typing=True)
        answer.updated_at = clock.now() - timedelta(minutes=31)
        write(made, "One, two, three", by=second, while_typing=True)
        kept = [(each.number, each.narrative, each.written_by_name) for each in list_versions(answer, most=100)]
        assert kept == [(3, "One, two, three", "Bo"), (2, "One, two", "Bo"), (1, "One", "Ada")]
        assert [each.number for each in list_versions(answer, below=3, most=1)] == [2]


def test_what_typing_takes_out_stays_in_the_history(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        answer = write(made, LONG, while_typing=True)
        write(made, LONG + "And more.", while_typing=True)
        write(made, "Gone.", while_typing=True)
        write(made, "Gone. All of it.", while_typing=True)
        assert history(answer) == [LONG + "And more.", "Gone. All of it."]
    with in_scope(council.scope()) as session:
        saved = session.scalars(select(Event.id).where(Event.verb == "answer.saved")).all()
        assert len(saved) == 2


def test_any_version_comes_back_as_a_new_one(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        write(made, "First.", judgement="met")
        answer = write(made, "Second.", judgement="not_met")
        accreditation = get_accreditation(made, share=True)
        back = answers.restore(accreditation, answer, 1, version=answer.version, by=CONSOLE)
        assert (back.judgement, back.narrative, back.version) == ("met", "First.", 3)
        assert history(back) == ["First.", "Second.", "First."]
        again = answers.restore(accreditation, back, 3, version=back.version, by=CONSOLE)
        assert (again.version, len(history(again))) == (3, 3)
        with pytest.raises(NotFound):
            answers.restore(accreditation, back, 9, version=back.version, by=CONSOLE)
    with in_scope(council.scope()) as session:
        recorded = session.scalars(select(Event.payload).where(Event.verb == "answer.restored")).all()
        assert recorded == [{"by": "Console", "requirement": "1.1.1", "number": 1}]


def test_nothing_comes_back_over_what_somebody_typed_meanwhile(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        write(made, "First.")
        answer = write(made, "Second.")
        seen = answer.version
        write(made, "Typed meanwhile.", while_typing=True)
        with pytest.raises(Conflict) as refused:
            answers.restore(get_accreditation(made, share=True), answer, 1, version=seen, by=CONSOLE)
        assert refused.value.theirs is answer
        assert (answer.narrative, get_version(answer, 3).narrative) == ("Typed meanwhile.", "Typed meanwhile.")


def test_the_history_is_the_councils_own(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        answer = write(made, "Ours alone.")
    with in_scope(council.region.scope()):
        assert list_versions(answer, most=100) == []


def test_not_applicable_wants_a_reason_at_a_press_and_not_while_typing(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        typed = write(made, "", judgement="not_applicable", while_typing=True)
        assert (typed.judgement, typed.not_applicable_reason) == ("not_applicable", "")
        with pytest.raises(Invalid) as refused:
            write(made, "", judgement="not_applicable")
        assert refused.value.messages == {"not_applicable_reason": ["Say why it cannot apply to your council."]}
        reasoned = write(made, "", judgement="not_applicable", not_applicable_reason="We have no such body.")
        assert reasoned.not_applicable_reason == "We have no such body."
