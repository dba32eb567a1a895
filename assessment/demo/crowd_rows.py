"""The rows of a generated council's cycles, table by table, as plain values: nobody lived through them one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from assessment.demo import words
from assessment.demo.crowd_people import Generated, Library, Row
from assessment.demo.places import ASSESSORS, DECIDER, HOMES, OFFICER, REGION, SignIn
from assessment.demo.scene import NOT_YET, Scene
from assessment.demo.themes import theme_of
from assessment.queries.frameworks import PublishedFramework
from assessment.rules import award_rules, awards, processes, reports, sealing
from assessment.rules.certificates import make_number
from assessment.services.decisions import lines_of
from saas.db import new_id

LEVEL = "charter"
SENT_ON_DAY, ASSIGNED_ON_DAY, SCORED_ON_DAY, DECIDED_ON_DAY, THEMED_ON_DAY, REPLIED_ON_DAY = (
    128,
    140,
    159,
    188,
    195,
    215,
)
"""Days of a cycle, counted from commitment, as the played ones have them."""
RELEASED_ON_DAY = 190
MOST_IMPROVEMENTS = 8
PAIRS = (ASSESSORS[:2], ASSESSORS[2:])


@dataclass(frozen=True)
class Before:
    """What the next cycle shows of this one: its sealed lines, the issued report, its improvements and the replies."""

    sealed_at: datetime
    lines: list[Row]
    report: Row
    improvements: list[Row]
    replies: list[Row]


@dataclass
class Cycle:
    """One cycle of a generated council. `stage` is where it ends; `pair` the two who score."""

    scene: Scene
    council: Generated
    framework: PublishedFramework
    number: int
    begun_on: date
    stage: str
    pair: tuple[SignIn, ...]
    chance: Random
    id: UUID
    library: Library
    submission_id: UUID = NOT_YET
    before: Before | None = None

    def at(self, day: int) -> datetime:
        """Ten o'clock on a day of the cycle."""
        return datetime.combine(self.begun_on + timedelta(day), time(10), UTC)

    @property
    def ids(self) -> Row:
        """What every row about the assessment carries."""
        return {"council_id": self.council.id, "region_id": self.scene.region_id, "accreditation_id": self.id}

    @property
    def scorers(self) -> tuple[SignIn, ...]:
        """Who has submitted scores."""
        return self.pair if self.stage == "awarded" else self.pair[:1]

    def steps(self) -> dict[str, str]:
        """Requirement code → judgement: an eighth of those that are no key indicator is partly met."""
        return {
            each.code: "partly_met" if not each.key_indicator and (place + self.council.number) % 8 == 0 else "met"
            for place, each in enumerate(self.framework.tree.requirements_of(LEVEL))
        }


def answered(cycle: Cycle) -> dict[str, list[Row]]:
    """What the council wrote: accreditation, signatures, plan, answers, citations and, where it sends, the request."""
    council, chance, at = cycle.council, cycle.chance, cycle.at
    lead_id = cycle.scene.users[council.lead.email]
    requirements = cycle.framework.tree.requirements_of(LEVEL)
    steps = cycle.steps()
    only = len(requirements) // 2 if cycle.stage == "self_assessing" else len(requirements)
    since = at(
        {"self_assessing": 0, "improving": 60, "submitted": SENT_ON_DAY, "assessing": ASSIGNED_ON_DAY}.get(
            cycle.stage, RELEASED_ON_DAY
        )
    )
    target_on = cycle.begun_on + timedelta(330)
    accreditation = {
        **{name: value for name, value in cycle.ids.items() if name != "accreditation_id"},
        "id": cycle.id, "version": 1, "council_name": council.name, "framework_id": cycle.framework.id,
        "process": processes.to_document(processes.DEFAULT), "process_version": 0, "level": LEVEL,
        "cycle": cycle.number, "stage": cycle.stage, "stage_since": since,
        "committed_at": at(0), "target_on": target_on,
        "deadline_on": processes.assess_by(cycle.begun_on, processes.DEFAULT),
        "next_due_on": None if cycle.stage in ("assessing", "awarded") else target_on,
    }  # fmt: skip
    signatures = [
        {**cycle.ids, "id": new_id(), "office": office, "name": chance.choice(words.FAMILY_NAMES),
         "signed_on": cycle.begun_on, "recorded_at": at(0), "about": "commitment"}
        for office in processes.DEFAULT.signatories
    ]  # fmt: skip
    plan = {"council_id": council.id, "id": new_id(), "version": 1, "kind": "gap", "title": "Plan for Charter",
            "monitor": council.lead.name, "accreditation_id": cycle.id, "created_at": at(20)}  # fmt: skip
    answers: list[Row] = []
    citations: list[Row] = []
    actions: list[Row] = []
    links: list[Row] = []
    for place, requirement in enumerate(requirements[:only]):
        step = steps[requirement.code]
        answer_id = new_id()
        answers.append(
            {"council_id": council.id, "id": answer_id, "version": 1, "accreditation_id": cycle.id,
             "requirement_id": cycle.framework.ids[requirement.code], "judgement": step,
             "narrative": words.narrative(chance, requirement.title, met=step == "met"), "not_applicable_reason": "",
             "updated_at": at(20 + place % 30), "updated_by": lead_id, "updated_by_name": council.lead.name}
        )  # fmt: skip
        citations += [
            {"council_id": council.id, "id": new_id(), "answer_id": answer_id, "evidence_id": item["id"],
             "pinpoint": chance.choice(words.PINPOINTS), "why": chance.choice(words.REASONS_TO_CITE),
             "cited_at": at(30)}
            for item in chance.sample(cycle.library.evidence, k=1 + place % 2)
        ]  # fmt: skip
        if step != "met":
            action_id = new_id()
            actions.append(
                {"council_id": council.id, "id": action_id, "version": 1, "plan_id": plan["id"],
                 "position": len(actions) + 1, "ref": str(len(actions) + 1),
                 "action": words.about(chance, words.ACTIONS, requirement.title), "reason": requirement.code,
                 "remark": "", "responsibility": chance.choice(words.OWNERS), "timescale": "Ongoing",
                 "timescale_kind": "ongoing", "timescale_confidence": "high", "timescale_reason": "", "status_text": "",
                 "source": "self-assessment", "created_at": at(30), "updated_at": at(30)}
            )  # fmt: skip
            links.append({"council_id": council.id, "id": new_id(), "answer_id": answer_id, "action_id": action_id})
    return {"accreditations": [accreditation], "declaration_signatures": signatures, "plans": [plan],
            "answers": answers, "citations": citations, "actions": actions, "answer_actions": links}  # fmt: skip


def request(cycle: Cycle) -> Row:
    """The council asks for the seal."""
    lead = cycle.council.lead
    return {**cycle.ids, "id": new_id(), "kind": "readiness", "asked_at": cycle.at(SENT_ON_DAY),
            "done_at": cycle.at(SENT_ON_DAY),
            "asked_by": cycle.scene.users[lead.email], "asked_by_name": lead.name}  # fmt: skip


def assigned(cycle: Cycle) -> dict[str, list[Row]]:
    """The region accepts what was sent and asks a team, which declares; where it is assessed still, one has scored."""
    at, users = cycle.at, cycle.scene.users
    level = cycle.framework.tree.level(LEVEL)
    to_score = len(cycle.framework.tree.requirements_of(LEVEL))
    decision = {**cycle.ids, "id": new_id(), "submission_id": cycle.submission_id, "outcome": "accepted", "reason": "",
                "decided_at": at(134), "decided_by": users[OFFICER.email], "decided_by_name": OFFICER.name}  # fmt: skip
    team, done = [], cycle.scorers
    for person, capacity in zip((*cycle.pair, OFFICER), ("councillor", "officer", "regional"), strict=True):
        scores = person is not OFFICER
        team.append(
            {**cycle.ids, "id": new_id(), "submission_id": cycle.submission_id, "user_id": users[person.email],
             "name": person.name, "home_council": HOMES.get(person, ""), "council_name": cycle.council.name,
             "framework_title": f"{cycle.framework.tree.title}, {level.title}", "duty": "scorer" if scores else "lead",
             "capacity": capacity, "assigned_at": at(ASSIGNED_ON_DAY), "assigned_by": users[OFFICER.email],
             "interest": "none" if scores else None, "interest_words": "",
             "declared_at": at(ASSIGNED_ON_DAY + 3) if scores else None, "withdrawn_reason": "",
             "scored": to_score if person in done else 0, "to_score": to_score if scores else 0,
             "submitted_at": at(SCORED_ON_DAY) if person in done else None,
             "closed_at": at(RELEASED_ON_DAY) if cycle.stage == "awarded" else None}
        )  # fmt: skip
    return {"submission_decisions": [decision], "assignments": team}


def scored(cycle: Cycle, assignment: Row, *, second: bool) -> list[Row]:
    """What one assessor submits; the second sees four requirements otherwise than the first."""
    found, steps = [], cycle.steps()
    for place, requirement in enumerate(cycle.framework.tree.requirements_of(LEVEL)):
        differs = second and place % 11 == cycle.council.number % 11
        step = "partly_met" if differs else steps[requirement.code]
        met = step == "met"
        text = "" if met else words.about(cycle.chance, words.IMPROVEMENTS, requirement.title)
        found.append(
            {**cycle.ids, "id": new_id(), "assignment_id": assignment["id"], "user_id": assignment["user_id"],
             "name": assignment["name"], "requirement_id": cycle.framework.ids[requirement.code], "judgement": step,
             "reason": cycle.chance.choice(words.AGREES if met else words.DOUBTS), "strength": "", "improvement": text,
             "submitted_at": cycle.at(SCORED_ON_DAY)}
        )  # fmt: skip
    return found


def awarded(cycle: Cycle, newest: bool) -> dict[str, list[Row]]:
    """What follows scoring: moderation, the issued report with its improvements, decision, award and register entry."""
    at, ids, tree = cycle.at, cycle.ids, cycle.framework.tree
    officer_id, steps = cycle.scene.users[OFFICER.email], cycle.steps()
    moderations = [
        {**ids, "id": new_id(), "requirement_id": cycle.framework.ids[code], "judgement": step,
         "reason": cycle.chance.choice(words.MODERATED), "agreed": False, "moderated_at": at(166),
         "moderated_by": officer_id, "moderated_by_name": OFFICER.name, "number": 1}
        for code, step in steps.items()
    ]  # fmt: skip
    proposal = award_rules.evaluate(tree.award_rule, tree, LEVEL, steps)
    decision = {**ids, "id": new_id(), "proposed": proposal.outcome.value, "rule_lines": lines_of(proposal),
                "outcome": "awarded", "conditions": "", "reason": "As the team advises.", "words": "",
                "decided_at": at(DECIDED_ON_DAY),
                "decided_by_name": DECIDER.name, "number": 1}  # fmt: skip
    dates = awards.award_dates(cycle.begun_on + timedelta(DECIDED_ON_DAY), processes.DEFAULT)
    ended = {} if newest else {"ending": "ended", "ended_on": dates.expires_on}
    titles = {"level_title": tree.level(LEVEL).title, "framework_title": tree.title}
    number = make_number(cycle.chance.choice)
    public = {"certificate_number": number, "awarded_on": dates.awarded_on,
              "valid_to_on": dates.expires_on, "grace_to_on": dates.grace_ends_on, **titles, **ended}  # fmt: skip
    award = {**ids, "id": new_id(), "level": LEVEL, "conditions": "", "interim_due_on": dates.interim_due_on,
             "reassessment_opens_on": dates.reassessment_opens_on, "released_at": at(RELEASED_ON_DAY),
             "released_by_name": OFFICER.name, **public}  # fmt: skip
    entry = {"id": new_id(), "region_id": cycle.scene.region_id, "council_name": cycle.council.name,
             "region_name": REGION.name, "with_conditions": False, "accent": "teal", "level": LEVEL,
             "county": cycle.council.county, "council_kind": cycle.council.kind, **public}  # fmt: skip
    report = _report(cycle, number, dates)
    improvements = [
        {**ids, "id": new_id(), "report_id": report["id"], "number": item["number"],
         "requirement_id": cycle.framework.ids[item["requirement_code"]], "criterion_code": item["criterion_code"],
         "criterion_title": item["criterion_title"], "action": item["action"], "reason": item["reason"],
         "remark": "", "timescale": item["timescale"], "mandatory": False, "issued_at": at(RELEASED_ON_DAY),
         "reply_due_on": (at(RELEASED_ON_DAY) + timedelta(56)).date()}
        for item in report["document"]["improvements"]
    ]  # fmt: skip
    judgements = [
        {**ids, "id": new_id(), "report_id": report["id"], "requirement_id": cycle.framework.ids[code],
         "judgement": step, "issued_at": at(RELEASED_ON_DAY)}
        for code, step in steps.items()
    ]  # fmt: skip
    return {"moderations": moderations, "decisions": [decision], "reports": [report], "issued_judgements": judgements,
            "awards": [award], "register_entries": [entry], "improvements": improvements}  # fmt: skip


def themed(cycle: Cycle, improvements: list[Row], offered: Mapping[UUID, list[str]]) -> dict[str, list[Row]]:
    """Most improvements under the theme that their words suggest."""
    found = []
    for item in improvements:
        theme_id = theme_of(item["number"], f"{item['action']}\n{item['reason']}", offered)
        if theme_id is not None:
            found.append(
                {"council_id": cycle.council.id, "region_id": cycle.scene.region_id, "id": new_id(),
                 "improvement_id": item["id"], "theme_id": theme_id, "assigned_at": cycle.at(THEMED_ON_DAY),
                 "assigned_by_name": OFFICER.name}
            )  # fmt: skip
    return {"improvement_themes": found}


def _report(cycle: Cycle, number: str, dates: awards.AwardDates) -> Row:
    tree, chance = cycle.framework.tree, cycle.chance
    items = [
        reports.improvement(
            action=words.about(chance, words.IMPROVEMENTS, requirement.title),
            reason=chance.choice(words.DOUBTS),
            timescale=words.timescale(chance.choice(words.TIMESCALES), cycle.begun_on.year),
            requirement_code=requirement.code,
        )
        for requirement in chance.sample(tree.requirements_of(LEVEL), k=MOST_IMPROVEMENTS)
    ]
    award = {
        "certificate_number": number,
        "awarded_on": dates.awarded_on.isoformat(),
        "interim_due_on": dates.interim_due_on and dates.interim_due_on.isoformat(),
        "reassessment_opens_on": dates.reassessment_opens_on.isoformat(),
        "valid_to_on": dates.expires_on.isoformat(),
    }
    result = {"outcome": "awarded", "conditions": "", "award": award}
    document = reports.document(
        tree,
        LEVEL,
        {code: reports.Judged(step) for code, step in cycle.steps().items()},
        council=cycle.council.name,
        region=REGION.name,
        cycle=cycle.number,
        summary=words.SUMMARY.format(council=cycle.council.name),
        strengths=[
            {"criterion_code": each.code, "text": words.about(chance, words.STRENGTHS, each.title)}
            for each in tree.criteria
        ],
        improvements=reports.numbered(items),
        result=result,
    )
    return {**cycle.ids, "id": new_id(), "kind": "issued", "number": 1, "document": document,
            "hash": hashlib.sha256(sealing.canonical_json(document)).hexdigest(),
            "opened_at": cycle.at(RELEASED_ON_DAY), "opened_by_name": OFFICER.name}  # fmt: skip


def replied(cycle: Cycle, improvements: list[Row]) -> dict[str, list[Row]]:
    """The council's replies, of all three kinds, and how far the first ones are."""
    lead_id, lead = cycle.scene.users[cycle.council.lead.email], cycle.council.lead
    decided_on = cycle.begun_on + timedelta(REPLIED_ON_DAY - 5)
    replies, progress = [], []
    for item in improvements:
        answer, reason = {2: ("accepted_in_part", words.IN_PART), 3: ("decided_against", words.DECIDED_AGAINST)}.get(
            item["number"], ("accepted", "")
        )
        replies.append(
            {**cycle.ids, "id": new_id(), "improvement_id": item["id"], "answer": answer, "body": words.BODIES[0],
             "decided_on": decided_on, "minute": "17", "reason": reason, "replied_at": cycle.at(REPLIED_ON_DAY),
             "replied_by": lead_id, "replied_by_name": lead.name}
        )  # fmt: skip
        if item["number"] in (1, 4):
            progress.append(
                {**cycle.ids, "id": new_id(), "improvement_id": item["id"], "state": "in_progress",
                 "words": words.PROGRESS[0], "reported_at": cycle.at(REPLIED_ON_DAY + 60), "reported_by": lead_id,
                 "reported_by_name": lead.name}
            )  # fmt: skip
    return {"replies": replies, "improvement_progress": progress}
