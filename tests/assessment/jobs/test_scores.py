"""The mail to the scorers when a requirement is opened to be scored again, and who gets none."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import get_framework
from assessment.services import interests, moderations, score_reopenings
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.scores import MadeCase, actor, make_scored
from tests.factories.tenants import MadeCouncil, MadeRegion

REASON = "The minutes of May came to light."


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion, postbox: Postbox) -> MadeCase:
    """Both have submitted; what was mailed until then is out of the way."""
    case = make_scored(app, council, region)
    postbox.empty()
    return case


def open_again(in_scope: InScope, case: MadeCase, code: str = "1.1.1") -> None:
    """Begin moderation and open one requirement to be scored again."""
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=actor(case.officer))
        requirement_id = get_framework(case.framework_id).ids[code]
        score_reopenings.reopen(accreditation, requirement_id, reason=REASON, by=actor(case.officer))


def mailed_to(case: MadeCase, mails: str) -> list[bool]:
    """Whether each of the two scorers has a mail."""
    return [f"To: {each.email}" in mails for each in case.scorers]


def test_every_scorer_is_led_to_the_requirement_and_reads_the_reason_there(
    in_scope: InScope, case: MadeCase, postbox: Postbox
) -> None:
    open_again(in_scope, case)
    mails = postbox.empty()
    assert mailed_to(case, mails) == [True, True]
    assert f"/files/{case.accreditation_id}/again/1.1.1" in mails
    assert (case.council.name in mails, REASON in mails, case.officer.email in mails) == (True, False, False)
    assert postbox.empty() == ""


def test_who_has_scored_again_or_left_before_it_is_sent_gets_no_mail(
    in_scope: InScope, case: MadeCase, postbox: Postbox
) -> None:
    open_again(in_scope, case)
    with in_scope(case.file(0)):
        score_reopenings.score_again(
            case.accreditation_id, "1.1.1", judgement="met", reason="Seen", version=1, by=actor(case.scorers[0])
        )
    with in_scope(case.file(1)):
        own = get_own(case.accreditation_id, case.scorers[1].id, lock=True)
        interests.declare_late(own, words="I was offered work there", by=actor(case.scorers[1]))
    assert mailed_to(case, postbox.empty()) == [False, False]


def test_nobody_is_mailed_about_what_is_closed_again(in_scope: InScope, case: MadeCase, postbox: Postbox) -> None:
    open_again(in_scope, case)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        requirement_id = get_framework(case.framework_id).ids["1.1.1"]
        score_reopenings.close(accreditation, requirement_id, by=actor(case.officer))
    assert mailed_to(case, postbox.empty()) == [False, False]
