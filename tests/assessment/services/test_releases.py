"""Releases at a set time: together, each by itself, and called off before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.releases import Release
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import list_team
from assessment.queries.frameworks import get_framework
from assessment.queries.releases import find_standing, get_release, list_decided, list_lines
from assessment.rules.stages import Verb
from assessment.services import accreditations, assignments, fact_checks, moderations, releases, reports
from assessment.services.accreditations import move
from assessment.services.release_items import WENT_BACK
from saas import clock, jobs
from saas.db import new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Scope
from tenants.models.access import Access
from tests.conftest import InScope
from tests.factories.awards import comment, decide, draft_version, make_decided, make_fact_check
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_user

SOON = timedelta(hours=2)


def set_release(app: Flask, in_scope: InScope, officer: MadeUser, *cases: MadeCase) -> UUID:
    """The officer sets these cases to go out in two hours; the release's id."""
    chosen = {case.accreditation_id: draft_version(app, case) for case in cases}
    with in_scope(cases[0].region.scope(officer.id)):
        return releases.set_time(cases[0].region.id, chosen, release_at=clock.now() + SOON, by=actor(officer)).id


def stage_of(in_scope: InScope, case: MadeCase) -> str:
    """The stage the council reads."""
    with in_scope(case.council.scope()):
        return get_accreditation(case.accreditation_id).stage


def run_jobs(app: Flask, after: timedelta) -> None:
    """What is due after this time is done."""
    with app.app_context(), clock.at(clock.now() + after):
        jobs.run_all()


def test_several_go_out_at_their_time_and_not_before(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    cases = [make_decided(app, council), make_decided(app, make_council(app, council.region), conditions="By May.")]
    release_id = set_release(app, in_scope, officer, *cases)
    run_jobs(app, SOON - timedelta(minutes=5))
    assert [stage_of(in_scope, case) for case in cases] == ["fact_check", "fact_check"]
    with in_scope(council.region.scope(officer.id)):
        assert find_standing(cases[0].accreditation_id).id == release_id
        assert [each.standing.id for each in list_decided(council.region.id)] == [release_id, release_id]
    run_jobs(app, SOON + timedelta(seconds=5))
    assert [stage_of(in_scope, case) for case in cases] == ["awarded", "awarded"]
    with in_scope(council.region.scope(officer.id)):
        lines = list_lines(release_id)
        assert [(bool(line.item.released_at), line.item.failure) for line in lines] == [(True, ""), (True, "")]
        assert get_release(release_id).done_at is not None
        releases.carry_out(lines[0].item.id)  # a job may run twice
        with pytest.raises(Conflict, match="has begun"):
            releases.call_off(release_id, by=actor(officer))


def test_one_that_fails_stays_back_with_its_reason_and_stops_no_other(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    changed, withdrawn, good = (
        make_decided(app, make_council(app, council.region, name=name)) for name in ("Ashby", "Brack", "Corfe")
    )
    release_id = set_release(app, in_scope, officer, changed, withdrawn, good)
    version = draft_version(app, changed)
    with in_scope(council.region.scope(officer.id)):
        reports.save(changed.accreditation_id, summary="Otherwise", version=version, by=actor(officer))
    with in_scope(withdrawn.council.scope()):
        accreditations.withdraw(get_accreditation(withdrawn.accreditation_id, lock=True), by=actor(officer))
    run_jobs(app, SOON + timedelta(seconds=5))
    assert [stage_of(in_scope, case) for case in (changed, withdrawn, good)] == ["fact_check", "withdrawn", "awarded"]
    with in_scope(council.region.scope(officer.id)):
        assert {line.council_name: line.item.failure for line in list_lines(release_id)} == {
            "Ashby": f"{officer.name} changed the report since. Look at it again before you release it.",
            "Brack": "Nothing can be released at the stage “Withdrawn”.",
            "Corfe": "",
        }
        assert get_release(release_id).done_at is not None
        assert [each.standing for each in list_decided(council.region.id)] == [None]


def test_a_release_is_called_off_before_its_time_and_can_be_set_again(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    release_id = set_release(app, in_scope, officer, case)
    with pytest.raises(Invalid) as refused:
        set_release(app, in_scope, officer, case)
    assert refused.value.messages == {"cases": [f"{council.name}: {officer.name} has set it to be released already."]}
    for _ in range(2):
        with in_scope(council.region.scope(officer.id)):
            releases.call_off(release_id, by=actor(officer))
    run_jobs(app, SOON + timedelta(hours=1))
    assert stage_of(in_scope, case) == "fact_check"
    set_release(app, in_scope, officer, case)


def test_what_cannot_be_released_is_refused_by_name_and_nothing_is_set(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    waiting, decided = make_fact_check(app, council), make_decided(app, make_council(app, council.region))
    scope = council.region.scope(officer.id)
    chosen = {waiting.accreditation_id: draft_version(app, waiting), decided.accreditation_id: 1}
    with in_scope(scope) as session:
        with pytest.raises(Invalid) as refused:
            releases.set_time(council.region.id, chosen, release_at=None, by=actor(officer))
        assert [words.split(": ")[0] for words in refused.value.messages["cases"]] == [
            council.name, council.name, decided.council.name,
        ]  # fmt: skip
        assert session.query(Release).count() == 0
        with pytest.raises(Invalid, match="Choose at least one"):
            releases.set_time(council.region.id, {}, release_at=None, by=actor(officer))
        with pytest.raises(Invalid, match="That time has passed"):
            releases.set_time(council.region.id, chosen, release_at=clock.now() - SOON, by=actor(officer))
    other = make_region(app)
    with in_scope(other.scope(make_user(app, other, "region_officer").id)), pytest.raises(NotFound):
        releases.set_time(other.id, {decided.accreditation_id: 2}, release_at=None, by=actor(officer))


def decide_again(app: Flask, in_scope: InScope, case: MadeCase) -> None:
    """One judgement is agreed otherwise, the report is checked once more, and the outcome is “not yet”."""
    by = actor(case.officer)
    version = draft_version(app, case)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        framework = get_framework(accreditation.framework_id)
        code = framework.tree.requirements_of(accreditation.level)[0].code
        moderations.moderate(accreditation, framework.ids[code], judgement="partly_met", reason="After all.", by=by)
        moderations.finish(accreditation, by=by)
        fact_checks.open_fact_check(case.accreditation_id, by=by, version=version)
    comment(app, case)
    decide(app, case, "not_yet", reason="It is not there.")


def test_another_decision_than_the_one_that_was_set_stays_back(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    release_id = set_release(app, in_scope, officer, case)
    with in_scope(council.region.scope(case.officer.id)):  # the stage alone, so that the release still holds it
        move(get_accreditation(case.accreditation_id, lock=True), Verb.MODERATE_AGAIN, by=actor(case.officer))
    decide_again(app, in_scope, case)
    run_jobs(app, SOON + timedelta(seconds=5))
    assert stage_of(in_scope, case) == "fact_check"
    with in_scope(council.region.scope(officer.id)):
        [line] = list_lines(release_id)
        assert "decided this anew since" in line.item.failure


def test_what_goes_back_is_called_off_and_the_others_can_still_be(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    case, other = make_decided(app, council), make_decided(app, make_council(app, council.region, name="Zeal"))
    release_id = set_release(app, in_scope, officer, case, other)
    with in_scope(council.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.reopen(accreditation, reason="Look again.", by=actor(case.officer))
        assert find_standing(case.accreditation_id) is None
    decide_again(app, in_scope, case)
    with in_scope(council.region.scope(officer.id)):
        failures = {line.council_name: line.item.failure for line in list_lines(release_id)}
        assert failures == {council.name: WENT_BACK, "Zeal": ""}
        standing = {each.accreditation.id: each.standing for each in list_decided(council.region.id)}
        assert standing[case.accreditation_id] is None
        releases.call_off(release_id, by=actor(officer))
    run_jobs(app, SOON + timedelta(seconds=5))
    assert [stage_of(in_scope, each) for each in (case, other)] == ["fact_check", "fact_check"]


def test_a_file_that_is_scored_again_is_in_no_release(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    set_release(app, in_scope, officer, case)
    with in_scope(council.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        scorer = next(each for each in list_team(case.accreditation_id) if each.duty == "scorer")
        assignments.withdraw(accreditation, scorer, reason="Ill.", by=actor(case.officer))
        assert (accreditation.stage, find_standing(case.accreditation_id)) == ("assessing", None)


@pytest.mark.parametrize("role", [None, "region_viewer"])
def test_who_no_longer_releases_for_the_region_lets_nothing_go_out(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope, role: str | None
) -> None:
    case = make_decided(app, council)
    release_id = set_release(app, in_scope, officer, case)
    with in_scope(council.region.scope(case.officer.id)) as session:
        ended = sa.update(Access).where(Access.user_id == officer.id).values(ended_at=clock.now())
        session.execute(ended)
    if role:
        with in_scope(Scope.operator(None)) as session:
            add = "select tenancy.add_user(:user, :access, :email, :name, null, :slug, :role)"
            session.execute(
                sa.text(add),
                {"user": new_id(), "access": new_id(), "email": officer.email, "name": officer.name,
                 "slug": council.region.slug, "role": role},
            )  # fmt: skip
    run_jobs(app, SOON + timedelta(seconds=5))
    assert stage_of(in_scope, case) == "fact_check"
    with in_scope(council.region.scope(case.officer.id)):
        [line] = list_lines(release_id)
        assert line.item.failure == f"{officer.name} no longer releases for this region."
