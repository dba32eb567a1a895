"""The release that runs goes on while the schema is already the next one's: renewing machines interrupts nobody.

What a migration may do is in docs/deploy.md; the scratch one here does all of it to every table.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from click.testing import CliRunner
from flask import Flask

from assessment.demo.loading import as_owner
from charterway import FEATURES
from saas import health, jobs
from saas.cli import create_cli
from saas.config import Config
from saas.db import Base
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.audit import broken_chains
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.evidence import make_file
from tests.factories.members import make_member
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import make_council, make_region, make_user

HEAD, NEXT = max(health.schema_heads()), "next"
MIGRATION = f'''
"""A column for every table, and a table more."""

from alembic import op

revision, down_revision, branch_labels, depends_on = "{NEXT}", "{HEAD}", None, None
TABLES = {[table.name for table in Base.metadata.sorted_tables]!r}


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {{table}} add column of_the_next_release text not null default 'later'")
    op.execute("create table next_things (council_id uuid primary key references councils on delete cascade)")
    op.execute("alter table next_things enable row level security")
    op.execute("alter table next_things force row level security")


def downgrade() -> None:
    op.execute("drop table next_things")
    for table in TABLES:
        op.execute(f"alter table {{table}} drop column of_the_next_release")
'''
OF_COUNCIL = (
    "", "access", "accreditations", "calendar", "comparisons", "evidence", "export", "members", "members.csv",
    "notices", "offices", "plans", "priorities", "search?words=training", "sharing", "webhooks",
)  # fmt: skip
OF_REGION = (
    "", "access", "assessors", "board-reports", "cases", "cases.csv", "comparisons", "improvements",
    "improvements.xlsx",
)  # fmt: skip


@pytest.fixture
def ahead(built_app: Flask, config: Config, owner: sa.Engine, tmp_path: Path) -> Iterator[Flask]:
    """The app on a schema one migration ahead of it."""
    (tmp_path / "next_release.py").write_text(MIGRATION)
    settings: AlembicConfig = health.alembic_settings()
    own = settings.get_main_option("script_location")
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("version_locations", f"{own}/versions{os.pathsep}{tmp_path}".replace("%", "%%"))
    with built_app.app_context():
        command.upgrade(settings, "head")
    try:
        yield built_app
    finally:
        with built_app.app_context():
            command.downgrade(settings, HEAD)


def test_an_earlier_release_leaves_the_next_schema_alone(
    ahead: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in config.environ(owner=True).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(create_cli(FEATURES, lambda _config: ahead), ["migrate"])
    seen = f"at {NEXT}, later than {HEAD} of this release"
    assert (done.exit_code, done.output) == (0, f"schema {seen}: nothing to do\n")
    assert health.schema(config) == health.Finding("schema", True, seen)


def test_reads_and_writes_go_on_under_the_next_schema(ahead: Flask, config: Config) -> None:
    region = make_region(ahead)
    council, beginner = make_council(ahead, region), make_council(ahead, region)
    case = make_award(ahead, council, improvements=2)
    lead = make_user(ahead, beginner, "council_lead")
    accreditation_id = make_accreditation(ahead, beginner)
    make_action(ahead, beginner, make_plan(ahead, beginner), action="Train the chairs.")
    make_member(ahead, beginner)
    make_file(ahead, beginner)

    caller = Caller.of(ahead, lead, beginner)
    answer = f"/councils/{beginner.slug}/accreditations/{accreditation_id}/answers/1.1.1"
    given = {"judgement": "met", "narrative": "Every spring."}
    assert caller.call("PUT", answer, json=given, headers={"If-None-Match": "*"}).status_code == 200
    assert caller.call("PUT", answer, json=given, match='"1"').status_code == 200

    client: CheckingClient = ahead.test_client()  # type: ignore[assignment]
    visits = [(lead, f"/councils/{beginner.slug}/{page}") for page in OF_COUNCIL]
    visits += [(case.officer, f"/regions/{region.slug}/{page}") for page in OF_REGION]
    visits += [(case.scorers[0], "/files"), (case.scorers[0], "/availability")]
    assert {path: client.sign_in(user).get(path).status_code for user, path in visits} == {
        path: 200 for _, path in visits
    }
    with ahead.app_context():
        jobs.run_all()
        with within(Scope.nobody(), read_only=True) as session:
            assert session.scalar(sa.text("select count(*) from outbox")) == 0
    with as_owner(config) as owner:
        assert broken_chains(owner, None) == []
        assert owner.scalar(sa.text("select count(*) from events where of_the_next_release <> 'later'")) == 0
