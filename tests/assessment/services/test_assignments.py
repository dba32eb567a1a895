"""Who may sit in a team, and who replaces whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from assessment.models.assignments import Assignment
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import (
    get_own,
    has_access,
    list_own,
    list_team,
)
from assessment.queries.reports import find_draft
from assessment.queries.team_places import file_of, list_open_files
from assessment.rules.process_words import day_words
from assessment.rules.suggestions import SEEN
from assessment.services import assignments, interests, reports
from assessment.services.assignments import Asked
from saas import clock
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award, make_draft
from tests.factories.scores import MadeCase, actor, make_accepted, make_declared, make_team, seated
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_region, make_user


def assign(app: Flask, case: MadeCase, asked: dict[str, Asked]) -> None:
    """Ask a team, as the region's officer."""
    with app.app_context(), within(case.region.scope(case.officer.id)):
        assignments.assign(get_accreditation(case.accreditation_id, lock=True), asked, by=actor(case.officer))


def give_access(app: Flask, council: MadeCouncil, email: str, name: str) -> None:
    """Let a known user have access in a council."""
    with app.app_context(), within(Scope.operator(None)):
        councils.add_user(
            email=email, name=name, scope_slug=council.slug, role="council_viewer", hashed=None, by=CONSOLE
        )


def test_a_team_is_made_of_names_as_they_are_now_and_begins_the_assessment(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    with in_scope(region.scope(case.officer.id)) as session:
        assert get_accreditation(case.accreditation_id).stage == "assessing"
        team = list_team(case.accreditation_id)
        assert [(each.name, each.duty, each.capacity, each.home_council, each.to_score) for each in team] == [
            (case.scorers[0].name, "scorer", "officer", "Northfield Borough Council", 28),
            (case.scorers[1].name, "scorer", "councillor", "Eastmoor District Council", 28),
            (case.officer.name, "lead", "regional", "", 0),
        ]
        assert {each.submission_id for each in team} == {case.submission_id}
        verbs = session.scalars(
            select(Event.verb).where(Event.accreditation_id == case.accreditation_id).order_by(Event.at, Event.seq)
        ).all()
        assert verbs[-4:] == ["assignment.made"] * 3 + ["accreditation.moved"]
    with in_scope(Scope.person(case.scorers[0].id)):
        assert [row.council_name for row in list_own(case.scorers[0].id)] == [council.name]
        assert list_own(case.scorers[1].id) == []
    with in_scope(council.scope()) as session:
        assert session.scalar(text("select count(*) from assignments")) == 0


def test_the_own_council_is_refused_by_its_name_or_by_access_there(
    app: Flask, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_accepted(app, council, region)
    give_access(app, council, case.scorers[1].email, case.scorers[1].name)
    asked = seated(case) | {"officer_1": Asked(case.scorers[0].id, f"  {council.name.upper()} ")}
    with pytest.raises(Invalid) as refused:
        assign(app, case, asked)
    why = "cannot assess this council. They are a councillor or officer of this council."
    assert refused.value.messages == {
        "officer_1_person": [f"{case.scorers[0].name} {why}"],
        "councillor_1_person": [f"{case.scorers[1].name} {why}"],
    }


def test_two_councils_do_not_assess_each_other_at_the_same_time(
    app: Flask, council: MadeCouncil, region: MadeRegion
) -> None:
    other = make_council(app, region)
    first = make_accepted(app, council, region)
    assign(app, first, seated(first) | {"officer_1": Asked(first.scorers[0].id, other.name)})
    second = make_accepted(app, other, region)
    with pytest.raises(Invalid) as refused:
        assign(app, second, seated(second) | {"councillor_1": Asked(second.scorers[1].id, council.name)})
    assert list(refused.value.messages) == ["councillor_1_person"]
    assert "is assessing the assessor's own council" in refused.value.messages["councillor_1_person"][0]


def test_places_need_people_of_the_right_role_each_once_with_a_council(
    app: Flask, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_accepted(app, council, region)
    stranger = make_user(app, make_region(app), "assessor")
    with pytest.raises(Invalid) as refused:
        assign(
            app,
            case,
            {"officer_1": Asked(stranger.id, "Elsewhere"), "regional_1": Asked(case.scorers[0].id)},
        )
    assert refused.value.messages == {
        "officer_1_person": ["Choose who sits as officer."],
        "councillor_1_person": ["Choose who sits as councillor."],
        "regional_1_person": ["Choose who sits as regional lead."],
    }
    with pytest.raises(Invalid) as refused:
        assign(app, case, seated(case) | {"councillor_1": Asked(case.scorers[0].id, " ")})
    assert refused.value.messages == {
        "councillor_1_person": [f"{case.scorers[0].name} is in this team already."],
        "councillor_1_home": [f"Enter the council {case.scorers[0].name} comes from."],
    }


def test_a_team_waits_for_the_accepted_submission_and_is_asked_once(
    app: Flask, council: MadeCouncil, region: MadeRegion
) -> None:
    accreditation_id = make_accreditation(app, council)
    make_submission(app, council, accreditation_id)
    officer = make_user(app, region, "region_officer")
    with (
        pytest.raises(Conflict, match="once the submission has been accepted"),
        app.app_context(),
        within(region.scope(officer.id)),
    ):
        assignments.assign(get_accreditation(accreditation_id, lock=True), {}, by=actor(officer))
    case = make_team(app, make_council(app, region), region)
    with pytest.raises(Conflict, match="Every place of the team is taken"):
        assign(app, case, seated(case))


def test_somebody_is_withdrawn_with_a_reason_and_replaced(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    third = make_user(app, region, "assessor")

    def withdraw(reason: str, replacement: Asked | None) -> UUID | None:
        with in_scope(region.scope(case.officer.id)):
            accreditation = get_accreditation(case.accreditation_id, lock=True)
            leaving = next(each for each in list_team(accreditation.id) if each.user_id == case.scorers[0].id)
            made = assignments.withdraw(
                accreditation, leaving, reason=reason, replacement=replacement, by=actor(case.officer)
            )
            return made and made.user_id

    with pytest.raises(Invalid) as refused:
        withdraw(" ", None)
    assert refused.value.messages == {"reason": ["Say why this person leaves the team."]}
    with pytest.raises(Invalid) as refused:
        withdraw("Is ill", Asked(third.id, council.name))
    assert list(refused.value.messages) == ["replacement_person"]
    assert withdraw("Is ill", Asked(third.id, "Westholm Council")) == third.id
    with in_scope(region.scope()) as session:
        rows = session.execute(select(Assignment.name, Assignment.withdrawn_reason).order_by(Assignment.assigned_at))
        assert dict(map(tuple, rows)) == {
            case.scorers[0].name: "Is ill",
            case.scorers[1].name: "",
            case.officer.name: "",
            third.name: "",
        }


def test_the_team_rests_once_the_outcome_is_released(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(region.scope(case.officer.id)), pytest.raises(Conflict, match="Awarded"):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assignments.withdraw(
            accreditation, list_team(accreditation.id)[0], reason="Late regrets", by=actor(case.officer)
        )


def test_access_is_told_for_councils_of_the_own_region_alone(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    somebody = make_user(app, council, "member")
    elsewhere = make_region(app)
    seen = {}
    for name, scope in {
        "region": region.scope(),
        "other region": elsewhere.scope(),
        "council": council.scope(),
        "person": Scope.person(somebody.id, region.id),
    }.items():
        with in_scope(scope):
            seen[name] = has_access(somebody.id, council.id)
    assert seen == {"region": True, "other region": False, "council": False, "person": False}


def test_a_file_stays_open_until_its_last_day_and_the_database_shuts_it(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    seen = {}
    for on in (clock.today(), clock.today() - timedelta(1)):
        with in_scope(region.scope(case.officer.id)):
            assignments.close_after(get_accreditation(case.accreditation_id), on=on, by=actor(case.officer))
        with in_scope(case.file(0)) as session:
            seen[on] = session.scalar(text("select count(*) from submissions"))
    assert list(seen.values()) == [2, 0]


def test_who_declared_a_conflict_never_sits_in_that_team_again(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    late = case.scorers[0]
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, late.id, lock=True)
        interests.declare_late(own, words="My sister was elected there.", by=actor(late))
    today = day_words(clock.today())
    why = f"They declared a conflict of interest on this file and left this file on {today}."
    with pytest.raises(Invalid) as refused:
        assign(app, case, {"officer_1": Asked(late.id, "Northfield Borough Council")})
    assert refused.value.messages == {"officer_1_person": [f"{late.name} cannot assess this council. {why}"]}
    with in_scope(region.scope(case.officer.id)):
        [open_file] = list_open_files(region.id)
        assert (open_file.file.left, late.id in open_file.file.seated) == ({late.id: why}, False)
    seat_again = text(
        "insert into assignments select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),"
        " 'interest', null, 'declared_at', null, 'withdrawn_at', null, 'conflicted_at', null))).*"
        " from assignments s where s.user_id = :user"
    )
    with (
        pytest.raises(ProgrammingError, match="a seat for somebody who declared a conflict on this file"),
        in_scope(region.scope(case.officer.id)) as session,
    ):
        session.execute(seat_again, {"user": late.id})


def test_who_was_withdrawn_with_a_first_conflict_or_without_one_is_not_asked_again(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, case.scorers[0].id, lock=True)
        interests.declare(own, interest="conflict", words="My sister works there.", by=actor(case.scorers[0]))
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        for scorer in case.scorers:
            leaving = next(each for each in list_team(accreditation.id) if each.user_id == scorer.id)
            assignments.withdraw(accreditation, leaving, reason="Leaves", by=actor(case.officer))
    asked = {key: value for key, value in seated(case).items() if key != "regional_1"}
    with pytest.raises(Invalid) as refused:
        assign(app, case, asked)
    today = day_words(clock.today())
    assert refused.value.messages == {
        "officer_1_person": [
            f"{case.scorers[0].name} cannot assess this council."
            f" They declared a conflict of interest on this file and left this file on {today}."
        ],
        "councillor_1_person": [f"{case.scorers[1].name} cannot assess this council. They left this file on {today}."],
    }


def test_who_moderated_or_wrote_at_the_report_does_not_score_the_file(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_draft(app, council)
    colleague = make_user(app, region, "region_officer")
    with in_scope(Scope.operator(None)):
        councils.add_user(
            email=colleague.email,
            name=colleague.name,
            scope_slug=region.slug,
            role="assessor",
            hashed=None,
            by=CONSOLE,
        )

    def replace_a_scorer() -> None:
        with in_scope(region.scope(case.officer.id)):
            accreditation = get_accreditation(case.accreditation_id, lock=True)
            leaving = next(each for each in list_team(accreditation.id) if each.user_id == case.scorers[0].id)
            replacement = Asked(colleague.id, "Northfield Borough Council")
            assignments.withdraw(accreditation, leaving, reason="Ill", replacement=replacement, by=actor(case.officer))

    with in_scope(region.scope(colleague.id)):
        draft = find_draft(case.accreditation_id)
        assert draft is not None
        reports.save(case.accreditation_id, summary="Anew.", version=draft.version, by=actor(colleague))
    with pytest.raises(Invalid) as refused:
        replace_a_scorer()
    assert refused.value.messages == {
        "replacement_person": [f"{colleague.name} cannot score this file. {SEEN}"],
    }
    with in_scope(region.scope(case.officer.id)):
        assert file_of(get_accreditation(case.accreditation_id)).seen == {case.officer.id, colleague.id}
