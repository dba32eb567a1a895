"""The weekly look at links: those not looked at for a week, each once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.events import Outbox
from tenants.jobs.evidence import recheck_links
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.evidence import make_file, make_link
from tests.factories.tenants import MadeCouncil, make_council


def test_links_are_looked_at_once_a_week(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    never, late, fresh, removed = (make_link(app, council, url=f"https://www.example.gov.uk/{n}") for n in range(4))
    make_file(app, council)
    make_link(app, make_council(app, council.region))
    with in_scope(council.scope()) as session:
        for evidence_id, days in ((late, 8), (fresh, 6), (removed, 8)):
            session.get_one(Evidence, (council.id, evidence_id)).checked_at = clock.now() - timedelta(days)
        session.get_one(Evidence, (council.id, removed)).removed_at = clock.now()
    with in_scope(council.scope()) as session:
        session.execute(sa.delete(Outbox))
        recheck_links(council.id)
        session.flush()
        waiting = session.execute(sa.select(Outbox.job, Outbox.args)).all()
        assert sorted((job, UUID(args["subject_id"])) for job, args in waiting) == sorted(
            ("check_link", evidence_id) for evidence_id in (never, late)
        )
