"""The chair of the steering group is asked, confirms, and nothing is sent before."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.queries.accreditations import get_accreditation
from assessment.queries.cases import get_case
from assessment.queries.chair_confirmations import find_asked_at, find_standing, list_confirmations
from assessment.queries.submissions import find_latest
from assessment.services import accreditations, chair_confirmations, readiness, submissions
from assessment.services.submissions import Incomplete
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE, Actor
from tenants.models.notices import Notice
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.chair_confirmations import confirm_by_chair, make_confirmed_by_chair
from tests.factories.submissions import answer_all, make_seal
from tests.factories.tenants import MadeCouncil, make_user

CHAIR = Actor(None, "Cllr Amina Foss")


@pytest.fixture
def made(app: Flask, council: MadeCouncil) -> UUID:
    """A self-assessment with every answer that the chair has to confirm."""
    return make_confirmed_by_chair(app, council)


def standing(in_scope: InScope, council: MadeCouncil, made: UUID) -> tuple[bool, bool]:
    """Whether the chair has still to confirm, and whether anybody asked for it."""
    with in_scope(council.scope()):
        facts = get_case(made).facts
    return facts.unconfirmed, facts.chair_asked


def return_plan(in_scope: InScope, council: MadeCouncil, made: UUID) -> None:
    """The region returns the plan."""
    with in_scope(council.region.scope()):
        plan = find_latest(made, "plan")
        assert plan is not None
        accreditation = get_accreditation(made, lock=True)
        readiness.decide(accreditation, plan, outcome="returned", reason="Not yet.", by=CONSOLE)


def test_nothing_is_sent_before_the_chair_confirmed(
    app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID
) -> None:
    refusal = "The chair of the steering group has not confirmed it yet."
    with in_scope(council.scope()), pytest.raises(Incomplete) as caught:
        submissions.request_seal(get_accreditation(made, lock=True), "plan", monitor="Alex Reed", by=CONSOLE)
    assert caught.value.message == refusal
    confirm_by_chair(app, council, made, by=CHAIR, words=" We read it in June. ")
    make_seal(app, council, made, "plan")
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made)
        [kept] = list_confirmations(accreditation)
        assert (accreditation.stage, kept.about, kept.words, kept.confirmed_by_name) == (
            "plan_submitted",
            "plan",
            "We read it in June.",
            "Cllr Amina Foss",
        )


def test_what_was_returned_is_confirmed_again(app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID) -> None:
    confirm_by_chair(app, council, made)
    assert standing(in_scope, council, made) == (False, False)
    make_seal(app, council, made, "plan")
    return_plan(in_scope, council, made)
    assert standing(in_scope, council, made) == (True, False)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        assert find_standing(accreditation, "plan") is None
        assert len(list_confirmations(accreditation)) == 1
    confirm_by_chair(app, council, made)
    assert standing(in_scope, council, made) == (False, False)


def test_a_plan_that_was_confirmed_says_nothing_of_the_submission(
    app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID
) -> None:
    confirm_by_chair(app, council, made)
    make_seal(app, council, made, "plan")
    with in_scope(council.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), accreditations.Verb.APPROVE_PLAN, by=CONSOLE)
    assert standing(in_scope, council, made) == (True, False)
    with pytest.raises(Incomplete, match="has not confirmed"):
        make_seal(app, council, made, "readiness")
    confirm_by_chair(app, council, made, "readiness")
    make_seal(app, council, made, "readiness")


def test_every_chair_is_told_once_a_day_and_the_page_says_when(
    app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID
) -> None:
    with in_scope(council.scope()), pytest.raises(Conflict, match="Nobody in your council has the role"):
        chair_confirmations.ask(get_accreditation(made, lock=True), "plan", by=CONSOLE)
    chairs = [make_user(app, council, "steering_chair"), make_user(app, council, "steering_chair")]
    make_user(app, council, "council_viewer")
    lead = Actor(None, "Kit Moss")
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, lock=True)
        assert find_asked_at(accreditation, "plan") is None
        assert chair_confirmations.ask(accreditation, "plan", by=lead) == 2
        assert chair_confirmations.ask(accreditation, "plan", by=lead) == 0
        told = list(get_notices(in_scope, council))
        assert {each.user_id for each in told} == {chair.id for chair in chairs}
        assert {(each.words, each.path) for each in told} == {
            (
                "Kit Moss asks you to confirm the plan, as chair of the steering group.",
                f"/councils/{council.slug}/accreditations/{made}/confirm/plan",
            )
        }
        assert find_asked_at(accreditation, "plan") == told[0].at
        assert find_asked_at(accreditation, "readiness") is None
    assert standing(in_scope, council, made) == (True, True)
    confirm_by_chair(app, council, made)
    make_seal(app, council, made, "plan")
    return_plan(in_scope, council, made)
    assert standing(in_scope, council, made) == (True, False)
    with in_scope(council.scope()):
        assert chair_confirmations.ask(get_accreditation(made, lock=True), "plan", by=lead) == 2


def get_notices(in_scope: InScope, council: MadeCouncil) -> list[Notice]:
    """What anybody was told of confirming."""
    with in_scope(council.scope()) as session:
        wanted = select(Notice).where(Notice.council_id == council.id, Notice.kind == "confirmation")
        return list(session.scalars(wanted))


def test_what_cannot_be_confirmed_is_refused(app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID) -> None:
    def refused(about: str, words: str = "") -> str:
        with in_scope(council.scope()), pytest.raises((Conflict, Invalid)) as caught:
            chair_confirmations.confirm(get_accreditation(made, lock=True), about=about, words=words, by=CHAIR)
        return str(caught.value)

    assert refused("plan", "x" * 2_001) == "words: Your words must be at most 2,000 characters."
    assert refused("readiness") == "The submission cannot be sent at the stage “Assessing itself”."
    confirm_by_chair(app, council, made)
    assert refused("plan") == "The chair of the steering group has confirmed this already."
    with in_scope(council.scope()):
        submissions.request_seal(get_accreditation(made, lock=True), "plan", monitor="Alex Reed", by=CONSOLE)
    assert refused("plan") == "This is being sealed already."


def test_what_is_not_complete_is_not_confirmed(app: Flask, council: MadeCouncil, in_scope: InScope, made: UUID) -> None:
    answer_all(app, council, made, "partly_met")
    with in_scope(council.scope()), pytest.raises(Incomplete, match="things are still missing"):
        chair_confirmations.confirm(get_accreditation(made, lock=True), about="plan", words="", by=CHAIR)


def test_without_the_setting_nothing_waits_for_a_chair(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    make_user(app, council, "steering_chair")
    assert standing(in_scope, council, made) == (False, False)
    for refused in (
        lambda found: chair_confirmations.ask(found, "plan", by=CONSOLE),
        lambda found: chair_confirmations.confirm(found, about="plan", words="", by=CHAIR),
    ):
        with in_scope(council.scope()), pytest.raises(Conflict, match="Your region asks for no confirmation"):
            refused(get_accreditation(made, lock=True))
    make_seal(app, council, made, "plan")
