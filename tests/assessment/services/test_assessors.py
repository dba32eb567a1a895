"""The pool: entries, councils, absences, neighbours, and what they mean for a team."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from assessment.models.assessors import AssessorAbsence
from assessment.models.assignments import Assignment
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assessors import find_assessor, get_person, list_absences, list_entries, load_pool, why_not
from assessment.queries.assignments import get_own, list_team
from assessment.queries.team_places import file_of
from assessment.services import assessors, assignments, interests
from assessment.services.assessors import Entry, ServedCouncil
from assessment.services.assignments import Asked
from saas import clock
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE, Scope
from tenants.services import councils
from tests.conftest import InScope
from tests.factories.assessors import away, enter, make_assessor, neighbours, serve
from tests.factories.scores import MadeCase, actor, make_accepted, make_declared, make_moderated, make_team, seated
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_region, make_user


def why(app: Flask, in_scope: InScope, case: MadeCase, user: object) -> str:
    """Why this user may not be asked for this file."""
    with in_scope(case.region.scope(case.officer.id)):
        pool = load_pool(case.region.id)
        person = get_person(pool, user.id)  # type: ignore[attr-defined]
        return why_not(pool, file_of(get_accreditation(case.accreditation_id)), person)


def test_an_entry_is_made_once_and_a_stale_change_is_refused(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    ann = make_user(app, region, "assessor", "Ann Bell")
    enter(app, region, ann, "councillor", most_at_once=3)
    with in_scope(region.scope()):
        found = find_assessor(region.id, ann.id)
        assert found is not None
        assert (found.name, found.capacity, found.most_at_once) == ("Ann Bell", "councillor", 3)
    for version in (0, 7):
        with in_scope(region.scope()), pytest.raises(Conflict, match="Somebody else saved"):
            person = get_person(load_pool(region.id), ann.id)
            assessors.save_entry(region.id, person, Entry("officer"), version=version, by=CONSOLE)
    with in_scope(region.scope()), pytest.raises(Invalid) as refused:
        person = get_person(load_pool(region.id), ann.id)
        assessors.save_entry(region.id, person, Entry("officer", most_at_once=0), version=1, by=CONSOLE)
    assert refused.value.messages == {"most_at_once": ["Enter a number from 1 to 20."]}


def test_a_typed_name_of_a_council_of_the_region_becomes_that_council(
    app: Flask, region: MadeRegion, council: MadeCouncil, in_scope: InScope
) -> None:
    ann = make_user(app, region, "assessor")
    enter(app, region, ann)
    serve(app, region, ann, f" {council.name.upper()} ")
    serve(app, region, ann, "Council of the Far Shore", ended_on=clock.today())
    with in_scope(region.scope()):
        served = get_person(load_pool(region.id), ann.id).councils
        assert {(each.name, each.council_id) for each in served} == {
            (council.name, council.id),
            ("Council of the Far Shore", None),
        }


@pytest.mark.parametrize(
    ("served", "messages"),
    [
        (ServedCouncil(), {"council_id": ["Choose a council of your region, or enter the name of another."]}),
        (
            ServedCouncil(name="Elsewhere", relation="friend"),
            {"relation": ["Say whether as a councillor or as an officer."]},
        ),
        (
            ServedCouncil(name="Elsewhere", from_on=clock.today(), ended_on=clock.today() - timedelta(1)),
            {"ended_on": ["The last day must not come before the first."]},
        ),
    ],
)
def test_a_council_is_refused_with_what_is_wrong(
    app: Flask, region: MadeRegion, in_scope: InScope, served: ServedCouncil, messages: object
) -> None:
    ann = make_user(app, region, "assessor")
    enter(app, region, ann)
    with in_scope(region.scope()), pytest.raises(Invalid) as refused:
        known = find_assessor(region.id, ann.id)
        assert known is not None
        assessors.add_council(known, served, by=CONSOLE)
    assert refused.value.messages == messages


def test_a_council_of_another_region_cannot_be_named_by_its_id(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    elsewhere = make_council(app, make_region(app))
    ann = make_user(app, region, "assessor")
    enter(app, region, ann)
    with pytest.raises(Invalid):
        serve(app, region, ann, elsewhere)


def test_everything_the_pool_knows_counts_against_somebody(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_accepted(app, council, region)
    beside = make_council(app, region)
    neighbours(app, beside, council)
    today = clock.today()
    own = make_assessor(app, region, "councillor", council)
    neighbour = make_assessor(app, region, "officer", beside)
    former = make_assessor(app, region, "officer", "Northfield")
    serve(app, region, former, council.name, relation="officer", ended_on=today - timedelta(400))
    untrained = make_assessor(app, region, "officer", "Northfield", trained_until_on=today - timedelta(1))
    absent = make_assessor(app, region, "officer", "Northfield")
    away(app, region, absent, today, today)
    guest = make_assessor(app, region, "officer", "Northfield", left_on=today - timedelta(1))
    insider = make_assessor(app, region, "officer", "Northfield")
    with in_scope(Scope.operator(None)):
        councils.add_user(
            email=insider.email, name=insider.name, scope_slug=council.slug, role="member", hashed=None, by=CONSOLE
        )
    fine = make_assessor(app, region, "officer", "Northfield", left_on=today)
    ended = today - timedelta(400)
    yesterday = today - timedelta(1)
    assert [why(app, in_scope, case, each) for each in (own, neighbour, former, untrained, absent, guest)] == [
        "They are a councillor or officer of this council.",
        "They come from a council that is declared a neighbour of this one.",
        f"They worked for this council until {ended.day} {ended:%B %Y}, less than 36 months ago.",
        f"Their training ran out on {yesterday.day} {yesterday:%B %Y}.",
        f"They are away until {today.day} {today:%B %Y}.",
        f"They left the pool on {yesterday.day} {yesterday:%B %Y}.",
    ]
    assert [why(app, in_scope, case, each) for each in (insider, fine)] == [
        "They are a councillor or officer of this council.",
        "",
    ]


def test_mutual_assessment_is_seen_through_every_council_of_the_pool(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    other = make_council(app, region)
    first = make_accepted(app, council, region)
    ann = make_assessor(app, region, "officer", "Northfield")
    serve(app, region, ann, other)
    asked = seated(first) | {"officer_1": Asked(ann.id)}
    with in_scope(region.scope(first.officer.id)):
        accreditation = get_accreditation(first.accreditation_id, lock=True)
        assignments.assign(accreditation, asked, by=actor(first.officer))
        made = list_team(first.accreditation_id)[0]
        assert (made.home_council, made.home_council_id) == (f"Northfield, {other.name}", None)
    second = make_accepted(app, other, region)
    ben = make_assessor(app, region, "officer", council)
    assert "is assessing the assessor's own council" in why(app, in_scope, second, ben)


def test_the_pools_council_stands_and_none_needs_to_be_typed(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_accepted(app, council, region)
    home = make_council(app, region)
    ann = make_assessor(app, region, "officer", home)
    with in_scope(region.scope(case.officer.id)) as session:
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        asked = seated(case) | {"officer_1": Asked(ann.id, council.name)}
        assignments.assign(accreditation, asked, by=actor(case.officer))
        row = session.scalars(select(Assignment).where(Assignment.user_id == ann.id)).one()
        assert (row.home_council, row.home_council_id) == (home.name, home.id)


def test_several_files_are_assigned_all_or_none(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    first = make_accepted(app, council, region)
    second = make_accepted(app, make_council(app, region), region, officer=first.officer)
    people = [make_assessor(app, region, capacity, "Northfield") for capacity in ("officer", "councillor")]
    team = {
        "officer_1": Asked(people[0].id),
        "councillor_1": Asked(people[1].id),
        "regional_1": Asked(first.officer.id),
    }
    by = actor(first.officer)
    with pytest.raises(Invalid) as refused, in_scope(region.scope(first.officer.id)):
        wanted = {first.accreditation_id: team, second.accreditation_id: team | {"officer_1": Asked(None)}}
        assignments.assign_many(wanted, by=by)
    assert refused.value.messages == {f"{second.accreditation_id}_officer_1_person": ["Choose who sits as officer."]}
    with in_scope(region.scope(first.officer.id)):
        assert list_team(first.accreditation_id) == []
    with in_scope(region.scope(first.officer.id)):
        made = assignments.assign_many({first.accreditation_id: team, second.accreditation_id: team}, by=by)
        assert len(made) == 6
    with in_scope(region.scope(first.officer.id)), pytest.raises(Invalid) as refused:
        assignments.assign_many({first.accreditation_id: team}, by=by)
    assert list(refused.value.messages) == [str(first.accreditation_id)]


def test_a_scorer_replaced_after_moderation_leads_back_to_scoring_and_a_lead_does_not(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    other = make_user(app, region, "region_officer")
    third = make_assessor(app, region, "officer", "Northfield")
    stages = []
    for leaving, coming in ((case.officer, other), (case.scorers[0], third)):
        with in_scope(region.scope(case.officer.id)):
            accreditation = get_accreditation(case.accreditation_id, lock=True)
            row = next(each for each in list_team(accreditation.id) if each.user_id == leaving.id)
            assignments.withdraw(
                accreditation, row, reason="Has moved away", replacement=Asked(coming.id), by=actor(case.officer)
            )
            stages.append(accreditation.stage)
    assert stages == ["reporting", "assessing"]


def test_a_late_conflict_is_filled_again_and_leads_back_to_scoring(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_moderated(app, council, region)
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare_late(own, words="My brother was elected", by=actor(case.scorers[0]))
    third = make_assessor(app, region, "officer", "Northfield")
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assignments.assign(accreditation, {"officer_1": Asked(third.id)}, by=actor(case.officer))
        assert accreditation.stage == "assessing"


def test_a_guests_file_shuts_after_the_last_day(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    seen = []
    for days in (0, -1):
        enter(app, region, case.scorers[0], left_on=clock.today() + timedelta(days))
        with in_scope(case.file(0)) as session:
            seen.append(session.scalar(text("select count(*) from accreditations")))
    assert seen == [1, 0]


def test_an_assessor_enters_own_absences_and_sees_nobody_elses_entry(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    ann, ben = (make_assessor(app, region, "officer", "Northfield") for _ in range(2))
    tomorrow = clock.today() + timedelta(1)
    with in_scope(Scope.person(ann.id)) as session:
        entry = list_entries(ann.id)[0]
        assessors.add_absence(entry, from_on=tomorrow, to_on=tomorrow, by=actor(ann))
        assert list_entries(ben.id) == []
        assert session.scalars(select(AssessorAbsence.entered_by_name)).all() == [ann.name]
    with in_scope(region.scope()):
        assert [each.from_on for each in get_person(load_pool(region.id), ann.id).absences] == [tomorrow]
    with in_scope(Scope.person(ann.id)):
        assessors.remove_absence(list_absences(ann.id)[0], name=ann.name, by=actor(ann))
        assert list_absences(ann.id) == []
    with in_scope(Scope.person(ann.id)), pytest.raises(Invalid) as refused:
        assessors.add_absence(list_entries(ann.id)[0], from_on=tomorrow, to_on=clock.today(), by=actor(ann))
    assert refused.value.messages == {"to_on": ["The last day must not come before the first."]}


def test_neighbours_are_declared_once_for_the_pair(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    other = make_council(app, region)
    neighbours(app, council, other)
    with pytest.raises(Conflict, match="declared neighbours already"):
        neighbours(app, other, council)
    with pytest.raises(Invalid) as refused:
        neighbours(app, council, council)
    assert refused.value.messages == {"other": ["Choose two different councils."]}


def test_the_access_of_people_elsewhere_is_not_told(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    council = make_council(app, region)
    insider = make_user(app, council, "member")
    make_team(app, make_council(app, region), region)
    pool = text("select user_id from tenancy.access_of_pool()")
    with in_scope(region.scope()) as session:
        assert insider.id not in session.scalars(pool).all()
    with in_scope(council.scope()) as session:
        assert session.scalars(pool).all() == []
