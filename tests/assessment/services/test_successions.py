"""A council that merged: it ends in every part, and its successor reads its record and goes on with what is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from assessment.models.answers import ContributionRequest
from assessment.models.improvements import Improvement
from assessment.models.signings import SignatureRequest
from assessment.models.submissions import SubmissionFile
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.register import find_entry
from assessment.queries.successions import list_predecessors, record_of
from assessment.services import successions
from saas import clock, jobs
from saas.errors import Invalid, NotFound
from saas.tenancy import CONSOLE, Scope
from tenants.models.notices import CalendarFeed
from tenants.queries.councils import list_unclaimed_councils
from tenants.queries.notices import list_notices
from tenants.queries.plan_lines import list_actions
from tenants.queries.plans import list_plans
from tenants.services.calendar_feeds import make_feed
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.contributions import make_contribution, make_secret
from tests.factories.scores import MadeCase
from tests.factories.signings import CHIEF, commit_by_asking, make_holder
from tests.factories.successions import merge
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

SENT = ("accreditations", "awards", "improvements", "reports", "submission_answers", "submission_files", "submissions")
DRAFTED = ("answers", "evidence", "plans", "actions", "members", "notices", "reply_drafts", "interim_drafts")


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """An award with two improvements, in the council that will end."""
    return make_award(app, council, improvements=2)


@pytest.fixture
def heir(app: Flask, region: MadeRegion) -> MadeCouncil:
    """The council that succeeds."""
    return make_council(app, region, name="Newshire Council")


def test_everything_of_the_council_ends(
    app: Flask, case: MadeCase, heir: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    under_way = make_accreditation(app, case.council, case.framework_id)
    merge(app, case.council, heir, case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        award = find_award(case.accreditation_id)
        assert award is not None
        assert (award.ending, award.ended_on) == ("ended", clock.today())
        assert get_accreditation(under_way).stage == "ended"
        assert get_accreditation(case.accreditation_id).stage == "awarded"
    with in_scope(Scope.nobody()) as session:
        entry = find_entry(award.certificate_number)
        assert entry is not None
        assert (entry.ending, entry.ended_on) == ("ended", clock.today())
        assert session.execute(sa.text("select tenancy.who(:id, null) -> 'places'"), {"id": lead.id}).scalar() == []


def test_open_improvements_stand_in_the_successors_plan_with_their_source(
    app: Flask, case: MadeCase, heir: MadeCouncil, in_scope: InScope
) -> None:
    reader = make_user(app, heir, "council_lead")
    found = merge(app, case.council, heir, case.officer)
    with in_scope(heir.scope()):
        assert successions.take_over(found) == 2
        [line] = list_plans(heir.id, today=clock.today())
        assert line.plan.title == f"Improvements of {case.council.name}"
        rows = list_actions(line.plan)
        assert [(row.ref, row.action, row.timescale) for row in rows] == [
            ("1", "Do thing 1", "By December 2026"),
            ("2", "Do thing 2", "By December 2026"),
        ]
        assert all(row.source.startswith(f"Record of {case.council.name}: ") for row in rows)
        [notice] = list_notices(heir.id, reader.id)
        assert notice.words.endswith("its record is yours to read. 2 open improvements are in your plan.")


def test_the_successor_reads_what_was_sent_and_writes_none_of_it(
    app: Flask, case: MadeCase, heir: MadeCouncil, in_scope: InScope
) -> None:
    with in_scope(heir.scope()) as session:
        before = {name: session.scalar(sa.text(f"select count(*) from {name}")) for name in SENT}
    assert set(before.values()) == {0}
    merge(app, case.council, heir, case.officer)
    with in_scope(heir.scope()) as session:
        of_ended = sa.text("select count(*) from {} where council_id = :id")
        seen = {n: session.scalar(sa.text(str(of_ended).format(n)), {"id": case.council.id}) for n in SENT + DRAFTED}
        assert all(seen[name] for name in SENT)
        assert {seen[name] for name in DRAFTED} == {0}
        [cycle] = record_of(case.council.id)
        assert [sent.kind for sent in cycle.submissions] == ["plan", "readiness"]
        assert (len(cycle.reports), cycle.award is not None, len(cycle.improvements)) == (1, True, 2)
        changed = session.execute(sa.update(Improvement).values(action="Mine").returning(Improvement.id))
        assert changed.all() == []
        with pytest.raises(NotFound):
            get_accreditation(case.accreditation_id)
    with pytest.raises(ProgrammingError, match="permission denied"), in_scope(heir.scope()) as session:
        session.execute(sa.delete(SubmissionFile))


def test_a_council_that_merged_twice_leaves_its_record_to_the_last(
    app: Flask, case: MadeCase, heir: MadeCouncil, in_scope: InScope
) -> None:
    last = make_council(app, case.region)
    merge(app, case.council, heir, case.officer)
    merge(app, heir, last, case.officer)
    with in_scope(last.scope()):
        names = [each.council_name for each in list_predecessors(last.id)]
        assert sorted(names) == sorted([case.council.name, heir.name])
        assert len(record_of(case.council.id)) == 1


def test_nobody_is_invited_to_a_council_that_ended(
    app: Flask, case: MadeCase, heir: MadeCouncil, in_scope: InScope
) -> None:
    merge(app, case.council, heir, case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        assert [each.id for each in list_unclaimed_councils(case.region.id)] == [heir.id]


def test_what_is_wrong_is_named_and_nothing_ends(
    app: Flask, case: MadeCase, heir: MadeCouncil, in_scope: InScope
) -> None:
    elsewhere = make_council(app, make_region(app))
    tomorrow = clock.today() + timedelta(1)
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({"council": "", "successor": "", "ended_on": None}, ["council", "successor", "ended_on"]),
        ({"council": str(case.council.id), "successor": str(case.council.id)}, ["successor"]),
        ({"council": str(case.council.id), "successor": str(elsewhere.id)}, ["successor"]),
        ({"council": str(case.council.id), "successor": str(heir.id), "ended_on": tomorrow}, ["ended_on"]),
    ]
    for typed, names in wrong:
        with in_scope(case.region.scope(case.officer.id)), pytest.raises(Invalid) as refused:
            successions.record(case.region.id, **{"ended_on": clock.today(), **typed}, by=CONSOLE)
        assert list(refused.value.messages) == names
    merge(app, case.council, heir, case.officer)
    with in_scope(case.region.scope(case.officer.id)), pytest.raises(Invalid):
        successions.record(
            case.region.id,
            council=str(case.council.id),
            successor=str(heir.id),
            ended_on=clock.today(),
            by=CONSOLE,
        )


def test_no_other_region_closes_a_council(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    other = make_region(app)
    close = sa.text("select tenancy.close_council(:id)")
    for scope in (other.scope(), case.region.scope(), case.council.scope(), Scope.operator(None)):
        with pytest.raises(ProgrammingError, match="only its region"), in_scope(scope) as session:
            session.execute(close, {"id": case.council.id})


def test_no_link_writes_to_a_council_that_ended(
    app: Flask, case: MadeCase, heir: MadeCouncil, lead: MadeUser, in_scope: InScope, client: CheckingClient
) -> None:
    accreditation = make_accreditation(app, case.council, case.framework_id)
    make_secret(app, case.council, make_contribution(app, case.council, accreditation))
    with in_scope(case.council.scope(lead.id)):
        feed = make_feed(case.council.id, case.region.id, lead.id, by=CONSOLE)
    with in_scope(case.region.scope(case.officer.id)):
        made = successions.record(
            case.region.id, council=str(case.council.id), successor=str(heir.id), ended_on=clock.today(), by=CONSOLE
        )
        assert made.id
    with in_scope(case.council.scope(lead.id)) as session:
        [asked] = session.execute(sa.select(ContributionRequest.key_hash, ContributionRequest.withdrawn_at)).all()
        assert asked.withdrawn_at is not None
        assert session.scalars(sa.select(CalendarFeed.revoked_at)).one() is not None
    with in_scope(Scope.bearer(key_hash=asked.key_hash)) as session:
        written = sa.update(ContributionRequest).values(words="After the end").returning(ContributionRequest.id)
        assert session.execute(written).all() == []
    assert client.get(f"/calendar/{feed}.ics").status_code == 404


def test_nobody_signs_for_a_council_that_ended(
    app: Flask, council: MadeCouncil, region: MadeRegion, officer: MadeUser, heir: MadeCouncil, in_scope: InScope
) -> None:
    make_holder(app, council)
    make_holder(app, council, CHIEF)
    commit_by_asking(app, council)
    with app.app_context():
        jobs.run_all()
    with in_scope(region.scope(officer.id)):
        successions.record(
            region.id, council=str(council.id), successor=str(heir.id), ended_on=clock.today(), by=CONSOLE
        )
    with in_scope(council.scope()) as session:
        found = session.scalars(sa.select(SignatureRequest)).all()
        assert {each.ended_reason for each in found} == {"The council merged into Newshire Council."}
        keys = [each.key_hash for each in found if each.key_hash]
    assert keys
    with in_scope(Scope.bearer(key_hash=keys[0])) as session:
        signed = sa.update(SignatureRequest).values(signed_at=clock.now()).returning(SignatureRequest.id)
        assert session.execute(signed).all() == []
