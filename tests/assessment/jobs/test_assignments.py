"""Whoever is asked to assess gets one mail, unless he or she has answered or left before it is sent."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own, list_team
from assessment.services import assignments
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.scores import MadeCase, actor, make_accepted, seated
from tests.factories.tenants import MadeCouncil, MadeRegion


@pytest.fixture
def asked(app: Flask, council: MadeCouncil, region: MadeRegion, postbox: Postbox, in_scope: InScope) -> MadeCase:
    """A team that was asked; none of its mails has gone out yet."""
    case = make_accepted(app, council, region)
    postbox.empty()
    with in_scope(region.scope(case.officer.id)):
        assignments.assign(get_accreditation(case.accreditation_id, lock=True), seated(case), by=actor(case.officer))
    return case


def test_everybody_asked_is_told_which_council_and_where(asked: MadeCase, postbox: Postbox) -> None:
    mails = postbox.empty()
    team = (*asked.scorers, asked.officer)
    assert [f"To: {each.email}" in mails for each in team] == [True, True, True]
    assert mails.count(f"Subject: You are asked to assess {asked.council.name}") == 3
    assert "http://localhost/files" in mails
    assert postbox.empty() == ""


def test_who_has_declared_or_left_before_it_is_sent_gets_none(
    asked: MadeCase, postbox: Postbox, in_scope: InScope
) -> None:
    first, second = asked.scorers
    with in_scope(asked.file(0)):
        own = get_own(asked.accreditation_id, first.id, lock=True)
        assignments.declare(own, interest="none", words="", by=actor(first))
    with in_scope(asked.region.scope(asked.officer.id)):
        accreditation = get_accreditation(asked.accreditation_id, lock=True)
        leaves = next(each for each in list_team(asked.accreditation_id) if each.user_id == second.id)
        assignments.withdraw(accreditation, leaves, reason="No time.", by=actor(asked.officer))
    mails = postbox.empty()
    assert [f"To: {each.email}" in mails for each in (first, second, asked.officer)] == [False, False, True]
