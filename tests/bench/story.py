"""What of the demo the works are about: the region, one council with its answers and long plans, one file to score."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from assessment.demo.places import EVERYWHERE, OFFICER, REGION

LINES = (100, 300)
"""Lines of the two plans that the bench adds to the council's own."""
FILE_BYTES = 1_000_000
FIND = """
select c.region_id, c.id as council_id, c.slug as council, a.id as accreditation_id, f.accreditation_id as file_id,
    f.id as assignment_id, f.council_id as file_council_id, f.user_id as scorer_id, u.email as scorer,
    array(
        select q.code from requirements q where q.framework_id = a.framework_id order by q.position
    ) as codes
from accreditations a
join councils c on c.id = a.council_id
cross join lateral (
    select s.* from assignments s
    where s.duty = 'scorer' and s.declared_at is not null and s.submitted_at is null and s.closed_at is null
        and s.withdrawn_at is null and s.council_name like '%% Council'
    order by s.assigned_at desc, s.id limit 1
) f
join users u on u.id = f.user_id
where a.stage = 'improving' and c.slug like 'council-%%'
order by c.slug limit 1
"""
PLAN = """
insert into plans (council_id, id, kind, title, monitor, created_at, version)
select %(council)s, gen_random_uuid(), 'own', %(title)s, 'Ann', now(), 1
where not exists (select from plans where council_id = %(council)s and title = %(title)s)
"""
FILL = """
with plan as (
    select p.id from plans p where p.council_id = %(council)s and p.title = %(title)s
        and not exists (select from actions a where a.council_id = p.council_id and a.plan_id = p.id)
), made as (
    insert into actions (council_id, id, plan_id, position, ref, action, reason, remark, responsibility, timescale,
        earliest_on, latest_on, timescale_kind, timescale_confidence, timescale_reason, status, status_text, source,
        created_at, updated_at, updated_by_name, timescale_chosen_by, restricted, version)
    select %(council)s, gen_random_uuid(), plan.id, n, n::text, 'Agree what action ' || n || ' asks of us and do it.',
        'Element ' || n %% 14, '', 'Head of democratic services', 'By the spring', current_date + n - 120,
        current_date + n - 60, 'range', 'high', '', case when n %% 10 < 6 then 'in_progress' else 'completed' end, '',
        'Self-assessment', now(), now(), 'Ann', '', false, 1
    from plan, generate_series(1, %(lines)s) as n
    returning council_id, id
)
insert into action_owners (council_id, id, action_id, position, kind, name, accountable)
select council_id, gen_random_uuid(), id, 1, 'post', 'Head of democratic services', true from made
"""


@dataclass(frozen=True)
class Found:
    """The rows that the works are about."""

    region_id: UUID
    council_id: UUID
    council: str
    accreditation_id: UUID
    file_id: UUID
    assignment_id: UUID
    file_council_id: UUID
    scorer_id: UUID
    scorer: str
    codes: list[str]


@dataclass(frozen=True)
class Story:
    """`plans`: number of lines → the plan of the council that has so many; `paper`: a file of one megabyte on disk."""

    found: Found
    councils: int
    plans: dict[int, UUID]
    paper: Path

    @property
    def region(self) -> str:
        """The region's slug."""
        return REGION.slug

    @property
    def officer(self) -> str:
        """The region's officer."""
        return OFFICER.email

    @property
    def lead(self) -> str:
        """The council's lead, who sees this council alone."""
        return f"lead.{self.found.council}@example.org"

    @property
    def everywhere(self) -> str:
        """An editor of every council."""
        return EVERYWHERE.email

    @property
    def accreditation(self) -> str:
        """Where the council's self-assessment begins."""
        return f"/councils/{self.found.council}/accreditations/{self.found.accreditation_id}"

    @property
    def file(self) -> str:
        """Where the assessor's file begins."""
        return f"/files/{self.found.file_id}"


def tell(owner: psycopg.Connection, councils: int, data_dir: Path) -> Story:
    """Find the rows, and add what the demo has none of: long plans and a large paper."""
    found = owner.cursor(row_factory=class_row(Found)).execute(FIND, []).fetchone()
    if found is None:
        raise RuntimeError("the demo holds no council that improves beside a file to be scored: load more councils")
    plans = {}
    for lines in LINES:
        values = {"council": found.council_id, "title": f"A plan of {lines} lines", "lines": lines}
        owner.execute(PLAN, values)
        owner.execute(FILL, values)
        row = owner.execute(
            "select id from plans where council_id = %(council)s and title = %(title)s", values
        ).fetchone()
        plans[lines] = row[0] if row else UUID(int=0)
    paper = data_dir / "bench-paper.pdf"
    paper.write_bytes(content())
    return Story(found, councils, plans, paper)


def content() -> bytes:
    """A file of one megabyte that was never there before."""
    return b"%PDF-1.7\n" + os.urandom(FILE_BYTES - 16) + b"\n%%EOF\n"


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
