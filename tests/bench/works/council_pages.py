"""The council's own pages: a self-assessment, one answer saved, and its plans."""

from __future__ import annotations

import re
from collections import defaultdict

from saas.db import new_id
from tests.bench.floors import Floor
from tests.bench.pages import getting
from tests.bench.story import Story
from tests.bench.visitor import Call, Visitor
from tests.bench.work import Ask, Work

VERSION = re.compile(rb'name="version" value="(\d+)"')
SELF_ASSESSMENT = """
select r.code, r.title, r.element_code, r.criterion_code, a.judgement, a.version, a.updated_at, a.updated_by_name,
    a.confirmed_at, (
        select count(*) from citations n join evidence v on v.council_id = n.council_id and v.id = n.evidence_id
        where n.council_id = a.council_id and n.answer_id = a.id and v.removed_at is null
    ), (select count(*) from answer_actions n where n.council_id = a.council_id and n.answer_id = a.id)
from accreditations s
join requirements r on r.framework_id = s.framework_id
left join answers a on a.council_id = s.council_id and a.accreditation_id = s.id and a.requirement_id = r.id
where s.council_id = %(council)s and s.id = %(accreditation)s
order by r.position
"""
SAVE = """
update answers set narrative = 'Members choose. ' || clock_timestamp(), version = version + 1, updated_at = now()
where council_id = %(council)s and accreditation_id = %(accreditation)s and requirement_id = (
    select q.id from requirements q join accreditations a on a.framework_id = q.framework_id
    where a.council_id = %(council)s and a.id = %(accreditation)s
    order by q.position desc offset pg_backend_pid() %% 20 limit 1
)
returning version
"""
PLAN = """
select a.*, (
    select jsonb_agg(o.name order by o.position) from action_owners o
    where o.council_id = a.council_id and o.action_id = a.id
) as owners
from actions a
where a.council_id = %(council)s and a.plan_id = %(plan)s and (a.status is null or a.status = any(%(statuses)s))
order by a.latest_on, a.position
"""
OPEN = ["not_started", "in_progress", "blocked", "recurring"]
ALL = [*OPEN, "completed", "decided_against", "transferred"]


def open_self_assessment(story: Story) -> Work:
    """Every requirement by criterion and element, with how far each is."""
    return Work(
        name="open_self_assessment",
        size=f"{len(story.found.codes)} requirements",
        who=story.lead,
        ask=getting(f"{story.accreditation}/"),
        floor=Floor(SELF_ASSESSMENT, _here(story), rows=len(story.found.codes)),
        target=4,
        most_statements=6,
    )


def save_answer(story: Story) -> Work:
    """Another narrative, of the version that was read."""
    return Work(
        name="save_answer",
        size="one narrative",
        who=story.lead,
        ask=saving(story, f"{story.accreditation}/requirements", "narrative", judgement="met", do="save"),
        floor=Floor(SAVE, _here(story)),
        target=6,
        most_statements=7,
        status=303,
        tidy=True,
    )


def plan_of_100_filtered(story: Story) -> Work:
    """The working table with what is open, by date."""
    return Work(
        name="plan_of_100_filtered",
        size="60 of 100 lines",
        who=story.lead,
        ask=getting(f"{_plan(story, 100)}?status=open&sort=due"),
        floor=Floor(PLAN, _here(story, plan=story.plans[100], statuses=OPEN), rows=60),
        target=5,
        most_statements=5,
    )


def list_of_300(story: Story) -> Work:
    """The working table with every line."""
    return Work(
        name="list_of_300",
        size="300 lines",
        who=story.lead,
        ask=getting(_plan(story, 300)),
        floor=Floor(PLAN, _here(story, plan=story.plans[300], statuses=ALL), rows=300),
        target=6,
        most_statements=6,
    )


def self_assessment_among_all(story: Story) -> Work:
    """The same self-assessment for somebody who sees every council, beside one who sees this one."""
    return Work(
        name="self_assessment_among_all",
        size=f"one of {story.councils:,} councils",
        who=story.everywhere,
        ask=getting(f"{story.accreditation}/"),
        floor=story.lead,
        target=1.25,
        most_statements=6,
    )


def plan_among_all(story: Story) -> Work:
    """The same plan for somebody who sees every council, beside one who sees this one."""
    return Work(
        name="plan_among_all",
        size=f"one of {story.councils:,} councils",
        who=story.everywhere,
        ask=getting(f"{_plan(story, 100)}?status=open&sort=due"),
        floor=story.lead,
        target=1.25,
        most_statements=5,
    )


def saving(story: Story, pages: str, text: str, **values: object) -> Ask:
    """Save another text of this name at the version that stands; every connection at a requirement of its own."""
    versions: dict[int, int] = {}
    number: dict[int, int] = defaultdict(int)
    run = new_id()  # a text that stands already would change nothing

    def ask(visitor: Visitor, connection: int) -> Call:
        address = f"{pages}/{story.found.codes[connection]}"
        if connection not in versions:
            found = VERSION.search(visitor.send(Call("GET", address)).body)
            if found is None:
                raise RuntimeError(f"{address} has no form")
            versions[connection] = int(found[1])
        number[connection] += 1
        words = f"Members choose what they learn, time {number[connection]} of {run}.\n\nWe look at it every quarter."
        body = visitor.form(version=versions[connection], **{text: words}, **values)
        versions[connection] += 1
        return Call("POST", address, body)

    return ask


def _plan(story: Story, lines: int) -> str:
    return f"/councils/{story.found.council}/plans/{story.plans[lines]}"


def _here(story: Story, **values: object) -> dict[str, object]:
    found = {"council": str(story.found.council_id), "accreditation": str(story.found.accreditation_id)}
    return {**found, **{name: value if isinstance(value, list) else str(value) for name, value in values.items()}}
