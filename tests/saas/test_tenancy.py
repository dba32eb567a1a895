"""Tenancy: the traps of row-level security, each tried on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.answers import Answer, Citation
from saas import clock
from saas.config import Config
from saas.db import new_id
from saas.errors import Conflict
from saas.tenancy import Scope
from tenants.models.councils import Council
from tenants.models.evidence import Evidence
from tenants.models.members import Member, PoliticalGroup
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, make_council, make_region, make_user


@pytest.fixture
def other(app: Flask, council: MadeCouncil) -> MadeCouncil:
    """A second council of the same region."""
    return make_council(app, council.region)


def a_link(council: MadeCouncil) -> Evidence:
    """A piece of evidence."""
    return Evidence(
        council_id=council.id,
        kind="link",
        title="Strategy",
        url="https://example.org",
        added_at=clock.now(),
        added_by_name="Jo",
    )


def an_answer(council: MadeCouncil, accreditation_id, requirement_id) -> Answer:
    """An answer without words."""
    return Answer(
        council_id=council.id,
        accreditation_id=accreditation_id,
        requirement_id=requirement_id,
        narrative="",
        not_applicable_reason="",
        updated_at=clock.now(),
        updated_by_name="Jo",
    )


def test_one_council_sees_and_changes_nothing_of_another(
    council: MadeCouncil, other: MadeCouncil, in_scope: InScope
) -> None:
    with in_scope(council.scope()) as session:
        session.add(a_link(council))
    for scope in (other.scope(), council.region.scope(), Scope.operator(None), Scope.nobody()):
        with in_scope(scope) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 0
            assert session.execute(sa.text("update evidence set title = 'Taken'")).rowcount == 0
            assert session.execute(sa.text("delete from evidence")).rowcount == 0
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Evidence.title)).all() == ["Strategy"]


def test_a_row_cannot_be_written_into_another_council(
    council: MadeCouncil, other: MadeCouncil, in_scope: InScope
) -> None:
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        in_scope(council.scope()) as session,
    ):
        session.add(a_link(other))
        session.flush()


def test_a_foreign_key_cannot_point_into_another_council(
    app: Flask, council: MadeCouncil, other: MadeCouncil, in_scope: InScope
) -> None:
    """Foreign-key checks bypass row-level security: only the council inside the key stops this."""
    theirs = a_link(other)
    theirs.id = new_id()
    with in_scope(other.scope()) as session:
        session.add(theirs)
    accreditation_id = make_accreditation(app, council)
    with (
        pytest.raises(sa.exc.IntegrityError, match="fk_citations_council_id_evidence_id"),
        in_scope(council.scope()) as session,
    ):
        requirement_id = session.scalar(sa.text("select id from requirements order by position limit 1"))
        answer = an_answer(council, accreditation_id, requirement_id)
        session.add(answer)
        session.flush()
        session.add(
            Citation(
                council_id=council.id,
                answer_id=answer.id,
                evidence_id=theirs.id,
                pinpoint="",
                why="",
                cited_at=clock.now(),
            )
        )
        session.flush()


def test_a_unique_key_tells_nothing_of_another_council(
    council: MadeCouncil, other: MadeCouncil, in_scope: InScope
) -> None:
    for place in (council, other):
        with in_scope(place.scope()) as session:
            session.add(PoliticalGroup(council_id=place.id, name="Independents"))
        with in_scope(place.scope()) as session:
            groups = session.scalars(sa.select(PoliticalGroup)).all()
            assert [(group.council_id, group.name) for group in groups] == [(place.id, "Independents")]


def test_updating_a_row_that_became_invisible_is_a_conflict_not_a_silence(
    council: MadeCouncil, in_scope: InScope
) -> None:
    member = Member(
        council_id=council.id,
        id=new_id(),
        given_name="Ada",
        family_name="Lee",
        title="",
        email="",
        kind="elected",
        ward="",
        created_at=clock.now(),
    )
    with in_scope(council.scope()) as session:
        session.add(member)
    with pytest.raises(Conflict), in_scope(council.scope()) as session:
        kept = session.get(Member, (council.id, member.id))
        session.execute(sa.text("select set_config('app.council_id', '', true)"))
        kept.ward = "North"


def test_a_setting_that_was_used_and_is_empty_again_opens_nothing(council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()) as session:
        assert session.scalar(sa.text("select tenancy.council()")) == council.id
        session.execute(sa.text("select set_config('app.council_id', '', true)"))
        assert session.scalar(sa.text("select tenancy.council()")) is None
        assert session.scalar(sa.select(sa.func.count()).select_from(Council)) == 0


def test_a_councils_scope_does_not_open_its_region(council: MadeCouncil, other: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Council.slug)).all() == [council.slug]
        assert session.execute(sa.text("select slug from regions")).scalars().all() == [council.region.slug]


def test_a_region_sees_its_own_councils_only(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_council(app, make_region(app))
    with in_scope(council.region.scope()) as session:
        assert session.scalars(sa.select(Council.slug)).all() == [council.slug]


def test_gate_functions_ask_who_asks(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    lead = make_user(app, council, "council_lead")
    refused = sa.text("select tenancy.add_region(gen_random_uuid(), 'mine', 'Mine', 'teal')")
    for scope in (
        council.scope(lead.id),
        council.region.scope(lead.id),
        Scope.operator(lead.id),
        Scope.nobody(),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="only the operator"), in_scope(scope) as session:
            session.execute(refused)
        with in_scope(scope) as session:
            assert session.execute(sa.text("select * from tenancy.list_scopes()")).all() == []
            assert (
                session.execute(sa.text("select * from tenancy.find_scope(:slug)"), {"slug": council.slug}).all() == []
            )


@contextmanager
def as_owner(config: Config) -> Iterator[sa.Connection]:
    """A connection as role owner, undone."""
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def test_the_owner_sees_every_row_and_is_not_the_gate(config: Config, built_app: Flask) -> None:
    with as_owner(config) as connection:
        connection.execute(sa.text("insert into slugs (slug) values ('seen-by-owner')"))
        assert connection.scalar(sa.text("select count(*) from slugs where slug = 'seen-by-owner'")) == 1
        inherits = connection.scalar(sa.text("select pg_has_role('owner', 'gate', 'usage')"))
        assert (inherits, connection.scalar(sa.text("select pg_has_role('owner', 'gate', 'member')"))) == (
            False,
            True,
        )


def test_policies_read_the_scope_once_per_statement(council: MadeCouncil, in_scope: InScope) -> None:
    """An unwrapped function is evaluated per row and costs the parallel plan; the plan shows it as an InitPlan."""
    with in_scope(council.scope()) as session:
        plan = "\n".join(session.execute(sa.text("explain select * from answers")).scalars())
    assert "InitPlan" in plan
    assert "tenancy.setting" not in plan


def test_nobody_signs_in_as_gate(config: Config) -> None:
    with as_owner(config) as connection:
        assert connection.scalar(sa.text("select rolcanlogin from pg_roles where rolname = 'gate'")) is False
        members = connection.scalars(
            sa.text("select member::regrole::text from pg_auth_members where roleid = 'gate'::regrole order by 1")
        )
        assert list(members) == ["owner"]
