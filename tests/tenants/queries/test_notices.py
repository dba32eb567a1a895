"""Whom a job mails: the person in whose scope it runs, while he or she still has access in the region."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from saas import clock
from tenants.models.access import Access
from tenants.queries.notices import find_addressed
from tests.conftest import InScope
from tests.factories.tenants import MadeRegion, make_user


def test_the_person_of_the_scope_is_addressed_in_the_region(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    officer = make_user(app, region, "region_officer")
    make_user(app, region, "region_officer")
    with in_scope(region.scope(officer.id)):
        found = find_addressed(region.id)
        assert found is not None
        assert (found.user_id, found.name, found.email, found.region.slug) == (
            officer.id,
            officer.name,
            officer.email,
            region.slug,
        )


def test_nobody_is_addressed_without_a_person_or_in_another_region(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    officer = make_user(app, region, "region_officer")
    with in_scope(region.scope()):
        assert find_addressed(region.id) is None
    with in_scope(region.scope(officer.id)):
        assert find_addressed(UUID(int=1)) is None


def test_nobody_is_addressed_whose_access_has_ended(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    officer = make_user(app, region, "region_officer")
    with in_scope(region.scope()) as session:
        session.execute(sa.update(Access).where(Access.user_id == officer.id).values(ended_at=clock.now()))
    with in_scope(region.scope(officer.id)):
        assert find_addressed(region.id) is None
