"""Saving answers: what changes, what is recorded, and who was first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.db import new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.tenancy import CONSOLE, Actor
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.evidence import make_link
from tests.factories.tenants import MadeCouncil, make_user


def save(accreditation_id: UUID, code: str = "1.1.1", by: Actor = CONSOLE, **values: Any) -> Answer:
    """Save an answer with these values and otherwise nothing in it."""
    accreditation = get_accreditation(accreditation_id, share=True)
    given = {"judgement": None, "narrative": "", "not_applicable_reason": "", "version": 0, **values}
    return answers.save(accreditation, get_framework(accreditation.framework_id).ids[code], **given, by=by)


def test_a_save_is_one_event_that_names_what_changed_and_not_the_words(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        save(made, judgement="met", narrative="Confidential until sent.")
    with in_scope(council.scope()):
        save(made, judgement="met", narrative="Confidential until sent.", version=1)  # nothing changed
    with in_scope(council.scope()):
        assert save(made, judgement="partly_met", narrative="Confidential until sent.", version=1).version == 2
    with in_scope(council.scope()) as session:
        saved = session.execute(select(Event.audience, Event.payload).where(Event.verb == "answer.saved"))
        assert [tuple(row) for row in saved] == [
            ("council", {"by": "Console", "requirement": "1.1.1", "changed": ["judgement", "narrative"]}),
            ("council", {"by": "Console", "requirement": "1.1.1", "changed": ["judgement"]}),
        ]
    with in_scope(council.region.scope()) as session:
        assert queries.list_answers(get_accreditation(made)) == {}
        assert session.scalars(select(Event).where(Event.verb == "answer.saved")).all() == []


def test_typing_leaves_one_event_for_the_sitting_of_each_person(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first, second = (Actor(make_user(app, council, "council_editor", name).id, name) for name in ("Ada", "Bo"))
    for version, (by, words) in enumerate([(first, "O"), (first, "On"), (second, "One"), (second, "One.")]):
        with in_scope(council.scope()):
            save(made, narrative=words, version=version, while_typing=True, by=by)
    with in_scope(council.scope()) as session:
        saved = session.scalars(select(Event.payload).where(Event.verb == "answer.saved").order_by(Event.seq))
        assert [payload["by"] for payload in saved if payload] == ["Ada", "Bo"]


@pytest.mark.parametrize("there", [True, False])
def test_who_comes_second_gets_what_was_saved(app: Flask, council: MadeCouncil, in_scope: InScope, there: bool) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        save(made, narrative="Theirs.")
    with in_scope(council.scope()):
        with pytest.raises(Conflict) as refused:
            save(made, narrative="Mine.", version=7 if there else 0)
        assert isinstance(refused.value.theirs, Answer)
        assert refused.value.theirs.narrative == "Theirs."


def test_two_that_read_the_same_version_do_not_both_win(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        save(made, narrative="Before.")
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made)
        requirement_id = get_framework(accreditation.framework_id).ids["1.1.1"]
        read = queries.find_answer(accreditation, requirement_id)
        changed = update(Answer).values(narrative="Theirs.", version=2)
        session.execute(changed, execution_options={"synchronize_session": False})
        mine = {"narrative": "Mine.", "judgement": None, "not_applicable_reason": ""}
        for stale in (read, None):  # who read the old version, and who saw no answer yet
            with pytest.raises(Conflict) as refused:
                answers._write(accreditation, requirement_id, stale, mine, CONSOLE)
            assert isinstance(refused.value.theirs, Answer)
            assert (refused.value.theirs.narrative, refused.value.theirs.version) == ("Theirs.", 2)


def test_what_is_not_of_this_accreditation_is_not_found(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    other = make_framework(app, "fixture-45")
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, share=True)
        foreign = next(iter(get_framework(other).ids.values()))
        for requirement_id in (foreign, new_id()):
            with pytest.raises(NotFound):
                answers.save(
                    accreditation,
                    requirement_id,
                    judgement=None,
                    narrative="",
                    not_applicable_reason="",
                    version=0,
                    by=CONSOLE,
                )
        with pytest.raises(Invalid, match="Choose one of the judgements"):
            save(made, judgement="brilliant")


def test_citing_again_changes_the_words_and_taking_out_keeps_the_evidence(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    link = make_link(app, council)
    with in_scope(council.scope()) as session:
        answer = save(made, narrative="We do.")
        evidence = session.get(Evidence, (council.id, link))
        assert evidence is not None
        first = answers.cite(answer, evidence, pinpoint="Page 1", why="First.", by=CONSOLE)
        again = answers.cite(answer, evidence, pinpoint="Page 2", why="Second.", by=CONSOLE)
        assert (again.id, again.pinpoint, again.why) == (first.id, "Page 2", "Second.")
        moved = answers.cite(answer, evidence, pinpoint="Page 3", why="", by=CONSOLE)
        assert (moved.pinpoint, moved.why) == ("Page 3", "Second.")
        answers.uncite(answer, first.id, by=CONSOLE)
        assert queries.list_citations(get_accreditation(made)) == {}
        assert evidence.removed_at is None
        with pytest.raises(NotFound):
            answers.uncite(answer, first.id, by=CONSOLE)
