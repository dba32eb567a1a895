"""Clarifications: asked while the file is open, answered once, fixed with a hash, and opening nothing else."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import ProgrammingError

from assessment.models.clarifications import ClarificationAnswer
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.rules.clarifications import MOST_OPEN, hash_of
from assessment.services import clarifications, quarantined
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.files import receive, storage
from tenants.models.evidence import Evidence
from tenants.services import evidence as library
from tenants.services import evidence_looks
from tests.conftest import InScope
from tests.factories.clarifications import ANSWER, QUESTION, make_answer, make_question
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.invitations import Postbox
from tests.factories.scores import MadeCase, actor, make_declared
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

ASKED = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
"""The Wednesday before Easter: the fifth working day after it is the Friday of the week after."""


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A declared team."""
    return make_declared(app, council, region)


def test_a_question_is_numbered_dated_and_read_by_all_three(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(ASKED):
        first = make_question(app, case)
        make_question(app, case, "1.2.1", question="How much was spent?", scorer=None)
    expected = [
        (1, "1.1.1", QUESTION, "assessor", "2026-04-10"),
        (2, "1.2.1", "How much was spent?", "region", "2026-04-10"),
    ]
    for scope in (case.file(1), case.region.scope(case.officer.id), case.council.scope()):
        with in_scope(scope):
            found = queries.list_for(case.accreditation_id)
            told = [(each.number, each.code, each.question, each.asked_as, each.due_on.isoformat()) for each in found]
            assert told == expected
            assert [each.id for each in queries.list_for(case.accreditation_id, found[0].requirement_id)] == [first]
            counted = queries.count_questions(case.accreditation_id)
            assert counted == queries.Counts(2, 2, found[0].due_on)


def test_the_answer_is_fixed_with_a_hash_over_all_it_says(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    papers = [make_file(app, case.council, title=title) for title in ("Minutes of May", "Annual report")]
    question = make_question(app, case)
    make_answer(app, case, question, lead, evidence=papers)
    with in_scope(case.file()):
        item = queries.get_item(case.accreditation_id, question)
        assert (item.words, item.answered_by_name, [file.title for file in item.files]) == (
            ANSWER,
            lead.name,
            ["Annual report", "Minutes of May"],
        )
        document = clarifications.document_of(item, item.words, item.answered_at or ASKED, lead.name, item.files)
        assert hash_of(document) == item.hash
        assert document["submission"] == item.submission_hash
        assert hash_of(document | {"answer": "another"}) != item.hash
        assert queries.count_questions(case.accreditation_id) == queries.Counts(1, 0, None)


def test_a_file_that_was_replaced_after_the_check_is_not_sent(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    question, paper = make_question(app, case), make_file(app, case.council)
    with in_scope(case.council.scope(lead.id)) as session:
        accreditation = get_accreditation(case.accreditation_id)
        item = queries.get_item(case.accreditation_id, question)
        clarifications.save_draft(accreditation, item, words=ANSWER, version=0, evidence=[paper], by=actor(lead))
        evidence = session.get_one(Evidence, (case.council.id, paper))
        checked = clarifications.fingerprint([evidence])
        with receive(io.BytesIO(pdf("other minutes")), "minutes.pdf", limit_bytes=1_000_000) as received:
            library.replace_file(evidence, received=received, by=actor(lead))
        with pytest.raises(Conflict, match="A file changed after you checked it") as refused:
            clarifications.answer(accreditation, item, version=1, files=checked, by=actor(lead))
        assert refused.value.theirs is queries.find_draft(question)
        again = clarifications.fingerprint([evidence])
        assert clarifications.answer(accreditation, item, version=1, files=again, by=actor(lead)).words == ANSWER


def test_an_answer_is_sent_once_and_never_changed(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    question = make_question(app, case)
    make_answer(app, case, question, lead)
    with in_scope(case.council.scope(lead.id)):
        accreditation, item = (
            get_accreditation(case.accreditation_id),
            queries.get_item(case.accreditation_id, question),
        )
        with pytest.raises(Conflict, match="answered already"):
            clarifications.save_draft(accreditation, item, words="More", version=0, by=actor(lead))
        with pytest.raises(Conflict, match="answered already"):
            clarifications.answer(accreditation, item, version=1, by=actor(lead))
        assert queries.find_draft(question) is None
    with pytest.raises(ProgrammingError, match="permission denied"), in_scope(case.council.scope()) as session:
        session.execute(update(ClarificationAnswer).values(words="Something else"))


def test_an_answer_opens_nothing_of_what_was_sent(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    with in_scope(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id)
        before = (
            accreditation.stage,
            accreditation.version,
            {each.version for each in list_answers(accreditation).values()},
        )
    make_answer(app, case, make_question(app, case), lead)
    with in_scope(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id)
        after = (
            accreditation.stage,
            accreditation.version,
            {each.version for each in list_answers(accreditation).values()},
        )
    assert after == before


def test_what_is_wrong_is_named(app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope) -> None:
    question = make_question(app, case)
    link = make_link(app, case.council)
    bad = make_file(app, case.council, title="Trojan")
    foreign = make_file(app, make_council(app, case.region), title="Theirs")
    with in_scope(case.council.scope()) as session:
        session.get_one(Evidence, (case.council.id, bad)).scan = "quarantined"
    with in_scope(case.council.scope(lead.id)):
        accreditation = get_accreditation(case.accreditation_id)
        item = queries.get_item(case.accreditation_id, question)

        def refused(words: str, evidence: list[UUID]) -> dict[str, list[str]]:
            with pytest.raises(Invalid) as error:
                clarifications.save_draft(
                    accreditation, item, words=words, version=0, evidence=evidence, by=actor(lead)
                )
            return dict(error.value.messages)

        assert refused("x" * 8001, []) == {"words": ["Use 8,000 characters or fewer."]}
        assert list(refused("Here", [link])) == ["evidence"]
        assert refused("Here", [bad]) == {"evidence": ["“Trojan” is in quarantine and cannot be sent."]}
        gone = "A file you attached is no longer in your library. Take it out or attach another."
        assert refused("Here", [foreign]) == {"evidence": [gone]}
        assert queries.find_draft(question) is None
        with pytest.raises(Invalid):
            clarifications.answer(accreditation, item, version=0, by=actor(lead))
    with in_scope(case.file()):
        accreditation = get_accreditation(case.accreditation_id)
        with pytest.raises(Invalid):
            clarifications.ask(
                accreditation, item.requirement_id, question="  ", asked_as="assessor", by=actor(case.scorers[0])
            )
        with pytest.raises(NotFound):
            clarifications.ask(accreditation, question, question="Why?", asked_as="assessor", by=actor(case.scorers[0]))


def test_a_file_that_went_into_quarantine_is_not_sent(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    question, paper = make_question(app, case), make_file(app, case.council, title="Budget")
    with in_scope(case.council.scope(lead.id)) as session:
        accreditation = get_accreditation(case.accreditation_id)
        item = queries.get_item(case.accreditation_id, question)
        clarifications.save_draft(accreditation, item, words="See it", version=0, evidence=[paper], by=actor(lead))
        session.get_one(Evidence, (case.council.id, paper)).scan = "quarantined"
        session.flush()
        with pytest.raises(Invalid) as error:
            clarifications.answer(accreditation, item, version=1, by=actor(lead))
    assert error.value.messages == {"evidence": ["“Budget” is in quarantine and cannot be sent."]}


def test_what_was_sent_is_kept_when_malware_is_found_later(
    app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    sent, kept_nowhere = make_file(app, case.council), make_file(app, case.council)
    make_answer(app, case, make_question(app, case), lead, evidence=[sent])
    with in_scope(case.council.scope()) as session:
        digests = [session.get_one(Evidence, (case.council.id, each)).sha256 or "" for each in (sent, kept_nowhere)]
        for sha256 in digests:
            evidence_looks.quarantine(case.council.id, sha256, "Test-Signature")
        for each in (sent, kept_nowhere):
            quarantined.discard(each)
        namespace = str(case.council.id)
        assert [storage().exists(namespace, sha256) for sha256 in digests] == [True, False]


def test_nothing_is_asked_once_judgements_are_agreed(
    app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    question = make_question(app, case)
    with in_scope(region.scope()):
        get_accreditation(case.accreditation_id).stage = "reporting"
    with pytest.raises(Conflict, match="The council can be asked from the submission until"):
        make_question(app, case)
    with pytest.raises(Conflict, match="A question can be answered from the submission until"):
        make_answer(app, case, question, lead)


def test_a_council_is_not_flooded_with_questions(app: Flask, case: MadeCase, lead: MadeUser, in_scope: InScope) -> None:
    first = make_question(app, case, scorer=None)
    for _ in range(MOST_OPEN - 1):
        make_question(app, case, "1.2.1")
    for scorer in (1, None):
        with pytest.raises(Conflict, match=r"40 questions wait for an answer\. Ask more when the council has answered"):
            make_question(app, case, "1.2.1", scorer=scorer)
    make_answer(app, case, first, lead)
    make_question(app, case, "1.2.1")
    with in_scope(case.region.scope()):
        counted = queries.count_questions(case.accreditation_id)
        assert (counted.asked, counted.waiting) == (41, 40)


def test_the_council_hears_of_a_question_and_who_asked_of_the_answer(
    app: Flask, case: MadeCase, lead: MadeUser, postbox: Postbox
) -> None:
    editor = make_user(app, case.council, "council_editor")
    viewer = make_user(app, case.council, "council_viewer")
    postbox.empty()
    question = make_question(app, case)
    asked = postbox.empty()
    assert [each for each in (lead, editor, viewer) if f"To: {each.email}" in asked] == [lead, editor]
    assert f"/accreditations/{case.accreditation_id}/questions/{question}" in asked
    assert QUESTION not in asked
    assert postbox.empty() == ""
    make_answer(app, case, question, lead)
    answered = postbox.empty()
    assert f"To: {case.scorers[0].email}" in answered
    assert f"/files/{case.accreditation_id}/requirements/1.1.1#questions" in answered
    assert (ANSWER in answered, case.scorers[1].email in answered) == (False, False)


def test_the_officer_who_asked_is_led_to_the_case(app: Flask, case: MadeCase, lead: MadeUser, postbox: Postbox) -> None:
    question = make_question(app, case, scorer=None)
    postbox.empty()
    make_answer(app, case, question, lead)
    mailed = postbox.empty()
    assert f"To: {case.officer.email}" in mailed
    assert f"/regions/{case.region.slug}/cases/{case.accreditation_id}/questions#question-1" in mailed
