"""A self-assessment from a document: rows said to speak of requirements, taken in as drafts, and taken out whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.answers import Answer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import get_framework
from assessment.rules.template_choices import Choice
from assessment.rules.template_rows import LEFT_OUT
from assessment.services import answers, self_assessment_imports, self_assessment_readings
from assessment.services.self_assessment_imports import UNSAID, TakenIn
from saas import clock
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE
from tenants.models.imports import Import
from tenants.models.plans import Action, Plan
from tenants.services import plans
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.documents import word_document
from tests.factories.tenants import MadeCouncil

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
HEADINGS = ["Elements", "Requirements for Charter", "Evidence", "Action", "By when", "By whom"]
ROWS = [
    ["1.1 Leadership", "1.1.1 Leaders", "The Leader signed in May.", "Renew the declaration.", "May 2027", "Leader"],
    ["", "A cross-party group steers", "It met four times.", "None", "", ""],
    ["", "Words of our own", "We also do this.", "", "", ""],
]
OWN = "Our own words."


@pytest.fixture
def made(app: Flask, council: MadeCouncil) -> UUID:
    """An accreditation under the framework of 2017, nothing of it answered."""
    return make_accreditation(app, council, make_framework(app, "charter-2017"))


def document(rows: list[list[str]] = ROWS) -> bytes:
    """A document with these rows."""
    return word_document("Self-assessment of Oakford", [HEADINGS, *rows])


def keep(in_scope: InScope, council: MadeCouncil, made: UUID, data: bytes) -> UUID:
    """Read a document; the id under which its rows are kept."""
    with in_scope(council.scope()):
        return self_assessment_readings.keep(get_accreditation(made), data, "template.docx", by=CONSOLE).id


def choose(in_scope: InScope, council: MadeCouncil, made: UUID, kept: UUID, codes: Mapping[int, str]) -> bool:
    """Say what rows speak of; whether one now speaks of another requirement."""
    with in_scope(council.scope()) as session:
        row = session.get_one(Import, (council.id, kept))
        return self_assessment_readings.choose(get_accreditation(made), row, codes)


def take_in(in_scope: InScope, council: MadeCouncil, made: UUID, kept: UUID, **choices: Choice) -> TakenIn:
    """Take it in at NOW. choices: by code, its dots as underscores."""
    chosen = {code.strip("_").replace("_", "."): choice for code, choice in choices.items()}
    with clock.at(NOW), in_scope(council.scope()) as session:
        row = session.get_one(Import, (council.id, kept))
        return self_assessment_imports.take_in(get_accreditation(made, lock=True), row, chosen, by=CONSOLE)


def undo(in_scope: InScope, council: MadeCouncil, made: UUID, kept: UUID) -> TakenIn:
    """Take it out again."""
    with in_scope(council.scope()) as session:
        row = session.get_one(Import, (council.id, kept))
        return self_assessment_imports.undo(get_accreditation(made, lock=True), row, by=CONSOLE)


def answer(in_scope: InScope, council: MadeCouncil, made: UUID, code: str, narrative: str) -> None:
    """Answer one requirement, or anew, as met."""
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        requirement = get_framework(accreditation.framework_id).ids[code]
        before = list_answers(accreditation).get(requirement)
        answers.save(
            accreditation,
            requirement,
            judgement="met",
            narrative=narrative,
            not_applicable_reason="",
            version=before.version if before else 0,
            by=CONSOLE,
        )


def said(in_scope: InScope, council: MadeCouncil, made: UUID) -> dict[str, tuple[Any, ...]]:
    """Code → words and judgement of each answer, where its words come from and whether somebody confirmed them."""
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        codes = get_framework(accreditation.framework_id).codes
        found = list_answers(accreditation).values()
        return {
            codes[each.requirement_id]: (
                each.narrative,
                each.judgement,
                each.imported and each.imported["place"],
                each.confirmed_at is not None,
            )
            for each in sorted(found, key=lambda each: codes[each.requirement_id])
        }


def test_reading_keeps_the_rows_with_what_they_seem_to_speak_of_and_touches_no_answer(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    kept = keep(in_scope, council, made, document())
    with in_scope(council.scope()) as session:
        row = session.get_one(Import, (council.id, kept))
        rows = self_assessment_readings.rows_of(row)
        assert [(each.place, each.code, each.evidence, each.action) for each in rows] == [
            ("table 1, row 2", "1.1.1", "The Leader signed in May.", "Renew the declaration."),
            ("table 1, row 3", "1.1.2", "It met four times.", "None"),
            ("table 1, row 4", "", "We also do this.", ""),
        ]
        assert [self_assessment_readings.chosen(each) for each in row.rows] == ["1.1.1", "1.1.2", ""]
        assert (row.kind, row.filename, row.accreditation_id, row.leftovers, row.taken_in_at) == (
            "self_assessment", "template.docx", made, ["Self-assessment of Oakford"], None,
        )  # fmt: skip
        found = self_assessment_imports.list_proposals(get_accreditation(made), row)
        assert [(each.requirement.code, each.words, each.ours, len(each.actions)) for each in found] == [
            ("1.1.1", "The Leader signed in May.", "", 1),
            ("1.1.2", "It met four times.", "", 0),
        ]
    assert said(in_scope, council, made) == {}


def test_what_a_row_speaks_of_is_said_until_it_is_taken_in(council: MadeCouncil, made: UUID, in_scope: InScope) -> None:
    kept = keep(in_scope, council, made, document())
    with pytest.raises(Invalid) as refused:
        choose(in_scope, council, made, kept, {0: "1.1.2", 2: "9.9.9"})
    assert refused.value.messages == {"row-2": ["Choose one of the requirements in the list."]}
    changes = [
        choose(in_scope, council, made, kept, codes) for codes in ({0: "1.1.1"}, {2: LEFT_OUT}, {2: "1.1.3"}, {2: ""})
    ]
    assert changes == [False, False, True, True]
    with pytest.raises(Invalid) as unsaid:
        take_in(in_scope, council, made, kept)
    assert unsaid.value.messages == {"row-2": [UNSAID]}
    assert said(in_scope, council, made) == {}
    choose(in_scope, council, made, kept, {2: "1.1.3"})
    assert take_in(in_scope, council, made, kept) == TakenIn(3, 1)
    with pytest.raises(Conflict, match="taken in meanwhile"):
        choose(in_scope, council, made, kept, {2: LEFT_OUT})


def test_words_become_drafts_and_undoing_lets_answers_say_again_what_they_said(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    answer(in_scope, council, made, "1.1.1", OWN)
    before = said(in_scope, council, made)
    kept = keep(in_scope, council, made, document())
    choose(in_scope, council, made, kept, {2: LEFT_OUT})
    assert take_in(in_scope, council, made, kept, _1_1_1=Choice.BOTH) == TakenIn(2, 1)
    assert said(in_scope, council, made) == {
        "1.1.1": (f"{OWN}\n\nThe Leader signed in May.", "met", "table 1, row 2", False),
        "1.1.2": ("It met four times.", None, "table 1, row 3", False),
    }
    with in_scope(council.scope()) as session:
        plan = session.scalars(select(Plan)).one()
        actions = session.execute(select(Action.plan_id, Action.import_id, Action.action, Action.reason))
        assert [tuple(row) for row in actions] == [
            (plan.id, kept, "Renew the declaration.", "1.1.1 Leaders are committed")
        ]
    assert undo(in_scope, council, made, kept) == TakenIn(2, 1)
    assert said(in_scope, council, made) == {**before, "1.1.2": ("", None, None, False)}
    with in_scope(council.scope()) as session:
        assert session.scalars(select(Action.id)).all() == session.scalars(select(Plan.id)).all() == []
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(in_scope, council, made, kept)


def test_without_a_choice_our_words_stay_and_only_the_rest_is_taken_in(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    answer(in_scope, council, made, "1.1.1", OWN)
    kept = keep(in_scope, council, made, document(ROWS[:2]))
    assert take_in(in_scope, council, made, kept) == TakenIn(1, 1)
    assert said(in_scope, council, made)["1.1.1"][:3] == (OWN, "met", None)


def test_the_same_file_is_taken_in_once_and_again_after_it_was_taken_out(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    data = document(ROWS[:2])
    first, twin = keep(in_scope, council, made, data), keep(in_scope, council, made, data)
    assert take_in(in_scope, council, made, first) == TakenIn(2, 1)
    assert take_in(in_scope, council, made, twin) == TakenIn(0, 0, already=True)
    undo(in_scope, council, made, first)
    assert take_in(in_scope, council, made, twin) == TakenIn(2, 1)


def test_what_says_nothing_new_is_refused(council: MadeCouncil, made: UUID, in_scope: InScope) -> None:
    answer(in_scope, council, made, "1.1.2", "It  met four times.")
    kept = keep(in_scope, council, made, document(ROWS[1:2]))
    with pytest.raises(Conflict, match="There is nothing to take in"):
        take_in(in_scope, council, made, kept)


def test_a_text_beyond_an_answers_limit_is_refused_under_its_code_and_nothing_is_written(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    long = [*ROWS[:1], ["", "A cross-party group steers", "word " * 4100, "", "", ""]]
    kept = keep(in_scope, council, made, document(long))
    with pytest.raises(Invalid) as refused:
        take_in(in_scope, council, made, kept)
    assert refused.value.messages == {
        "1.1.2": ["The text would have 20,499 characters; an answer holds at most 20,000."]
    }
    assert said(in_scope, council, made) == {}


def test_work_done_since_is_named_and_never_undone(council: MadeCouncil, made: UUID, in_scope: InScope) -> None:
    kept = keep(in_scope, council, made, document(ROWS[:2]))
    take_in(in_scope, council, made, kept)
    with in_scope(council.scope()) as session:
        line = session.scalars(select(Action)).one()
        plans.update_action(line, version=line.version, remark="Begun.", by=CONSOLE)
    with pytest.raises(Conflict, match="1 of its actions was worked on since"):
        undo(in_scope, council, made, kept)
    answer(in_scope, council, made, "1.1.2", "It met five times.")
    with pytest.raises(Conflict, match=r"Changed or confirmed since, so it cannot be undone: 1\.1\.2\."):
        undo(in_scope, council, made, kept)
    assert said(in_scope, council, made)["1.1.1"][0] == "The Leader signed in May."


def test_while_answers_rest_nothing_is_read_taken_in_or_undone(
    council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    taken, waiting = (
        keep(in_scope, council, made, document(ROWS[:1])),
        keep(in_scope, council, made, document(ROWS[1:2])),
    )
    take_in(in_scope, council, made, taken)
    with in_scope(council.scope()):
        get_accreditation(made).stage = "awarded"
    for attempt in (
        lambda: keep(in_scope, council, made, document()),
        lambda: take_in(in_scope, council, made, waiting),
        lambda: undo(in_scope, council, made, taken),
    ):
        with pytest.raises(Conflict, match="Answers cannot be changed at the stage"):
            attempt()
    with in_scope(council.scope()) as session:
        assert session.scalars(select(Answer.narrative)).all() == ["The Leader signed in May."]
