"""Carrying the last cycle's answers, and confirming each of them anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.carried import find_next_to_confirm, find_preview
from assessment.queries.frameworks import get_framework
from assessment.queries.submissions import get_submission
from assessment.services import answers, carried, submissions
from saas import clock
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework, tree_of
from tests.factories.scores import actor
from tests.factories.submissions import FILE_TITLE, LINK, LINK_TITLE, make_earlier, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council


def carry(in_scope: InScope, council: MadeCouncil, made: UUID) -> int:
    with in_scope(council.scope()):
        return carried.carry(get_accreditation(made, lock=True), by=CONSOLE)


def test_every_answer_is_carried_once_with_its_words_and_evidence(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    sent = make_earlier(app, council)
    made = make_accreditation(app, council)
    assert carry(in_scope, council, made) == 28
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, lock=True)
        framework = get_framework(accreditation.framework_id)
        answer = queries.list_answers(accreditation)[framework.ids["1.1.1"]]
        day = get_submission(sent).sealed_at.astimezone(clock.LONDON).date().isoformat()
        assert (answer.judgement, answer.narrative) == ("met", "What we do about commitment from the top.")
        origin = {"submission_id": str(sent), "number": 1, "sealed_on": day, "codes": ["1.1.1"], "gone": []}
        assert (answer.carried, answer.confirmed_at) == (origin, None)
        cited = {
            (row.Evidence.title, row.pinpoint, row.why)
            for row in queries.list_citations(accreditation, answer.id)[answer.id]
        }
        assert cited == {(title, "Page 2", "It shows what we do.") for title in (FILE_TITLE, LINK_TITLE)}
        told = session.scalars(select(Event).where(Event.verb == "answers.carried")).one()
        assert (told.audience, told.payload) == (
            "council",
            {"by": "Console", "count": 28, "number": 1, "sealed_on": day},
        )
        with pytest.raises(Conflict, match="were carried already"):
            carried.carry(accreditation, by=CONSOLE)


def test_what_is_answered_already_stays_and_what_the_library_lost_is_named(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, share=True)
        ids = get_framework(accreditation.framework_id).ids
        for code, text in (("1.1.1", "Written anew."), ("1.2.1", "")):  # the second was only opened
            words: dict[str, Any] = {"judgement": None, "narrative": text, "not_applicable_reason": "", "version": 0}
            answers.save(accreditation, ids[code], by=CONSOLE, **words)
        session.execute(update(Evidence).where(Evidence.url == LINK).values(removed_at=func.now()))
    with in_scope(council.scope()):
        preview = find_preview(get_accreditation(made))
        assert preview is not None
        assert [line.requirement.code for line in preview.lines if line.taken] == ["1.1.1"]
        assert {line.gone for line in preview.lines} == {(LINK_TITLE,)}
    assert carry(in_scope, council, made) == 27
    with in_scope(council.scope()):
        drafts = queries.list_answers(get_accreditation(made))
        first, second = drafts[ids["1.1.1"]], drafts[ids["1.2.1"]]
        assert (first.narrative, first.carried) == ("Written anew.", None)
        assert second.carried is not None
        assert second.carried["gone"] == [LINK_TITLE]
        assert len(queries.list_citations(get_accreditation(made), second.id)[second.id]) == 1


def test_a_newer_version_unites_what_its_crosswalk_joins(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council, make_framework(app, "charter-2017"))
    old = tree_of("charter-2008")
    assert carry(in_scope, council, made) == 20
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        framework = get_framework(accreditation.framework_id)
        answer = queries.list_answers(accreditation)[framework.ids["1.1.1"]]
        sources = [old.requirement(code) for code in ("1.1.1", "1.2.1")]
        assert answer.carried is not None
        assert (answer.judgement, answer.carried["codes"]) == ("met", ["1.1.1", "1.2.1"])
        assert answer.narrative == "\n\n".join(
            f"From {each.code} {each.title}:\n\nWhat we do about {each.title.lower()}." for each in sources
        )
        assert len(queries.list_citations(accreditation, answer.id)[answer.id]) == 2  # united, none twice


def test_the_upper_level_shows_what_starts_empty(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    framework_id = make_framework(app, "charter-2017")
    make_earlier(app, council, framework_id)
    made = make_accreditation(app, council, framework_id)
    with in_scope(council.scope()) as session:
        session.execute(update(Accreditation).where(Accreditation.id == made).values(level="charter_plus"))
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        tree = get_framework(framework_id).tree
        preview = find_preview(accreditation)
        assert preview is not None
        lower = {each.code for each in tree.requirements_of("charter")}
        upper = [each.code for each in tree.requirements_of("charter_plus")]
        assert [each.code for each in preview.fresh] == [code for code in upper if code not in lower]
        assert [line.requirement.code for line in preview.lines] == [code for code in upper if code in lower]


def test_nothing_is_carried_where_nothing_was_sent_or_answers_rest(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    make_earlier(app, make_council(app, council.region))  # a neighbour's
    made = make_accreditation(app, council)
    with pytest.raises(Conflict, match="no earlier submission of your council"):
        carry(in_scope, council, made)
    make_submission(app, council, made, "plan")
    with pytest.raises(Conflict, match="Answers cannot be changed at the stage “Plan sent”"):
        carry(in_scope, council, made)
    with in_scope(council.scope()) as session:
        assert session.scalar(select(func.count()).select_from(Answer).where(Answer.carried.is_not(None))) == 0


def test_each_answer_is_confirmed_by_a_person_before_anything_is_sent(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council)
    carry(in_scope, council, made)
    with in_scope(council.scope(lead.id)):
        accreditation = get_accreditation(made, share=True)
        framework = get_framework(accreditation.framework_id)
        drafts = queries.list_answers(accreditation)
        *most, last = framework.tree.requirements_of("charter")
        for requirement in most:
            carried.confirm(drafts[framework.ids[requirement.code]], by=actor(lead))
        assert find_next_to_confirm(accreditation, "1.1.1") == last.code
        problems = [(each.requirement_code, each.words) for each in submissions.list_problems(accreditation, "plan")]
        assert problems == [
            (last.code, "Confirm that this answer holds: it came from the last assessment or from a document.")
        ]
        answer = drafts[framework.ids["1.1.1"]]
        assert (answer.confirmed_by, answer.confirmed_by_name) == (lead.id, lead.name)
        carried.take_back(answer, by=actor(lead))
        assert (answer.confirmed_at, answer.confirmed_by, answer.confirmed_by_name) == (None, None, "")
        assert len(submissions.list_problems(accreditation, "readiness")) == 2


@pytest.mark.parametrize(
    ("values", "refusal", "words"),
    [
        ({"carried": None}, Conflict, "was neither carried nor taken from a document"),
        ({"judgement": None}, Invalid, "Give your judgement before you confirm this answer."),
    ],
)
def test_what_cannot_be_confirmed_is_refused_in_words(
    app: Flask,
    council: MadeCouncil,
    in_scope: InScope,
    values: dict[str, Any],
    refusal: type[Exception],
    words: str,
) -> None:
    make_earlier(app, council)
    made = make_accreditation(app, council)
    carry(in_scope, council, made)
    with in_scope(council.scope()):
        answer = next(iter(queries.list_answers(get_accreditation(made)).values()))
        for name, value in values.items():
            setattr(answer, name, value)
        with pytest.raises(refusal, match=words):
            carried.confirm(answer, by=CONSOLE)
