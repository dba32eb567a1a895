"""The matrix of a region: each council's newest sealed and newest issued judgements, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import matrix
from assessment.rules.matrix import Share
from saas.db import db

NO_STAGE = "none"
MATRIX = """
with used as (
    select f.id, f.title, f.version, f.document -> 'scale' as scale,
        count(distinct a.council_id) as councils, max(a.committed_at) as committed_at
    from accreditations a
    join frameworks f on f.id = a.framework_id
    where a.region_id = :region
    group by f.id
), chosen as (
    select id, scale from used
    order by (id = cast(:framework as uuid)) desc nulls last, councils desc, committed_at desc limit 1
), steps as materialized (
    select step.value ->> 'code' as code, chr(cast(:step + step.number as integer)) as letter
    from chosen, jsonb_array_elements(chosen.scale) with ordinality as step(value, number)
), sent as materialized (
    select distinct on (s.council_id) s.council_id, s.id, s.accreditation_id, s.sealed_at
    from submissions s
    join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
    where s.region_id = :region and s.kind <> 'interim' and a.framework_id = (select id from chosen)
    order by s.council_id, s.sealed_at desc, s.id desc
), own as materialized (
    select sent.council_id, sent.accreditation_id, sent.sealed_at as at,
        string_agg(chr(cast(:place + q.position as integer)) || t.letter, '') as marks
    from sent
    join submission_answers n on n.council_id = sent.council_id and n.submission_id = sent.id
    join requirements q on q.id = n.requirement_id
    join steps t on t.code = n.judgement
    group by sent.council_id, sent.accreditation_id, sent.sealed_at
), reported as materialized (
    select distinct on (r.council_id) r.council_id, r.id, r.accreditation_id, r.opened_at
    from reports r
    join accreditations a on a.council_id = r.council_id and a.id = r.accreditation_id
    where r.region_id = :region and r.kind = 'issued' and a.framework_id = (select id from chosen)
    order by r.council_id, r.opened_at desc, r.id desc
), issued as materialized (
    select d.council_id, d.accreditation_id, d.opened_at as at,
        string_agg(chr(cast(:place + q.position as integer)) || t.letter, '') as marks
    from reported d
    join issued_judgements n on n.council_id = d.council_id and n.report_id = d.id
    join requirements q on q.id = n.requirement_id
    join steps t on t.code = n.judgement
    group by d.council_id, d.accreditation_id, d.opened_at
), newest as materialized (
    select distinct on (a.council_id) a.council_id, a.stage from accreditations a
    where a.region_id = :region
    order by a.council_id, (a.stage = any(:ended)), a.committed_at desc, a.id desc
)
select c.id, c.slug, c.name, c.kind, c.county, coalesce(newest.stage, :no_stage) as stage,
    coalesce(own.accreditation_id, issued.accreditation_id) as accreditation_id,
    own.marks as own, own.at as own_at, issued.marks as issued, issued.at as issued_at,
    chosen.id as framework_id,
    case when row_number() over (order by c.name, c.id) = 1 then (
        select jsonb_agg(jsonb_build_array(u.id, u.title || ' (' || u.version || ')') order by u.title, u.version)
        from used u
    ) end as frameworks
from councils c
left join chosen on true
left join newest on newest.council_id = c.id
left join own on own.council_id = c.id
left join issued on issued.council_id = c.id
where c.region_id = :region and c.active
order by c.name, c.id
"""
TREND = """
with sent as (
    select distinct on (s.council_id, s.accreditation_id) s.council_id, s.id, a.cycle
    from submissions s
    join accreditations a on a.council_id = s.council_id and a.id = s.accreditation_id
    where s.region_id = :region and s.kind <> 'interim' and a.framework_id = :framework
        and s.council_id = any(:councils)
    order by s.council_id, s.accreditation_id, s.sealed_at desc, s.id desc
), reported as (
    select distinct on (r.council_id, r.accreditation_id) r.council_id, r.id, a.cycle
    from reports r
    join accreditations a on a.council_id = r.council_id and a.id = r.accreditation_id
    where r.region_id = :region and r.kind = 'issued' and a.framework_id = :framework
        and r.council_id = any(:councils)
    order by r.council_id, r.accreditation_id, r.opened_at desc, r.id desc
), judged as (
    select 'own' as show, sent.cycle, n.council_id, n.requirement_id, n.judgement
    from sent join submission_answers n on n.council_id = sent.council_id and n.submission_id = sent.id
    union all
    select 'issued', d.cycle, n.council_id, n.requirement_id, n.judgement
    from reported d join issued_judgements n on n.council_id = d.council_id and n.report_id = d.id
)
select j.show, j.cycle, q.criterion_code, count(*) filter (where j.judgement = any(:met)) as met, count(*) as judged,
    count(distinct j.council_id) as councils
from judged j join requirements q on q.id = j.requirement_id
where j.judgement = any(:met) or j.judgement = any(:unmet)
group by 1, 2, 3
order by 2, 3, 1
"""
ENDED = ["awarded", "not_yet", "withdrawn", "lapsed", "ended"]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One council. `own` and `issued` are marks (assessment.rules.matrix), each with when it was sealed or issued.

    `stage` is of the accreditation under way, or else of the newest, whatever its framework; NO_STAGE without any.
    `accreditation_id` is of the newest sealed submission of the framework, or else of the newest report.
    """

    council_id: UUID
    slug: str
    name: str
    kind: str
    county: str
    stage: str
    accreditation_id: UUID | None
    own: str
    own_at: datetime | None
    issued: str
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every active council by name; the framework that was chosen, and those in use as (id, words).

    `framework` is None while no council has committed.
    """

    rows: tuple[MatrixRow, ...]
    framework: PublishedFramework | None
    frameworks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TrendLine:
    """What councils' own judgements (`show` "own") or reports ("issued") of one cycle come to under a criterion."""

    show: str
    cycle: int
    criterion_code: str
    share: Share
    councils: int


def narrow(rows: Iterable[MatrixRow], *, kind: str = "", county: str = "", stage: str = "") -> list[MatrixRow]:
    """The rows of one type, county and stage; "" for any."""
    return [
        row
        for row in rows
        if (not kind or row.kind == kind) and (not county or row.county == county) and (not stage or row.stage == stage)
    ]


def read_matrix(region_id: UUID, framework_id: UUID | None = None) -> Matrix:
    """The matrix of a region in one statement, in the region's scope.

    framework_id: one in use there; without it, or for another, the one that most councils use.
    """
    values = {
        "region": region_id,
        "framework": framework_id,
        "place": matrix.FIRST_PLACE,
        "step": matrix.FIRST_STEP - 1,
        "no_stage": NO_STAGE,
        "ended": ENDED,
    }
    found = db.session.execute(text(MATRIX), values).all()
    chosen = found[0].framework_id if found else None
    framework = get_framework(chosen) if chosen else None
    size = len(framework.tree.requirements) if framework else 0
    rows = tuple(
        MatrixRow(
            row.id, row.slug, row.name, row.kind, row.county, row.stage, row.accreditation_id,
            matrix.read(row.own, size), row.own_at, matrix.read(row.issued, size), row.issued_at,
        )
        for row in found
    )  # fmt: skip
    used = (found[0].frameworks or []) if found else []
    return Matrix(rows, framework, tuple((key, words) for key, words in used))


def list_trend(region_id: UUID, framework: PublishedFramework, council_ids: Sequence[UUID]) -> list[TrendLine]:
    """How many requirements were met by cycle and criterion, of the newest of each cycle, in one statement."""
    scale = framework.tree.scale
    values = {
        "region": region_id,
        "framework": framework.id,
        "councils": list(council_ids),
        "met": [step.code for step in scale if step.met],
        "unmet": [step.code for step in scale if not step.met and not step.not_applicable],
    }
    return [
        TrendLine(row.show, row.cycle, row.criterion_code, Share(row.met, row.judged), row.councils)
        for row in db.session.execute(text(TREND), values)
    ]
