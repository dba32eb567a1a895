"""Releases at a set time: together, each by itself, and called off before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from assessment.models.releases import Release
from assessment.queries.accreditations import get_accreditation
from assessment.queries.releases import find_standing, get_release, list_decided, list_lines
from assessment.services import accreditations, releases, reports
from saas import clock, jobs
from saas.errors import Conflict, Invalid, NotFound
from tests.conftest import InScope
from tests.factories.awards import draft_version, make_decided, make_fact_check
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
