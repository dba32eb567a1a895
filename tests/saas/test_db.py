"""The database: what a constraint refuses becomes a domain error, and only what it was asked to become."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from saas.config import Config
from saas.db import new_id, turning
from saas.embedded import Cluster
from saas.errors import Conflict
from tenants.models.members import PoliticalGroup
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil


def a_group(council: MadeCouncil, name: str) -> PoliticalGroup:
    return PoliticalGroup(council_id=council.id, id=new_id(), name=name)


def names_of(session) -> list[str]:
    return list(session.scalars(sa.select(PoliticalGroup.name).order_by(PoliticalGroup.name)))


def test_what_the_named_constraint_refuses_becomes_the_refusal_and_the_rest_goes_on(
    in_scope: InScope, council: MadeCouncil
) -> None:
    with in_scope(council.scope()) as session:
        session.add(a_group(council, "Green"))
        session.flush()

        def refusal() -> Conflict:
            return Conflict("There is such a group.", theirs=names_of(session))

        with (
            pytest.raises(Conflict, match="There is such a group") as refused,
            turning("uq_political_groups_council_id_name", refusal),
        ):
            session.add(a_group(council, "Independent"))
            session.add(a_group(council, "Green"))
        session.add(a_group(council, "Labour"))
        session.flush()
        assert (refused.value.theirs, names_of(session)) == (["Green"], ["Green", "Labour"])


def test_another_constraint_stays_what_it_was(in_scope: InScope, council: MadeCouncil) -> None:
    with in_scope(council.scope()) as session:
        group = a_group(council, "Green")
        group.name = None  # type: ignore[assignment]
        with (
            pytest.raises(IntegrityError, match="null value"),
            turning("uq_political_groups_council_id_name", lambda: Conflict("There is such a group.")),
        ):
            session.add(group)
        assert names_of(session) == []


def test_a_connection_that_the_database_ended_is_made_anew_unnoticed(config: Config, cluster: Cluster) -> None:
    engine = sa.create_engine(config.sqlalchemy_url, pool_size=1)
    own = sa.text("select pg_backend_pid()")
    with engine.connect() as connection:
        first = connection.execute(own).scalar_one()
    with psycopg.connect(cluster.urls().admin, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(%s, 5000)", (first,))
    with engine.connect() as connection:
        assert connection.execute(own).scalar_one() != first
    engine.dispose()
