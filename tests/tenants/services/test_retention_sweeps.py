"""What is older than the rules allow goes, what is not stays, and a count touches nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.db import db
from saas.events import Event, verify
from saas.tenancy import CONSOLE, Scope
from saas.transaction import current_scope, within
from tenants.models.access import Access, Invitation
from tenants.models.data_protection import RetentionRun
from tenants.models.imports import Import
from tenants.models.members import Member
from tenants.models.notices import Notice
from tenants.queries.access import Target, list_access
from tenants.queries.retention import Keeper, list_runs
from tenants.rules.retention import BY_CODE
from tenants.services import access, invitations, members, retention, retention_sweeps
from tenants.services.notices import tell
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

NOW = datetime(2031, 5, 4, 9, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=800), NOW - timedelta(days=10)
BEFORE = NOW - timedelta(days=365)


def keeper_of(place: MadeCouncil | MadeRegion) -> Keeper:
    return Keeper(place.region.id, place.id) if isinstance(place, MadeCouncil) else Keeper(place.id, None)


def target_of(council: MadeCouncil) -> Target:
    return Target("council", council.region.id, council.id, council.name)


def test_notices(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    for at, key in ((OLD, "old"), (NEW, "new")):
        with in_scope(council.scope()), clock.at(at):
            tell(council.id, lead.id, key=key, kind="mention", words="Ann mentioned you", path="/councils/a/x")
    with in_scope(council.scope()):
        assert retention_sweeps.notices(keeper_of(council), BEFORE, False) == 1
        assert retention_sweeps.notices(keeper_of(council), BEFORE, True) == 1
        assert db.session.scalars(sa.select(Notice.key)).all() == ["new"]


def test_invitations_that_are_over_in_a_council_and_in_a_region(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    region = council.region
    of_region = Target("region", region.id, None, region.name)
    for place, target, role in ((council, target_of(council), "member"), (region, of_region, "assessor")):
        for at, name in ((OLD, "Old"), (NEW, "New")):
            with in_scope(place.scope()), clock.at(at):
                invitations.invite(target, name=name, email=f"{name.lower()}@example.org", role=role, by=CONSOLE)
        with in_scope(place.scope()):
            assert retention_sweeps.invitations(keeper_of(place), BEFORE, False) == 1
            assert retention_sweeps.invitations(keeper_of(place), BEFORE, True) == 1
            rows = db.session.execute(sa.select(Invitation.name, Invitation.email).where(target.holds(Invitation)))
            assert {tuple(row) for row in rows} == {("", ""), ("New", "new@example.org")}
            assert retention_sweeps.invitations(keeper_of(place), BEFORE, True) == 0


def test_documents_that_were_read(in_scope: InScope, council: MadeCouncil) -> None:
    grid = {"tables": []}

    def kept(name: str, kind: str, read_at: datetime, taken_in_at: datetime | None) -> Import:
        return Import(
            council_id=council.id, kind=kind, filename=name, sha256=name, rows=[["a"]], leftovers=["Signed."],
            warnings=[], read_at=read_at, taken_in_at=taken_in_at, grid=grid,
        )  # fmt: skip

    with in_scope(council.scope()) as session:
        session.add_all(
            [
                kept("never", "action_plan", OLD, None),
                kept("just read", "action_plan", NEW, None),
                kept("plan", "action_plan", OLD, OLD),
                kept("people", "members", OLD, OLD),
                kept("late", "members", OLD, NEW),
            ]
        )
    with in_scope(council.scope()):
        assert retention_sweeps.imported_documents(keeper_of(council), BEFORE, False) == 3
        assert retention_sweeps.imported_documents(keeper_of(council), BEFORE, True) == 3
        rows = db.session.execute(sa.select(Import.filename, Import.rows, Import.leftovers, Import.grid))
        assert {row.filename: (row.rows, row.leftovers, row.grid) for row in rows} == {
            "just read": ([["a"]], ["Signed."], grid),
            "plan": ([["a"]], ["Signed."], None),
            "people": ([], ["Signed."], None),
            "late": ([["a"]], ["Signed."], grid),
        }


def test_people_whose_last_role_ended(app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    gone, back, late = (make_user(app, council, "council_editor") for _ in range(3))
    for user, at in ((gone, OLD), (back, OLD), (late, NEW)):
        with in_scope(council.scope()), clock.at(at):
            (row,) = (row for row in list_access(target_of(council)) if row.user_id == user.id)
            access.end(target_of(council), row, by=CONSOLE)
            tell(council.id, user.id, key="x", kind="mention", words="Ann mentioned you", path="/councils/a/x")
    with app.app_context(), within(council.scope()) as session:
        session.execute(sa.update(Access).where(Access.user_id == back.id).values(ended_at=None))
    with in_scope(council.scope()):
        assert retention_sweeps.departed_colleagues(keeper_of(council), BEFORE, False) == 1
        assert retention_sweeps.departed_colleagues(keeper_of(council), BEFORE, True) == 1
        rows = db.session.execute(sa.select(Access.user_id, Access.display_name, Access.email))
        assert {row.user_id: (row.display_name, row.email) for row in rows} == {
            lead.id: (lead.name, lead.email),
            gone.id: ("A former colleague", ""),
            back.id: (back.name, back.email),
            late.id: (late.name, late.email),
        }
        assert set(db.session.scalars(sa.select(Notice.user_id))) == {back.id, late.id}
        assert retention_sweeps.departed_colleagues(keeper_of(council), BEFORE, True) == 0


def test_members_who_left_keep_group_and_terms_and_the_log_forgets_the_name(
    app: Flask, in_scope: InScope, council: MadeCouncil
) -> None:
    gone = make_member(app, council, given_name="Una", family_name="Left", group="Green", ward="Mill", email="u@e.org")
    again = make_member(app, council, given_name="Pat", family_name="Again", group="Green")
    with in_scope(council.scope()):
        for member_id in (gone, again):
            member = db.session.scalars(sa.select(Member).where(Member.id == member_id)).one()
            members.end_term(member, ended_on=date(2024, 5, 4), reason="resigned", by=CONSOLE)
        members.re_elect(member, started_on=date(2025, 5, 4), due_to_end_on=None, by=CONSOLE)
    with in_scope(council.scope()):
        assert retention_sweeps.former_members(keeper_of(council), BEFORE, False) == 1
        assert retention_sweeps.former_members(keeper_of(council), BEFORE, True) == 1
        rows = {row.id: row for row in db.session.scalars(sa.select(Member))}
        left = rows[gone]
        assert (left.given_name, left.family_name, left.email, left.ward) == ("Former", "member", "", "")
        assert (left.group_id, rows[again].family_name) == (rows[again].group_id, "Again")
        of_gone = db.session.scalars(sa.select(Event).where(Event.subject_id == gone)).all()
        assert [(event.verb, event.payload) for event in of_gone] == [
            ("member.added", None),
            ("member.term_ended", None),
        ]
        assert retention_sweeps.former_members(keeper_of(council), BEFORE, True) == 0


def test_the_words_of_the_log_of_this_scope_alone_and_the_chain_still_holds(
    app: Flask, in_scope: InScope, council: MadeCouncil
) -> None:
    other = make_council(app, council.region)
    for place in (council, other):
        for at in (OLD, NEW):
            with clock.at(at):
                make_member(app, place)
    with in_scope(council.scope()):
        counted = retention_sweeps.event_payloads(keeper_of(council), BEFORE, False)
        assert counted == retention_sweeps.event_payloads(keeper_of(council), BEFORE, True)
        events = db.session.scalars(sa.select(Event).where(Event.scope == f"council:{council.id}").order_by(Event.seq))
        chain = list(events)
        assert [(event.at, event.payload is None) for event in chain if event.verb == "member.added"] == [
            (OLD, True),
            (NEW, False),
        ]
        assert verify(f"council:{council.id}", chain) is None
    with in_scope(other.scope()):
        verbs = sa.select(sa.func.count()).where(Event.verb == "member.added", Event.payload.is_not(None))
        assert db.session.scalar(verbs) == 2


def test_nobody_outside_a_scope_erases_anything(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    for scope in (Scope.nobody(), Scope.person(lead.id), Scope.operator(None)):
        with in_scope(scope):
            assert retention_sweeps.event_payloads(keeper_of(council), NOW + timedelta(days=4000), True) == 0


def test_runs_are_seen_by_their_own_side(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    sweeps = dict.fromkeys(BY_CODE, lambda *_: 0)
    with in_scope(council.scope()):
        assert retention.run(Keeper.of_scope(current_scope()), sweeps) is None
        done = retention.run(keeper_of(council), sweeps | {"notices": lambda *_: 3})
        assert done is not None
        assert (done.counts, [run.id for run in list_runs(keeper_of(council))]) == ({"notices": 3}, [done.id])
    for scope, seen in ((council.scope(), 1), (council.region.scope(), 0)):
        with in_scope(scope):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(RetentionRun)) == seen
