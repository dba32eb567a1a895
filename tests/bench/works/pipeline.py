"""The region's pipeline of 400 councils over three cycles, beside one statement in a view that does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import orjson
import psycopg
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.bench.ground import Ground
from tests.bench.results import Result, median, milliseconds, p95
from tests.factories.assessment import make_framework
from tests.factories.tenants import MadeRegion, make_region, make_user

COUNCILS, CYCLES, IMPROVEMENTS, TIMES = 400, 3, 8, 25
FRAMEWORK = "fixture-45"
TARGET = 3.0
FILL = f"""
insert into councils (id, region_id, slug, name, kind, county, active, created_at)
select gen_random_uuid(), '{{region}}', 'bench-' || n, 'Council ' || n, 'district', 'County ' || n % 6, true, now()
from generate_series(1, {COUNCILS}) as n;

create temporary table made on commit drop as
select c.id as council_id, c.region_id, c.name, y.cycle, gen_random_uuid() as accreditation_id,
    gen_random_uuid() as report_id, gen_random_uuid() as submission_id,
    now() - make_interval(years => 3 * ({CYCLES} - y.cycle), days => 40) as at,
    y.cycle < {CYCLES} or get_byte(uuid_send(c.id), 15) % 3 = 0 as awarded
from councils c, generate_series(1, {CYCLES}) as y(cycle);

insert into accreditations (council_id, id, region_id, council_name, framework_id, process, process_version, level,
    cycle, stage, stage_since, committed_at, next_due_on, version, recorded_from)
select m.council_id, m.accreditation_id, m.region_id, m.name, f.id, '{{{{}}}}', 0, 'charter', m.cycle,
    case when m.awarded then 'awarded' else 'assessing' end, m.at, m.at,
    current_date + get_byte(uuid_send(m.council_id), 14) - 30, 1, ''
from made m cross join (select id from frameworks where code = '{FRAMEWORK}') f;

insert into awards (council_id, id, region_id, accreditation_id, certificate_number, level, level_title,
    framework_title, conditions, awarded_on, reassessment_opens_on, valid_to_on, grace_to_on, released_at,
    released_by_name, ending, ended_on)
select m.council_id, gen_random_uuid(), m.region_id, m.accreditation_id, gen_random_uuid()::text, 'charter', 'Charter',
    'Charter', '', m.at::date, (m.at + interval '2.5 years')::date, (m.at + interval '3 years')::date,
    (m.at + interval '3.5 years')::date, m.at, 'Ann', null, null
from made m where m.awarded;

insert into seal_requests (council_id, id, region_id, accreditation_id, kind, asked_at, asked_by_name, done_at)
select m.council_id, m.submission_id, m.region_id, m.accreditation_id, 'readiness', m.at, 'Ann', m.at from made m;

insert into submissions (council_id, id, region_id, accreditation_id, seal_request_id, kind, number, sealed_at,
    sent_by_name, document, document_sha256, hash, manifest, page)
select m.council_id, m.submission_id, m.region_id, m.accreditation_id, m.submission_id, 'readiness', 1, m.at, 'Ann',
    '{{{{}}}}', '', '', '', ''
from made m;

insert into assignments (council_id, id, region_id, accreditation_id, submission_id, user_id, name, home_council,
    council_name, framework_title, duty, capacity, assigned_at, interest_words, withdrawn_reason, scored, to_score)
select m.council_id, gen_random_uuid(), m.region_id, m.accreditation_id, m.submission_id, '{{officer}}',
    'Lead ' || get_byte(uuid_send(m.council_id), 13) % 9, '', m.name, 'Charter', 'lead', 'officer', m.at, '', '', 0, 0
from made m;

insert into reports (council_id, id, region_id, accreditation_id, kind, number, document, hash, opened_at,
    opened_by_name)
select m.council_id, m.report_id, m.region_id, m.accreditation_id, 'issued', 1, '{{{{}}}}', '', m.at, 'Ann'
from made m where m.awarded;

insert into improvements (council_id, id, region_id, accreditation_id, report_id, number, criterion_code,
    criterion_title, action, reason, remark, timescale, mandatory, issued_at, reply_due_on, ending)
select m.council_id, gen_random_uuid(), m.region_id, m.accreditation_id, m.report_id, n, '1', 'One', 'Do it.', '', '',
    'By May', n % 3 = 0, m.at, m.at::date, case when n % 2 = 0 then 'verified' end
from made m cross join generate_series(1, {IMPROVEMENTS}) as n where m.awarded;
"""
BARE = """
select c.name, c.kind, c.county, a.id, a.level, a.stage, now() - a.stage_since, a.next_due_on, w.valid_to_on,
    w.grace_to_on, l.names, i.open, i.mandatory,
    a.next_due_on < current_date and (a.stage <> 'awarded' or not exists (
        select from awards o
        where o.council_id = a.council_id and o.accreditation_id = a.id
            and (o.ending is not null or o.grace_to_on < current_date)
    )) or exists (
        select from clarifications q
        where q.council_id = a.council_id and q.accreditation_id = a.id and q.due_on < current_date
            and a.stage in ('submitted', 'assessing', 'moderating') and not exists (
                select from clarification_answers x
                where x.council_id = q.council_id and x.clarification_id = q.id
            )
    )
from councils c
left join (
    select distinct on (council_id) council_id, id, level, stage, stage_since, next_due_on from accreditations
    where region_id = %(region)s order by council_id, stage = 'awarded', committed_at desc
) a on a.council_id = c.id
left join (
    select distinct on (council_id) council_id, valid_to_on, grace_to_on from awards
    where region_id = %(region)s order by council_id, awarded_on desc
) w on w.council_id = c.id
left join (
    select accreditation_id, string_agg(name, ', ') as names from assignments
    where region_id = %(region)s and duty = 'lead' and withdrawn_at is null group by 1
) l on l.accreditation_id = a.id
left join (
    select council_id, count(*) as open, count(*) filter (where mandatory) as mandatory from improvements
    where region_id = %(region)s and ending is null group by 1
) i on i.council_id = c.id
where c.region_id = %(region)s and c.active
order by c.name
"""


def region_pipeline_400(ground: Ground) -> Result:
    """The page as a region's officer gets it, over a bare view that sends the same rows unread."""
    app = ground.app
    region = make_region(app)
    make_framework(app, FRAMEWORK)
    officer = make_user(app, region, "region_officer")
    with psycopg.connect(ground.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        with owner.transaction():
            for statement in FILL.format(region=region.id, officer=officer.id).split(";\n"):
                if statement.strip():
                    owner.execute(statement)
        for table in ("councils", "accreditations", "awards", "assignments", "improvements", "reports"):
            owner.execute(f"vacuum (analyze) {table}")
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{officer.id}:1", True
        address, bare_client = f"/regions/{region.slug}/pipeline", _bare(owner, region).test_client()
        size, statements = _counted(client, address)
        page: list[float] = []
        bare: list[float] = []
        for _ in range(TIMES):
            bare.append(milliseconds(partial(bare_client.get, "/")))
            page.append(milliseconds(partial(client.get, address)))
    return Result(
        work="region_pipeline_400",
        size=f"{COUNCILS} councils × {CYCLES} cycles × {IMPROVEMENTS} improvements",
        median_ms=median(page),
        p95_ms=p95(page),
        statements=statements,
        bytes=size,
        bare_ms=median(bare),
        ratio=median(page) / median(bare),
        target=TARGET,
    )


def _bare(owner: psycopg.Connection, region: MadeRegion) -> Flask:
    """The floor: an app of one view, which asks for the rows and sends them as JSON."""
    floor = Flask("floor")

    @floor.get("/")
    def rows() -> Response:
        found = owner.execute(BARE, {"region": region.id}).fetchall()
        if len(found) != COUNCILS:
            raise RuntimeError("the bare statement did not find every council")
        return Response(orjson.dumps(found, default=str), content_type="application/json")

    return floor


def _counted(client: FlaskClient, address: str) -> tuple[int, int]:
    """Bytes and statements of the page, warm."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    answer = client.get(address)
    if answer.status_code != 200 or f"of {COUNCILS} councils" not in answer.get_data(as_text=True):
        raise RuntimeError(f"the pipeline answered {answer.status}")
    watched: Callable[..., None] = note
    sa.event.listen(sa.Engine, "before_cursor_execute", watched)
    try:
        size = len(client.get(address).data)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", watched)
    return size, len(sent)
