"""The region's decision on a plan or a submission: one, with a reason when it goes back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers, list_citations
from assessment.queries.frameworks import get_framework
from assessment.queries.readiness import find_accepted
from assessment.queries.returned import Returned, Said, list_returned, list_said, list_words
from assessment.queries.submissions import find_decision, get_submission
from assessment.services import answers, readiness
from saas import clock
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.scores import actor
from tests.factories.submissions import make_seal, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.mark.parametrize(
    ("kind", "outcome", "stage"),
    [
        ("plan", "accepted", "improving"),
        ("plan", "returned", "self_assessing"),
        ("readiness", "accepted", "submitted"),
        ("readiness", "returned", "improving"),
    ],
)
def test_a_decision_moves_the_stage_and_is_read_by_the_council(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope, kind: str, outcome: str, stage: str
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id, kind)
    with in_scope(council.region.scope(officer.id)):
        accreditation = get_accreditation(accreditation_id, lock=True)
        readiness.decide(
            accreditation, get_submission(submission_id), outcome=outcome, reason="Well argued.", by=actor(officer)
        )
    with in_scope(council.scope()):
        assert get_accreditation(accreditation_id).stage == stage
        decision = find_decision(submission_id)
        assert decision is not None
        assert (decision.outcome, decision.reason, decision.decided_by_name) == (outcome, "Well argued.", officer.name)
        accepted = submission_id if outcome == "accepted" else None
        assert find_accepted(accreditation_id, kind) == accepted


def test_a_second_decision_is_refused_in_words_and_a_return_needs_a_reason(
    app: Flask, council: MadeCouncil, officer: MadeUser
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id)

    def decide(outcome: str, reason: str = "") -> None:
        with app.app_context(), within(council.region.scope(officer.id)):
            accreditation = get_accreditation(accreditation_id, lock=True)
            submission = get_submission(submission_id)
            readiness.decide(accreditation, submission, outcome=outcome, reason=reason, by=actor(officer))

    with pytest.raises(Invalid) as refused:
        decide("returned", "  ")
    assert refused.value.messages == {"reason": ["Tell the council why it is returned and what is needed."]}
    decide("accepted")
    with pytest.raises(Conflict, match=f"{officer.name} has decided this already: it was accepted"):
        decide("returned", "On second thoughts")


def test_only_what_the_region_named_is_open_until_it_is_sent_again(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_submission(app, council, made, "plan")
    return_named(in_scope, council, officer, made, first, {"1.2.1": "Say who leads.", "1.1.1": "Name a date."})
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, share=True)
        assert accreditation.reopened == ["1.1.1", "1.2.1"]
        assert list_returned(accreditation) == {
            "1.1.1": Returned("Name a date.", False),
            "1.2.1": Returned("Say who leads.", False),
        }
        framework = get_framework(accreditation.framework_id)
        drafts = list_answers(accreditation)
        closed, opened = (drafts[framework.ids[code]] for code in ("1.3.1", "1.2.1"))
        evidence, other = session.scalars(select(Evidence)).all()
        citation = list_citations(accreditation, closed.id)[closed.id][0].id
        words: dict[str, Any] = {"judgement": "met", "narrative": "New.", "not_applicable_reason": "", "by": CONSOLE}
        for act in (
            partial(answers.save, accreditation, closed.requirement_id, version=closed.version, **words),
            partial(answers.cite, closed, evidence, pinpoint="", why="", by=CONSOLE),
            partial(answers.uncite, closed, citation, by=CONSOLE),
            partial(answers.plan_action, closed, action="Do.", timescale="", responsibility="", by=CONSOLE),
        ):
            with pytest.raises(Conflict, match=r"^The region asked only for 1\.1\.1 and 1\.2\.1 to be changed\.$"):
                act()
        evidence.removed_at = clock.now()
        session.flush()
        answers.uncite(closed, citation, by=CONSOLE)  # what the library lost may always go
        answers.save(accreditation, opened.requirement_id, version=opened.version, **words)
        answers.cite(drafts[framework.ids["1.1.1"]], other, pinpoint="Page 9", why="It shows what we do.", by=CONSOLE)
        assert [line.changed_since for line in list_returned(accreditation).values()] == [True, True]
        evidence.removed_at = None
    second = make_seal(app, council, made, "plan")
    with in_scope(council.scope()):
        assert get_accreditation(made).reopened is None
        assert set(list_words(first)) == {framework.ids["1.1.1"], framework.ids["1.2.1"]}
        assert list_words(second) == {}


def test_a_return_that_names_nothing_opens_everything(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    return_named(in_scope, council, officer, made, make_submission(app, council, made), {})
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        assert (accreditation.stage, accreditation.reopened, list_returned(accreditation)) == ("improving", None, {})


def test_an_approved_plan_keeps_comments_by_requirement(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, "plan")
    with in_scope(council.region.scope(officer.id)):
        accreditation = get_accreditation(made, lock=True)
        decision = readiness.decide(
            accreditation,
            get_submission(sent),
            outcome="accepted",
            reason="A good plan.",
            words={"1.1.1": "Well put.", "1.2.1": "  "},
            by=actor(officer),
        )
        at = decision.decided_at
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        requirement_id = get_framework(accreditation.framework_id).ids["1.1.1"]
        assert list_said(made, requirement_id) == [Said("plan", 1, "accepted", "Well put.", officer.name, at)]
        assert (list_words(sent), accreditation.reopened) == ({requirement_id: "Well put."}, None)


@pytest.mark.parametrize(
    ("kind", "outcome", "named", "words", "messages"),
    [
        ("plan", "returned", ["9.9"], {}, {"words.9.9": ["9.9 is no requirement of this level."]}),
        ("plan", "returned", [], {"9.9": "Why?"}, {"words.9.9": ["9.9 is no requirement of this level."]}),
        ("plan", "returned", ["1.1.1"], {"1.1.1": " "}, {"words.1.1.1": ["Say what is to be changed in 1.1.1."]}),
        (
            "plan",
            "accepted",
            ["1.1.1"],
            {"1.1.1": "Why?"},
            {"named.1.1.1": ["Return it to have 1.1.1 changed, or take this tick out."]},
        ),
        (
            "readiness",
            "accepted",
            [],
            {"1.1.1": "Why?"},
            {"words.1.1.1": ["Comments go with a plan, or with what is returned: take these words out."]},
        ),
    ],
)
def test_what_is_named_wrongly_is_refused_and_nothing_is_done(
    app: Flask,
    council: MadeCouncil,
    officer: MadeUser,
    in_scope: InScope,
    kind: str,
    outcome: str,
    named: list[str],
    words: dict[str, str],
    messages: dict[str, list[str]],
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind)
    with in_scope(council.region.scope(officer.id)), pytest.raises(Invalid) as refused:
        readiness.decide(
            get_accreditation(made, lock=True),
            get_submission(sent),
            outcome=outcome,
            reason="Because.",
            named=named,
            words=words,
            by=actor(officer),
        )
    assert refused.value.messages == messages
    with in_scope(council.scope()):
        assert find_decision(sent) is None


def return_named(
    in_scope: InScope, council: MadeCouncil, officer: MadeUser, made: UUID, sent: UUID, words: dict[str, str]
) -> None:
    """The region returns what was sent and names these requirements."""
    with in_scope(council.region.scope(officer.id)):
        readiness.decide(
            get_accreditation(made, lock=True),
            get_submission(sent),
            outcome="returned",
            reason="Nearly there.",
            named=list(words),
            words=words,
            by=actor(officer),
        )
