"""An answer in one go: sent over an empty draft or the same words, never over a colleague's unseen ones."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.services import clarifications
from assessment.services.clarification_answers import answer_at_once
from saas.errors import Conflict
from tests.conftest import InScope
from tests.factories.clarifications import ANSWER, make_question
from tests.factories.scores import MadeCase, actor, make_declared
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_declared(app, council, council.region)


@pytest.fixture
def question(app: Flask, case: MadeCase) -> UUID:
    return make_question(app, case)


@pytest.mark.parametrize(
    ("drafted", "seen", "sent"),
    [
        (None, None, True),
        (None, 0, True),
        (None, 1, False),
        ("", None, True),
        (f"  {ANSWER} ", None, True),
        ("We are asking.", None, False),
        ("We are asking.", 0, False),
        ("We are asking.", 1, True),
    ],
)
def test_only_a_draft_that_was_seen_gives_way(
    case: MadeCase, question: UUID, lead: MadeUser, in_scope: InScope, drafted: str | None, seen: int | None, sent: bool
) -> None:
    by = actor(lead)
    with in_scope(case.council.scope(lead.id)):
        accreditation = get_accreditation(case.accreditation_id, share=True)
        item = queries.get_item(case.accreditation_id, question)
        if drafted is not None:
            clarifications.save_draft(accreditation, item, words=drafted, version=0, by=by)
        if not sent:
            with pytest.raises(Conflict) as refused:
                answer_at_once(accreditation, item, words=ANSWER, evidence=[], draft_version=seen, by=by)
            assert refused.value.theirs is queries.find_draft(question)
        else:
            answer_at_once(accreditation, item, words=ANSWER, evidence=[], draft_version=seen, by=by)
            assert queries.find_draft(question) is None
        assert queries.get_item(case.accreditation_id, question).words == (ANSWER if sent else "")
