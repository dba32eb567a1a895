"""The walls as the database holds them are the ones declared beside the models; no table slips past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

import assessment.models
import tenants.models
from assessment.services import assignments
from saas import clock, events
from saas.config import Config
from saas.db import Base, new_id
from saas.tenancy import CONSOLE, SETTINGS, Scope, visibility_of
from tenants.services import councils
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.assessors import enter
from tests.factories.awards import make_award, make_decided
from tests.factories.scores import make_declared
from tests.factories.signings import CHIEF, LEADER, commit_by_asking, make_holder
from tests.factories.submissions import make_submission
from tests.factories.tenants import make_council, make_region, make_user

assert assessment.models, tenants.models  # importing them makes their tables known
TABLES = Base.metadata.sorted_tables
PLATFORM = {
    "users", "regions", "councils", "slugs", "access", "credentials", "invitations", "links", "outbox",
    "frameworks", "requirements", "process_versions", "register_entries", "events", "event_heads", "rounds",
    "tokens", "kept_responses", "webhooks", "webhook_deliveries", "authenticators", "passkeys", "recovery_codes",
    "sign_in_providers", "sign_in_identities", "retention_rules", "retention_runs", "prepared_files", "rehearsals",
    "platform_door_rules",
}  # fmt: skip
"""Tables not keyed by a council, by name: the one list of exemptions."""
REGIONAL = {
    "assessor_absences", "assessor_councils", "assessors", "board_reports", "board_schedules", "council_imports",
    "council_neighbours", "door_rules", "privacy_notices", "releases", "saved_filters", "shown_benchmarks", "themes",
}  # fmt: skip
"""Tables of a region and of no one council: every key carries the region instead."""


@pytest.fixture
def owner(config: Config, built_app: Any) -> Iterator[sa.Connection]:
    """A connection as role owner; what it does is undone."""
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def wall(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    """Policies and grants of a table, as the catalogue tells them."""
    policies = connection.execute(
        sa.text(
            "select policyname::text, permissive, roles::text, cmd, qual, with_check from pg_policies"
            " where schemaname = 'public' and tablename = :table order by 1"
        ),
        {"table": table},
    )
    grants = connection.execute(
        sa.text(
            "select grantee, privilege_type, column_name from information_schema.column_privileges"
            " where table_schema = 'public' and table_name = :table and grantee <> 'owner' order by 1, 2, 3"
        ),
        {"table": table},
    )
    return [tuple(row) for row in (*policies, *grants)]


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_each_table_has_exactly_the_wall_it_declares(owner: sa.Connection, table: str) -> None:
    flags = owner.execute(
        sa.text("select relrowsecurity, relforcerowsecurity from pg_class where oid = cast(:table as regclass)"),
        {"table": table},
    ).one()
    assert tuple(flags) == (True, True)
    standing = wall(owner, table)
    for name in {row[0] for row in standing if len(row) == 6}:
        owner.execute(sa.text(f"drop policy {name} on {table}"))
    owner.execute(sa.text(f"revoke all on {table} from app, gate, public"))
    for statement in visibility_of(Base.metadata.tables[table]).statements(table):
        owner.execute(sa.text(statement))
    assert standing == wall(owner, table)


def test_there_is_no_table_without_a_declaration_and_no_view_that_leaks(owner: sa.Connection) -> None:
    found = owner.execute(
        sa.text(
            "select relname, relkind from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')"
        )
    )
    assert {tuple(row) for row in found} == {(table.name, "r") for table in TABLES} | {("alembic_version", "r")}


def test_every_key_of_a_councils_table_carries_the_council() -> None:
    wrong = []
    for table in TABLES:
        if table.name in PLATFORM:
            continue
        tenant = "region_id" if table.name in REGIONAL else "council_id"
        if table.name not in REGIONAL and next(iter(table.primary_key.columns)).name != "council_id":
            wrong.append(f"{table.name}: primary key")
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint) and tenant not in constraint.columns:
                wrong.append(f"{table.name}: {constraint.name}")
            if isinstance(constraint, sa.ForeignKeyConstraint):
                target = constraint.referred_table.name
                of_whom = "region_id" if target in REGIONAL else "council_id"
                if target not in PLATFORM and of_whom not in constraint.column_keys:
                    wrong.append(f"{table.name}: {constraint.name}")
        wrong += [
            f"{table.name}: {index.name}" for index in table.indexes if index.unique and tenant not in index.columns
        ]
    assert wrong == []


def test_app_and_gate_can_do_no_more_than_they_should(owner: sa.Connection) -> None:
    roles = owner.execute(
        sa.text(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit and rolname = 'owner'"
            " from pg_roles where rolname in ('owner', 'app', 'gate') order by 1"
        )
    )
    assert [tuple(row) for row in roles] == [
        ("app", False, False, False, False, False),
        ("gate", False, False, False, False, False),
        ("owner", False, False, False, False, False),
    ]
    more = owner.execute(
        sa.text(
            "select grantee, privilege_type from information_schema.table_privileges where table_schema = 'public'"
            " and grantee in ('app', 'gate', 'PUBLIC')"
            " and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
        )
    )
    assert list(more) == []
    creates = owner.execute(
        sa.text(
            "select r, has_schema_privilege(r, 'public', 'create'), has_schema_privilege(r, 'tenancy', 'create'),"
            " has_database_privilege(r, current_database(), 'temp') from unnest(array['app', 'gate']) r"
        )
    )
    assert [tuple(row) for row in creates] == [("app", False, False, False), ("gate", False, False, False)]


def test_gate_owns_just_the_definer_functions_and_each_fixes_its_search_path(owner: sa.Connection) -> None:
    functions = owner.execute(
        sa.text(
            "select p.proname::text, p.prosecdef, coalesce(p.proconfig[1], ''), r.rolname::text,"
            " has_function_privilege('app', p.oid, 'execute') from pg_proc p join pg_roles r on r.oid = p.proowner"
            " where p.pronamespace = 'tenancy'::regnamespace"
        )
    ).all()
    for name, definer, path, role, callable_by_app in functions:
        assert definer == (role == "gate"), name
        assert not definer or path == "search_path=public, pg_temp", name
        assert callable_by_app == (name != "take_slug"), name
    assert len([row for row in functions if row[1]]) > 10


def test_without_a_scope_app_sees_only_what_is_public(in_scope: Any, app: Any, council: Any, lead: Any) -> None:
    """`council` and `lead` have put rows into regions, councils, users, access, credentials and events."""
    public = {"frameworks", "requirements", "register_entries", "outbox", "privacy_notices"}
    with in_scope(Scope.nobody()) as session:
        seen = {}
        for table in TABLES:
            if visibility_of(table).grants(table.name) and any(
                policy.role == "app" and policy.command in {"select", "all"} for policy in visibility_of(table).policies
            ):
                seen[table.name] = session.scalar(sa.select(sa.func.count()).select_from(table))
        assert {name for name, rows in seen.items() if rows} <= public
        assert {"councils", "users", "access", "answers", "scores", "events"} <= set(seen)


def test_the_log_cannot_be_changed_or_written_by_app(in_scope: Any, council: Any) -> None:
    for statement in (
        "update events set verb = 'x'",
        "delete from events",
        "insert into events (id, scope, seq, at, verb, subject, audience, payload_digest, previous_hash, hash)"
        " values (gen_random_uuid(), 'x', 1, now(), 'v', 's', 'council', '', '', '')",
        "select * from event_heads",
        "truncate events",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            in_scope(council.scope()) as session,
        ):
            session.execute(sa.text(statement))


def test_an_event_of_another_council_is_refused_by_the_database(in_scope: Any, council: Any, region: Any) -> None:
    from tests.factories.tenants import MadeCouncil

    assert isinstance(council, MadeCouncil)
    forged = '[{"id": "00000000-0000-7000-8000-000000000001", "council_id": "00000000-0000-7000-8000-000000000002"}]'
    with (
        pytest.raises(sa.exc.ProgrammingError, match="an event of another council"),
        in_scope(council.scope()) as session,
    ):
        session.execute(events.APPEND, {"events": forged, "outbox": "[]"})


def test_the_settings_the_database_knows_are_those_the_code_sets(owner: sa.Connection) -> None:
    bodies = owner.scalars(
        sa.text("select prosrc from pg_proc where pronamespace = 'tenancy'::regnamespace and prosrc like '%''app.%'")
    )
    known = {part.split("'")[0] for body in bodies for part in body.split("'")[1::2] if part.startswith("app.")}
    assert known == set(SETTINGS)


def test_no_scope_but_its_own_region_and_the_operator_adds_a_council(in_scope: Any, council: Any, region: Any) -> None:
    statement = sa.text(
        "select tenancy.add_council(gen_random_uuid(), :region, 'smuggled', 'Smuggled', 'district', '')"
    )
    for scope in (council.scope(), Scope.nobody(), Scope.person(new_id(), region.id), Scope.region(new_id())):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="only its region adds a council"),
            in_scope(scope) as session,
        ):
            session.execute(statement, {"region": region.id})


def test_an_event_names_its_own_author_file_and_region(app: Any, in_scope: Any, council: Any, region: Any) -> None:
    mine, other = new_id(), make_region(app)
    event = {"id": str(new_id()), "actor": str(new_id()), "council_id": str(council.id), "region_id": str(region.id)}
    for scope, changed, words in (
        (council.scope(mine), {}, "an event in the name of another"),
        (council.scope(), {"region_id": str(other.id)}, "an event of a council elsewhere"),
        (other.scope(), {"region_id": str(other.id)}, "an event of a council elsewhere"),
        (Scope.file(new_id(), region.id, mine), {"actor": str(mine)}, "an event of another file"),
    ):
        forged = orjson.dumps([event | changed]).decode()
        with pytest.raises(sa.exc.ProgrammingError, match=words), in_scope(scope) as session:
            session.execute(events.APPEND, {"events": forged, "outbox": "[]"})


def test_every_row_of_a_council_that_names_a_region_names_the_councils_own() -> None:
    """Without it a region could put an award, a report or a score before a council of another region."""
    wrong = [
        table.name
        for table in TABLES
        if table.name not in PLATFORM
        and {"council_id", "region_id"} <= set(table.columns.keys())
        and not any(
            constraint.column_keys == ["council_id", "region_id"] and constraint.referred_table.name == "councils"
            for constraint in table.foreign_key_constraints
        )
    ]
    assert wrong == []


def test_a_region_puts_nothing_before_a_council_of_another(app: Any, in_scope: Any, council: Any) -> None:
    other, accreditation_id = make_region(app), make_accreditation(app, council, make_framework(app))
    statement = sa.text(
        "insert into submission_decisions (council_id, id, region_id, accreditation_id, submission_id, outcome,"
        " reason, decided_at, decided_by_name) values (:council, gen_random_uuid(), :region, :accreditation,"
        " :submission, 'returned', 'forged', now(), 'Mallory')"
    )
    values = {
        "council": council.id,
        "region": other.id,
        "accreditation": accreditation_id,
        "submission": make_submission(app, council, accreditation_id),
    }
    with (
        pytest.raises(sa.exc.IntegrityError, match="fk_submission_decisions_council_id_region_id"),
        in_scope(other.scope()) as session,
    ):
        session.execute(statement, values)


def test_a_region_adds_no_requirement_to_a_framework_of_others(app: Any, in_scope: Any, region: Any) -> None:
    framework_id = make_framework(app)
    statement = sa.text(
        "insert into requirements (id, framework_id, position, code, criterion_code, element_code, title,"
        " key_indicator) values (gen_random_uuid(), :framework, 999, 'forged', '1', '1.1', 'Forged', false)"
    )
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), in_scope(region.scope()) as session:
        session.execute(statement, {"framework": framework_id})


def test_nobody_reopens_the_own_seat_once_it_was_withdrawn_or_closed(app: Any, in_scope: Any, council: Any) -> None:
    case = make_award(app, council)
    with in_scope(case.region.scope(case.officer.id)) as session:
        session.execute(sa.text("update assignments set closes_on = current_date - 2"))
        assert assignments.close_due(council.id, by=CONSOLE) == 1
    reopen = sa.text("update assignments set closed_at = null, withdrawn_at = null where user_id = :user")
    with in_scope(case.file()) as session:
        assert session.execute(reopen, {"user": case.scorers[0].id}).rowcount == 0


def test_a_seat_stays_whose_it_is_and_nothing_declared_or_withdrawn_is_taken_back(
    app: Any, in_scope: Any, council: Any
) -> None:
    case, elsewhere = make_declared(app, council, council.region), make_region(app)
    own = f"update assignments set {{}} where user_id = '{case.scorers[0].id}'"
    mine, region = case.file(), case.region.scope(case.officer.id)
    for scope, change, words in (
        (Scope.person(case.scorers[0].id), f"region_id = '{elsewhere.id}'", "a seat turned into another"),
        (mine, "accreditation_id = gen_random_uuid()", "a seat turned into another"),
        (mine, "duty = 'lead'", "a seat turned into another"),
        (mine, "closes_on = '2999-01-01'", "a seat changed by others than its region"),
        (mine, "assigned_by = user_id", "a seat changed by others than its region"),
        (mine, "closed_at = now()", "a file closed by others than its region"),
        (
            mine,
            "closed_at = now(), conflicted_at = now(), interest = 'conflict'",
            "a file closed by others than its region",
        ),
        (region, f"user_id = '{case.officer.id}'", "a seat turned into another"),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match=words), in_scope(scope) as session:
            session.execute(sa.text(own.format(change)))
    with in_scope(mine) as session:
        session.execute(sa.text(own.format("interest = 'conflict', withdrawn_at = now()")))
    for change, words in (
        ("interest = 'none'", "a conflict taken back"),
        ("withdrawn_at = null", "a withdrawal taken back"),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match=words), in_scope(region) as session:
            session.execute(sa.text(own.format(change)))


def test_a_file_that_is_over_is_neither_led_nor_among_the_own(app: Any, in_scope: Any, council: Any) -> None:
    case = make_declared(app, council, council.region)
    scopes = {"led": case.region.scope(case.officer.id), "own": Scope.person(case.scorers[0].id)}
    counted = {
        "led": sa.text("select cardinality(tenancy.led())"),
        "own": sa.text("select count(*) from tenancy.own_files()"),
    }

    def seen() -> list[int]:
        found = []
        for name, scope in scopes.items():
            with in_scope(scope) as session:
                found.append(session.scalar(counted[name]))
        return found

    assert seen() == [1, 1]
    with in_scope(scopes["led"]) as session:
        session.execute(sa.text("update assignments set closes_on = current_date - 2"))
    assert seen() == [0, 0]
    with in_scope(scopes["led"]) as session:
        session.execute(sa.text("update assignments set closes_on = null"))
    for who in (case.officer, case.scorers[0]):
        enter(app, case.region, who, left_on=clock.today() - timedelta(2))
    assert seen() == [0, 0]


def test_who_has_access_in_the_council_reads_no_decision_before_release(app: Any, in_scope: Any, council: Any) -> None:
    case = make_decided(app, council)
    count = sa.text("select count(*) from decisions where accreditation_id = :id")
    with in_scope(Scope.operator(None)):
        councils.add_user(
            email=case.officer.email,
            name=case.officer.name,
            scope_slug=council.slug,
            role="council_viewer",
            hashed=None,
            by=CONSOLE,
        )
    colleague = make_user(app, case.region, "region_officer")
    with in_scope(case.region.scope(colleague.id)) as session:
        assert session.scalar(count, {"id": case.accreditation_id}) == 1
    with in_scope(case.region.scope(case.officer.id)) as session:
        assert session.scalar(count, {"id": case.accreditation_id}) == 0


JOB = sa.text(
    "insert into outbox (id, event_id, job, args, scope, due_at, attempts) values"
    " (gen_random_uuid(), gen_random_uuid(), 'check_link', '{}', cast(:scope as jsonb), now(), 0)"
)
STOPPED = re.compile(r'row-level security policy for table "outbox"|a job of another scope')


def starts(in_scope: Any, here: Scope, job: Scope | dict[str, str]) -> list[bool]:
    """Whether the database lets a session here start a job there: put by hand, and following from an event."""
    document = job.to_json() if isinstance(job, Scope) else job
    row = {"id": str(new_id()), "event_id": str(new_id()), "job": "check_link", "args": {}, "due_at": "2030-01-01"}
    by_hand = (JOB, {"scope": orjson.dumps(document).decode()})
    following = (events.APPEND, {"events": "[]", "outbox": orjson.dumps([row | {"scope": document}]).decode()})
    taken = []
    for statement, values in (by_hand, following):
        try:
            with in_scope(here) as session:
                session.execute(statement, values)
            taken.append(True)
        except sa.exc.ProgrammingError as error:
            if not STOPPED.search(str(error)):
                raise
            taken.append(False)
    return taken


def test_each_scope_starts_jobs_in_itself_and_where_its_work_goes_on(
    app: Any, in_scope: Any, council: Any, lead: Any
) -> None:
    region, other, stranger = council.region, make_council(app, council.region), make_council(app, make_region(app))
    case = make_declared(app, council, region)
    officer, scorer = case.officer.id, case.scorers[0].id
    with_key = Scope.bearer(key_hash="of a link that nobody was sent")
    allowed = (
        (council.scope(lead.id), council.scope(lead.id)),
        (council.scope(lead.id), council.scope()),
        (council.scope(), council.scope(lead.id)),
        (council.scope(lead.id), region.scope()),
        (region.scope(officer), region.scope(officer)),
        (region.scope(officer), region.scope()),
        (region.scope(), region.scope(officer)),
        (region.scope(), region.scope(scorer)),
        (region.scope(officer), council.scope()),
        (region.scope(), case.file()),
        (case.file(), case.file()),
        (case.file(), council.scope()),
        (case.file(), region.scope()),
        (Scope.person(scorer, region.id), region.scope()),
        (Scope.person(lead.id), council.scope()),
        (Scope.person(lead.id, region.id), Scope.person(lead.id)),
        (Scope.nobody(), Scope.nobody()),
        (with_key, with_key),
        (Scope.operator(officer), Scope.operator(officer)),
        (Scope.operator(None), stranger.scope()),
        (Scope.operator(None), Scope.person(lead.id)),
    )
    refused = (
        (council.scope(lead.id), other.scope()),
        (council.scope(lead.id), stranger.region.scope()),
        (council.scope(lead.id), region.scope(officer)),
        (council.scope(lead.id), council.scope(officer)),
        (council.scope(lead.id), Scope.council(council.id, stranger.region.id)),
        (council.scope(lead.id), Scope.operator(None)),
        (council.scope(lead.id), case.file()),
        (council.scope(lead.id), Scope.person(officer)),
        (region.scope(officer), stranger.scope()),
        (region.scope(officer), council.scope(lead.id)),
        (region.scope(officer), stranger.region.scope()),
        (region.scope(officer), region.scope(lead.id)),
        (region.scope(officer), Scope.file(case.accreditation_id, region.id, lead.id)),
        (case.file(), case.file(1)),
        (case.file(), other.scope()),
        (case.file(), region.scope(officer)),
        (Scope.file(case.accreditation_id, region.id, lead.id), council.scope()),
        (Scope.person(lead.id), other.scope()),
        (Scope.person(lead.id), region.scope()),
        (Scope.person(lead.id), Scope.person(officer)),
        (Scope.person(lead.id), council.scope(lead.id)),
        (Scope.operator(officer), council.scope()),
        (Scope.nobody(), council.scope()),
        (Scope.nobody(), Scope.operator(None)),
        (with_key, council.scope()),
        (with_key, Scope.bearer(key_hash="of another")),
        (council.scope(), {"council_id": str(council.id)}),
        (council.scope(), council.scope().to_json() | {"region_id": str(region.id)}),
    )
    wrong = [(here, job) for here, job in allowed if starts(in_scope, here, job) != [True, True]]
    wrong += [(here, job) for here, job in refused if starts(in_scope, here, job) != [False, False]]
    assert wrong == []


def test_the_bearer_of_a_link_starts_jobs_in_the_council_that_sent_it(app: Any, in_scope: Any, council: Any) -> None:
    other = make_council(app, council.region)
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    commit_by_asking(app, council)
    with in_scope(council.scope()) as session:
        key_hash = session.scalar(sa.text("select key_hash from signature_requests where key_hash is not null"))
    places = {"own": council.scope(), "region": council.region.scope(), "other": other.scope()}
    found = {name: starts(in_scope, Scope.bearer(key_hash=key_hash), place) for name, place in places.items()}
    assert found == {"own": [True, True], "region": [True, True], "other": [False, False]}


def test_what_a_job_is_and_where_it_runs_is_never_changed(in_scope: Any, council: Any) -> None:
    with in_scope(council.scope()) as session:
        session.execute(JOB, {"scope": orjson.dumps(council.scope().to_json()).decode()})
    for change in ("scope = '{}'", "args = '{}'", "job = 'seal_submission'"):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            in_scope(Scope.nobody()) as session,
        ):
            session.execute(sa.text(f"update outbox set {change}"))


HASHES = {
    "stored": {
        "evidence.sha256", "evidence_versions.sha256", "submission_files.sha256", "submissions.archive_sha256",
        "clarification_files.sha256", "prepared_files.sha256",
    },
    "of what is no stored file": {
        "imports.sha256", "council_imports.sha256", "signings.document_sha256", "submissions.document_sha256",
    },
}  # fmt: skip
"""Every column with a file's hash: those that name a stored file keep it from being swept away."""


def test_every_row_that_names_a_stored_file_keeps_it(owner: sa.Connection) -> None:
    columns = {f"{table.name}.{column.name}" for table in TABLES for column in table.columns if "sha256" in column.name}
    assert columns == set().union(*HASHES.values())
    body = owner.scalar(sa.text("select prosrc from pg_proc where proname = 'unnamed_files'"))
    asked = set(re.findall(r"from (\w+) \w where \w+\.\w+ = of_namespace and \w+\.(\w+) = d", body or ""))
    assert {f"{table}.{column}" for table, column in asked} == HASHES["stored"]
