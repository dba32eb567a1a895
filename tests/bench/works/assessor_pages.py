"""The assessor's screen: one requirement with its evidence and last cycle, and one score saved."""

from __future__ import annotations

from tests.bench.floors import Floor
from tests.bench.pages import getting
from tests.bench.story import Story
from tests.bench.work import Work
from tests.bench.works.council_pages import saving

SCREEN = """
select q.code, q.title, n.judgement, n.narrative, n.not_applicable_reason, n.evidence, n.actions, n.previous,
    d.version, d.judgement, d.reason, d.strength, d.improvement, d.note, (
        select jsonb_agg(jsonb_build_array(o.requirement_id, o.judgement)) from score_drafts o
        where o.council_id = f.council_id and o.assignment_id = f.id
    )
from assignments f
join submission_answers n on n.council_id = f.council_id and n.submission_id = f.submission_id
join requirements q on q.id = n.requirement_id
left join score_drafts d on d.council_id = f.council_id and d.assignment_id = f.id and d.requirement_id = q.id
where f.council_id = %(council)s and f.id = %(assignment)s and q.code = %(code)s
"""
SAVE = """
insert into score_drafts (council_id, id, region_id, accreditation_id, assignment_id, user_id, requirement_id,
    judgement, reason, strength, improvement, note, updated_at, version, cannot_assess, flagged, good_practice,
    mandatory)
select f.council_id, gen_random_uuid(), f.region_id, f.accreditation_id, f.id, f.user_id, q.id, 'met', 'It shows it.',
    '', '', '', now(), 1, false, false, false, false
from assignments f
join submissions s on s.council_id = f.council_id and s.id = f.submission_id
join accreditations a on a.council_id = f.council_id and a.id = f.accreditation_id
join requirements q on q.framework_id = a.framework_id
where f.council_id = %(council)s and f.id = %(assignment)s and q.position = (
    select position from requirements where framework_id = a.framework_id
    order by position desc offset pg_backend_pid() %% 20 limit 1
)
on conflict (council_id, assignment_id, requirement_id)
do update set reason = 'At ' || clock_timestamp(), version = score_drafts.version + 1, updated_at = now()
returning version
"""


def assessor_screen(story: Story) -> Work:
    """One requirement to read and score."""
    code = story.found.codes[12]
    return Work(
        name="assessor_screen",
        size="one requirement",
        who=story.found.scorer,
        ask=getting(f"{story.file}/requirements/{code}"),
        floor=Floor(SCREEN, {**_here(story), "code": code}),
        target=5,
        most_statements=8,
    )


def save_score(story: Story) -> Work:
    """Another reason, of the version that was read."""
    return Work(
        name="save_score",
        size="one reason",
        who=story.found.scorer,
        ask=saving(story, f"{story.file}/requirements", "reason", judgement="met", do="save"),
        floor=Floor(SAVE, _here(story)),
        target=6,
        most_statements=7,
        status=303,
        tidy=True,
    )


def _here(story: Story) -> dict[str, str]:
    return {"council": str(story.found.file_council_id), "assignment": str(story.found.assignment_id)}
