"""After the report: replies that may honestly say no, progress, and the region's last word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import find_reply_draft, get_improvement, list_improvements, list_replies
from assessment.rules.improvements import ImprovementState
from assessment.services import improvements
from saas import clock
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """An award with two improvements."""
    return make_award(app, council, improvements=2)


def states(case: MadeCase) -> list[ImprovementState]:
    """The state of each improvement, in the scope that is open."""
    return [line.state for line in list_improvements(case.accreditation_id)]


def test_deciding_against_names_body_day_and_reason_and_closes(case: MadeCase, in_scope: InScope) -> None:
    wanted = case.accreditation_id
    with in_scope(case.council.scope()):
        with pytest.raises(Invalid) as refused:
            improvements.reply(wanted, 1, answer="decided_against", by=CONSOLE)
        assert list(refused.value.messages) == ["reason", "body", "decided_on"]
        with pytest.raises(Invalid) as refused:
            improvements.reply(wanted, 1, answer="accepted_in_part", by=CONSOLE)
        assert list(refused.value.messages) == ["reason"]
        with pytest.raises(Invalid) as refused:
            improvements.reply(wanted, 1, answer="accepted", decided_on=clock.today() + timedelta(days=1), by=CONSOLE)
        assert list(refused.value.messages) == ["decided_on"]
        improvements.reply(
            wanted, 1, answer="decided_against", body="Member Development Group", decided_on=clock.today(),
            minute="14", reason="£1,000 a year is too much.", by=CONSOLE,
        )  # fmt: skip
        assert states(case) == [ImprovementState.DECIDED_AGAINST, ImprovementState.ISSUED]
        with pytest.raises(Conflict, match="decided against"):
            improvements.report_progress(wanted, 1, state="in_progress", words="Begun", by=CONSOLE)
        improvements.reply(wanted, 1, answer="accepted", by=CONSOLE)
        assert states(case)[0] is ImprovementState.OPEN
        line = get_improvement(wanted, 1)
        assert [each.answer for each in list_replies(line.improvement)] == ["accepted", "decided_against"]


def test_a_draft_stays_with_the_council_until_it_is_sent(case: MadeCase, in_scope: InScope) -> None:
    wanted = case.accreditation_id
    texts = {"answer": "", "body": "", "decided_on": None, "minute": "", "by": CONSOLE}
    with in_scope(case.council.scope()):
        draft = improvements.save_reply_draft(wanted, 1, reason="Half a thought", version=0, **texts)
        with pytest.raises(Conflict) as refused:
            improvements.save_reply_draft(wanted, 1, reason="Another", version=0, **texts)
        assert refused.value.theirs is draft
    with in_scope(case.region.scope(case.officer.id)):
        assert find_reply_draft(get_improvement(wanted, 1).improvement) is None
        assert get_improvement(wanted, 1).reply is None
    with in_scope(case.council.scope()):
        improvements.reply(wanted, 1, answer="accepted", draft_version=1, by=CONSOLE)
        assert find_reply_draft(get_improvement(wanted, 1).improvement) is None


def test_a_reply_over_a_draft_that_was_not_seen_is_not_sent(case: MadeCase, in_scope: InScope) -> None:
    wanted = case.accreditation_id
    with in_scope(case.council.scope()):
        texts = {"answer": "accepted", "body": "", "decided_on": None, "minute": "", "reason": "Half a thought"}
        draft = improvements.save_reply_draft(wanted, 1, **texts, version=0, by=CONSOLE)  # type: ignore[arg-type]
        for seen in (None, 0, 2):
            with pytest.raises(Conflict) as refused:
                improvements.reply(wanted, 1, answer="accepted", draft_version=seen, by=CONSOLE)
            assert refused.value.theirs is draft
        assert list_replies(get_improvement(wanted, 1).improvement) == []


def test_progress_follows_a_reply_and_only_what_is_complete_is_verified(case: MadeCase, in_scope: InScope) -> None:
    wanted, by = case.accreditation_id, actor(case.officer)
    with in_scope(case.council.scope()):
        with pytest.raises(Conflict, match="Reply to improvement 1 first"):
            improvements.report_progress(wanted, 1, state="in_progress", words="Begun", by=CONSOLE)
        improvements.reply(wanted, 1, answer="accepted", by=CONSOLE)
        with pytest.raises(Invalid) as refused:
            improvements.report_progress(wanted, 1, state="", words="", by=CONSOLE)
        assert list(refused.value.messages) == ["state", "words"]
        improvements.report_progress(wanted, 1, state="in_progress", words="Begun", by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)), pytest.raises(Invalid, match="not reported this as complete"):
        improvements.conclude(wanted, 1, ending="verified", by=by)
    with in_scope(case.council.scope()):
        improvements.report_progress(wanted, 1, state="claimed_complete", words="Done", by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)):
        improvements.conclude(wanted, 1, ending="verified", by=by)
        improvements.conclude(wanted, 2, ending="carried_forward", by=by)
        assert states(case) == [ImprovementState.VERIFIED, ImprovementState.CARRIED_FORWARD]
    with in_scope(case.council.scope()), pytest.raises(Conflict, match="The region closed improvement 2"):
        improvements.reply(wanted, 2, answer="accepted", by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)):
        improvements.conclude(wanted, 2, ending=None, by=by)
        assert states(case) == [ImprovementState.VERIFIED, ImprovementState.ISSUED]


def test_when_all_are_replied_to_the_interim_review_is_next(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.council.scope()):
        due = list_improvements(case.accreditation_id)[0].improvement.reply_due_on
        improvements.reply(case.accreditation_id, 1, answer="accepted", by=CONSOLE)
        assert get_accreditation(case.accreditation_id).next_due_on == due
        improvements.reply(case.accreditation_id, 2, answer="accepted", by=CONSOLE)
        assert get_accreditation(case.accreditation_id).next_due_on > due


def test_reply_and_progress_come_in_one_statement(app: Flask, case: MadeCase, in_scope: InScope, statements) -> None:
    with in_scope(case.council.scope()):
        get_accreditation(case.accreditation_id)
        with statements() as sql:
            list_improvements(case.accreditation_id)
        assert len(sql) == 1
