"""The region's matrix of 400 councils and 45 requirements over three cycles, beside the bare aggregate of its rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import orjson
import psycopg
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient

from saas.db import new_id
from tests.bench.ground import Ground
from tests.bench.results import Result, median, milliseconds, p95
from tests.factories.assessment import make_framework
from tests.factories.tenants import MadeRegion, make_region, make_user

COUNCILS, CYCLES, TIMES = 400, 3, 25
FRAMEWORK = "fixture-45"
NARRATIVE = 600
"""Characters of an answer's words, as they stand in the same rows."""
TARGET = 1.5
STEP = "case when (q.position * 7 + m.cycle + get_byte(uuid_send(m.council_id), 15)) % 8 = 0 then '{}' else 'met' end"
FILL = f"""
create temporary table made on commit drop as
select c.id as council_id, y.cycle, gen_random_uuid() as accreditation_id, gen_random_uuid() as seal_request_id,
    gen_random_uuid() as submission_id, gen_random_uuid() as report_id,
    now() - make_interval(years => 3 * ({CYCLES} - y.cycle)) as at
from councils c, generate_series(1, {CYCLES}) as y(cycle);

insert into accreditations (council_id, id, region_id, council_name, framework_id, process, process_version, level,
    cycle, stage, stage_since, committed_at, version, recorded_from)
select m.council_id, m.accreditation_id, c.region_id, c.name, f.id, '{{}}', 0, 'charter', m.cycle, 'awarded', m.at,
    m.at, 1, ''
from made m join councils c on c.id = m.council_id cross join (select id from frameworks where code = '{FRAMEWORK}') f;

insert into seal_requests (council_id, id, region_id, accreditation_id, kind, asked_at, asked_by_name, done_at)
select m.council_id, m.seal_request_id, c.region_id, m.accreditation_id, 'readiness', m.at, 'Ann', m.at
from made m join councils c on c.id = m.council_id;

insert into submissions (council_id, id, region_id, accreditation_id, seal_request_id, kind, number, sealed_at,
    sent_by_name, document, document_sha256, hash, manifest, page)
select m.council_id, m.submission_id, c.region_id, m.accreditation_id, m.seal_request_id, 'readiness', 1, m.at, 'Ann',
    '{{}}', '', '', '', ''
from made m join councils c on c.id = m.council_id;

insert into submission_answers (council_id, id, region_id, accreditation_id, submission_id, requirement_id, judgement,
    narrative, not_applicable_reason, evidence, actions)
select m.council_id, gen_random_uuid(), c.region_id, m.accreditation_id, m.submission_id, q.id,
    {STEP.format("partly_met")}, repeat('word ', {NARRATIVE // 5}), '', '[]',
    '[]'
from made m join councils c on c.id = m.council_id
cross join (select q.* from requirements q join frameworks f on f.id = q.framework_id where f.code = '{FRAMEWORK}') q;

insert into reports (council_id, id, region_id, accreditation_id, kind, number, document, hash, opened_at,
    opened_by_name)
select m.council_id, m.report_id, c.region_id, m.accreditation_id, 'issued', 1, '{{}}', '', m.at, 'Ann'
from made m join councils c on c.id = m.council_id;

insert into issued_judgements (council_id, id, region_id, accreditation_id, report_id, requirement_id, judgement,
    issued_at)
select m.council_id, gen_random_uuid(), c.region_id, m.accreditation_id, m.report_id, q.id,
    {STEP.format("not_met")}, m.at
from made m join councils c on c.id = m.council_id
cross join (select q.* from requirements q join frameworks f on f.id = q.framework_id where f.code = '{FRAMEWORK}') q;
"""
BARE = """
select c.name, own.judgements, issued.judgements
from councils c
left join (
    select s.council_id, array_agg(n.judgement order by q.position) as judgements
    from (
        select distinct on (council_id) council_id, id from submissions
        where region_id = %(region)s and kind <> 'interim' order by council_id, sealed_at desc
    ) s
    join submission_answers n on n.council_id = s.council_id and n.submission_id = s.id
    join requirements q on q.id = n.requirement_id
    group by s.council_id
) own on own.council_id = c.id
left join (
    select r.council_id, array_agg(n.judgement order by q.position) as judgements
    from (
        select distinct on (council_id) council_id, id from reports
        where region_id = %(region)s and kind = 'issued' order by council_id, opened_at desc
    ) r
    join issued_judgements n on n.council_id = r.council_id and n.report_id = r.id
    join requirements q on q.id = n.requirement_id
    group by r.council_id
) issued on issued.council_id = c.id
where c.region_id = %(region)s order by c.name
"""


def region_matrix_400x45(ground: Ground) -> Result:
    """The whole page as a region's officer gets it, over the aggregate as its rows' owner, without walls or page."""
    app = ground.app
    region = make_region(app)
    make_framework(app, FRAMEWORK)
    officer = make_user(app, region, "region_officer")
    with psycopg.connect(ground.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        _fill(owner, region)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{officer.id}:1", True
        address = f"/regions/{region.slug}/matrix"
        bare_client = _bare(owner, region).test_client()
        size, statements = _counted(app, client, address)
        page: list[float] = []
        bare: list[float] = []
        for _ in range(TIMES):
            bare.append(milliseconds(partial(bare_client.get, "/")))
            page.append(milliseconds(partial(client.get, address)))
    return Result(
        work="region_matrix_400x45",
        size=f"{COUNCILS} councils × 45 requirements × {CYCLES} cycles",
        median_ms=median(page),
        p95_ms=p95(page),
        statements=statements,
        bytes=size,
        bare_ms=median(bare),
        ratio=median(page) / median(bare),
        target=TARGET,
    )


def _fill(owner: psycopg.Connection, region: MadeRegion) -> None:
    with owner.transaction():
        for number in range(COUNCILS):
            owner.execute(
                "insert into councils (id, region_id, slug, name, kind, county, active, created_at)"
                " values (%s, %s, %s, %s, 'district', %s, true, now() - make_interval(secs => %s))",
                [new_id(), region.id, f"bench-{number}", f"Council {number:03}", f"County {number % 6}", number],
            )
        for statement in FILL.split(";\n"):
            if statement.strip():
                owner.execute(statement)
    for table in (
        "councils",
        "requirements",
        "submission_answers",
        "issued_judgements",
        "submissions",
        "reports",
        "accreditations",
    ):
        owner.execute(f"vacuum (analyze) {table}")


def _bare(owner: psycopg.Connection, region: MadeRegion) -> Flask:
    """The floor: an app of one view, which asks for the aggregate and sends it as JSON."""
    floor = Flask("floor")

    @floor.get("/")
    def rows() -> Response:
        found = owner.execute(BARE, {"region": region.id}).fetchall()
        if len(found) != COUNCILS:
            raise RuntimeError("the bare statement did not find every council")
        return Response(orjson.dumps(found, default=str), content_type="application/json")

    return floor


def _counted(app: Flask, client: FlaskClient, address: str) -> tuple[int, int]:
    """Bytes and statements of the page, warm."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    answer = client.get(address)
    if answer.status_code != 200 or answer.data.count(b'<td class="met">') < 100:
        raise RuntimeError(f"the matrix answered {answer.status}")
    watched: Callable[..., None] = note
    sa.event.listen(sa.Engine, "before_cursor_execute", watched)
    try:
        size = len(client.get(address).data)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", watched)
    return size, len(sent)
