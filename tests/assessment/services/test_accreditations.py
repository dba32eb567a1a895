"""Committing and moving from stage to stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award, holds_level
from assessment.rules.process_words import period_words
from assessment.rules.processes import DEFAULT, Period
from assessment.rules.stages import Verb
from assessment.services import accreditations
from assessment.services.frameworks import publish_framework
from assessment.services.processes import save_process
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.assessment import SIGNED, make_accreditation, make_framework, tree_of
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, make_council, make_region


def test_committing_opens_the_self_assessment_and_says_so_to_both(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made)
        assert (accreditation.stage, accreditation.cycle, accreditation.process_version) == (
            "self_assessing",
            1,
            0,
        )
        signed = session.execute(select(DeclarationSignature.office, DeclarationSignature.name))
        assert sorted(map(tuple, signed)) == [("Chief Executive", "Kit Moss"), ("Leader", "Sam Okoro")]
    with in_scope(council.region.scope()) as session:
        verbs = session.scalars(select(Event.verb).where(Event.accreditation_id == made).order_by(Event.seq))
        assert list(verbs) == ["accreditation.committed", "accreditation.moved"]


def test_a_commitment_needs_every_office_and_a_date_within_the_time_allowed(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    framework_id = make_framework(app)
    with pytest.raises(Invalid) as refused, in_scope(council.scope()):
        accreditations.commit(
            council.id,
            council.region.id,
            council.name,
            framework_id=framework_id,
            level="platinum",
            target_on=clock.today() + timedelta(days=4000),
            signatures=[SIGNED[0]],
            by=CONSOLE,
        )
    assert refused.value.messages == {
        "level": ["Choose one of the levels of this framework."],
        "target_on": ["The day you want to be assessed must be within 36 months."],
        "signatures.Chief Executive": ["Enter the name of the Chief Executive."],
    }


def test_a_council_commits_only_to_what_its_region_offers(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    other = make_region(app)
    with in_scope(other.scope()):
        theirs = publish_framework(tree_of("charter-2008"), region_id=other.id, by=CONSOLE)[0].id
    with pytest.raises(Invalid) as refused:
        make_accreditation(app, council, theirs)
    assert refused.value.messages == {"framework_id": ["Choose one of the frameworks that your region offers."]}


def test_one_accreditation_of_a_level_at_a_time(app: Flask, council: MadeCouncil) -> None:
    make_accreditation(app, council)
    with pytest.raises(Conflict, match="under way already"):
        make_accreditation(app, council)


def test_a_move_out_of_turn_is_refused_in_words(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with (
        pytest.raises(Conflict, match="The award cannot be made at the stage “Assessing itself”"),
        in_scope(council.region.scope()),
    ):
        accreditations.move(get_accreditation(made), Verb.AWARD, by=CONSOLE)


def test_another_councils_accreditation_does_not_exist(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    other = make_council(app, council.region)
    with in_scope(other.scope()) as session:
        assert session.scalars(select(Accreditation)).all() == []
        with pytest.raises(NotFound):
            get_accreditation(made)


def test_no_council_commits_in_a_pre_election_period(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    framework_id = make_framework(app)
    today = clock.today()
    period = Period(today - timedelta(days=3), today + timedelta(days=20))
    with in_scope(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, pre_election_periods=(period,)), version=0, by=CONSOLE)
    with pytest.raises(Conflict, match=f"A pre-election period runs from {period_words(period)}"):
        make_accreditation(app, council, framework_id)
    ended = Period(date(2026, 1, 1), date(2026, 1, 5))  # the day the Leader signed
    with in_scope(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, pre_election_periods=(ended,)), version=1, by=CONSOLE)
    with pytest.raises(Invalid) as refused:
        make_accreditation(app, council, framework_id)
    assert refused.value.messages == {
        "signatures.Leader": ["The day the Leader signed is in a pre-election period: no declaration is signed then."]
    }


def test_an_upper_level_needs_the_lower_held_where_the_region_asks_for_it(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    framework_id = make_framework(app, "charter-2017")
    with pytest.raises(Invalid) as refused:
        make_accreditation(app, council, framework_id, "charter_plus")
    assert refused.value.messages == {
        "level": ["Charter Plus needs Charter first: your council does not hold Charter now."]
    }
    with in_scope(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, upper_level_needs_lower=False), version=0, by=CONSOLE)
    assert make_accreditation(app, council, framework_id, "charter_plus")


def test_a_level_is_held_to_its_last_day_of_grace(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_award(app, council).accreditation_id
    with in_scope(council.scope()):
        award = find_award(made)
        assert award is not None
        held = []
        for days in (0, 1):
            with clock.at(clock.now() + (award.grace_to_on - clock.today()) + timedelta(days=days)):
                held.append(holds_level(council.id, "charter"))
        assert held == [True, False]
