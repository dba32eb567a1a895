"""Who is asked to assess gets one mail; the region's officers hear of whoever leaves unasked."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own, list_team
from assessment.services import assignments, interests
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.invitations import Postbox
from tests.factories.scores import MadeCase, actor, make_accepted, make_declared, seated
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user


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
        interests.declare(own, interest="none", words="", by=actor(first))
    with in_scope(asked.region.scope(asked.officer.id)):
        accreditation = get_accreditation(asked.accreditation_id, lock=True)
        leaves = next(each for each in list_team(asked.accreditation_id) if each.user_id == second.id)
        assignments.withdraw(accreditation, leaves, reason="No time.", by=actor(asked.officer))
    mails = postbox.empty()
    assert [f"To: {each.email}" in mails for each in (first, second, asked.officer)] == [False, False, True]


def test_every_officer_is_told_of_a_late_conflict_without_its_words(
    app: Flask, council: MadeCouncil, region: MadeRegion, postbox: Postbox, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    other = make_user(app, region, "region_officer")
    viewer = make_user(app, region, "region_viewer")
    postbox.empty()
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="My sister was elected.", by=actor(case.scorers[0]))
    mails = postbox.empty()
    people = (case.officer, other, viewer, *case.scorers)
    assert [f"To: {each.email}" in mails for each in people] == [True, True, False, False, False]
    assert mails.count("has left the team.\nA place is empty") == 2
    assert mails.count(f"http://localhost/regions/{region.slug}/cases/{case.accreditation_id}/team") > 1
    assert "My sister" not in mails
    assert postbox.empty() == ""


def test_the_officer_hears_of_a_conflict_after_the_decision_and_that_the_scores_stand(
    app: Flask, council: MadeCouncil, postbox: Postbox, in_scope: InScope
) -> None:
    case = make_award(app, council)
    postbox.empty()
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="I was offered work there.", by=actor(case.scorers[0]))
    mails = postbox.empty()
    assert f"To: {case.officer.email}" in mails
    assert "so the scores given stand" in mails
    assert "A place is empty" not in mails


def test_the_officer_hears_of_who_cannot_take_part_but_not_of_a_withdrawal_of_the_regions_own(
    asked: MadeCase, postbox: Postbox, in_scope: InScope
) -> None:
    postbox.empty()
    first, second = asked.scorers
    with in_scope(asked.file(0)):
        interests.decline(get_own(asked.accreditation_id, first.id, lock=True), words="Ill.", by=actor(first))
    mails = postbox.empty()
    assert f"Subject: {first.name} cannot take part: {asked.council.name}" in mails
    assert (mails.count("To: "), f"To: {asked.officer.email}" in mails, "Ill." in mails) == (1, True, False)
    with in_scope(asked.region.scope(asked.officer.id)):
        accreditation = get_accreditation(asked.accreditation_id, lock=True)
        leaves = next(each for each in list_team(asked.accreditation_id) if each.user_id == second.id)
        assignments.withdraw(accreditation, leaves, reason="No time.", by=actor(asked.officer))
    assert postbox.empty() == ""
