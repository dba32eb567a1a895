"""The region's pages over all its councils: the pipeline, and the matrix of every council and requirement."""

from __future__ import annotations

from tests.bench.floors import Floor
from tests.bench.pages import getting
from tests.bench.story import Story
from tests.bench.work import Work

PIPELINE = """
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
MATRIX = """
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


def region_pipeline(story: Story) -> Work:
    """Every council's newest case, as a region's officer gets it."""
    return Work(
        name="region_pipeline",
        size=f"{story.councils:,} councils",
        who=story.officer,
        ask=getting(f"/regions/{story.region}/pipeline"),
        floor=_floor(story, PIPELINE),
        target=3,
        most_statements=6,
    )


def region_matrix(story: Story) -> Work:
    """What every council said and what was found, beside the aggregate without walls or page."""
    return Work(
        name="region_matrix",
        size=f"{story.councils:,} councils × {len(story.found.codes)} requirements",
        who=story.officer,
        ask=getting(f"/regions/{story.region}/matrix"),
        floor=_floor(story, MATRIX),
        target=1.5,
        most_statements=4,
    )


def _floor(story: Story, statement: str) -> Floor:
    return Floor(statement, {"region": str(story.found.region_id)}, rows=story.councils // 2)
