"""The plays: what happens on which day of a journey, and all councils' days played in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from assessment.demo import (
    asking,
    assessors,
    committee_papers,
    confirming,
    interim,
    libraries,
    meetings,
    mergers,
    older_template,
    onboarding,
    outcomes,
    plan_lines,
    population,
    sharing,
    signing,
    themes,
    visits,
    working_together,
)
from assessment.demo import clarifications as questions
from assessment.demo import council_work as council
from assessment.demo import region_work as region
from assessment.demo import scoring_again as scoring
from assessment.demo.journeys import Journey
from assessment.demo.places import COUNCILS, MAIN, MadeUpCouncil, Step
from assessment.demo.scene import Scene
from saas import clock

Play = Iterator[datetime]
"""Yields when its next act takes place, and does it when it is asked for the one after that."""
AWARD_MONTHS = 36
DECIDED_ON_DAY = 188
ACTS_OF_MEMBERS = 3
RETURNED = "quillbrook"
"""The council whose plan comes back once."""


@dataclass(frozen=True)
class Act:
    """Something done on a day of the journey, counted from commitment."""

    step: Step
    day: int
    do: Callable[[Journey], None]


def acts_of(journey: Journey) -> list[Act]:
    """Everything a journey is made of, in order, as far as it goes."""
    half = len(journey.requirements) // 2
    send_plan = partial(council.send, kind="plan")
    acts = [
        Act(Step.COMMITTED, 0, council.commit),
        Act(Step.COMMITTED, 4, council.fill_library),
        Act(Step.HALF_ANSWERED, 20, partial(council.answer, first=0, last=half)),
        Act(Step.NEARLY_ANSWERED, 35, partial(council.answer, first=half, last=-2)),
        Act(Step.ANSWERED, 48, partial(council.answer, first=len(journey.requirements) - 2, last=None)),
        Act(Step.PLAN_SENT, 52, send_plan),
        Act(Step.IMPROVING, 60, partial(region.decide, kind="plan")),
        Act(Step.SENT, 118, libraries.renew_policy),
        Act(Step.SENT, 120, council.improve),
        Act(Step.SENT, 128, partial(council.send, kind="readiness")),
        Act(Step.ACCEPTED, 134, partial(region.decide, kind="readiness")),
        Act(Step.ASSIGNED, 140, region.assign),
        Act(Step.ASSIGNED, 141, visits.plan),
        Act(Step.DECLARED, 143, partial(region.declare, who=0)),
        Act(Step.DECLARED, 144, partial(region.declare, who=1)),
        Act(Step.DECLARED, 145, visits.name_people),
        Act(Step.DECLARED, 146, visits.invite),
        Act(Step.SCORING, 147, questions.ask),
        Act(Step.SCORING, 150, partial(region.score, who=0, first=0, last=None)),
        Act(Step.SCORING, 151, partial(region.submit_scores, who=0)),
        Act(Step.SCORING, 151, partial(questions.answer, place=0)),
        Act(Step.SCORING, 151, partial(questions.draft, place=1)),
        Act(Step.SCORING, 152, partial(region.score, who=1, first=0, last=half)),
        Act(Step.SCORED, 154, partial(questions.answer, place=1)),
        Act(Step.SCORED, 158, partial(region.score, who=1, first=half, last=None)),
        Act(Step.SCORED, 159, partial(region.submit_scores, who=1)),
        Act(Step.SCORED, 160, visits.note_interviews),
        Act(Step.SCORED, 161, visits.hold),
        Act(Step.MODERATING, 163, region.begin_moderation),
        Act(Step.MODERATED, 164, scoring.open_again),
        Act(Step.MODERATED, 165, scoring.score_again),
        Act(Step.MODERATED, 166, region.finish_moderation),
        Act(Step.DRAFTED, 172, region.write_report),
        Act(Step.FACT_CHECK, 174, sharing.name_practice),
        Act(Step.FACT_CHECK, 176, region.open_fact_check),
        Act(Step.COMMENTED, 180, council.comment),
        Act(Step.COMMENTED, 182, region.answer_comment),
        Act(Step.DECIDED, DECIDED_ON_DAY, region.decide_outcome),
        Act(Step.RELEASED, 190, region.release),
        Act(Step.REPLIED, 215, council.reply),
        Act(Step.REPLIED, 216, sharing.decide),
        Act(Step.REPLIED, 216, themes.group),
        Act(Step.VERIFIED, 219, assessors.close_file),
        Act(Step.VERIFIED, 290, council.report_progress),
        Act(Step.VERIFIED, 295, sharing.write_up),
        Act(Step.VERIFIED, 300, region.verify),
        Act(Step.MERGED, 320, mergers.merge),
    ]
    if journey.council.slug in outcomes.AT_A_TIME:
        released = [act.do for act in acts].index(region.release)
        set_before = Act(Step.RELEASED, 189, outcomes.set_release)
        acts[released : released + 1] = [set_before, Act(Step.RELEASED, 190, outcomes.go_out)]
    if journey.outcome == "not_yet":
        replied = next(number for number, act in enumerate(acts) if act.step > Step.RELEASED)
        appealed = Act(Step.REPLIED, 196, outcomes.appeal)
        acts[replied:replied] = [appealed, Act(Step.REPLIED, 205, outcomes.decide_appeal)]
    if journey.council.slug == confirming.CONFIRMED:
        sent = [act.do for act in acts].index(send_plan)
        acts[sent:sent] = [
            Act(Step.PLAN_SENT, 49, confirming.agree),
            Act(Step.PLAN_SENT, 50, confirming.ask),
            Act(Step.PLAN_SENT, 51, confirming.confirm),
        ]
    if journey.council.slug == onboarding.BROUGHT_IN:
        acts.insert(1, Act(Step.COMMITTED, 2, onboarding.bring_in))
    if journey.until is Step.COMMITTED:
        acts.insert(1, Act(Step.COMMITTED, 1, partial(signing.sign, about="commitment", office=signing.LEADER)))
    if journey.council.slug == RETURNED:
        returned = [Act(Step.IMPROVING, 55, partial(region.decide, kind="plan", outcome="returned"))]
        changed = Act(Step.IMPROVING, 57, council.change_what_was_asked)
        acts[6:6] = [*returned, changed, Act(Step.IMPROVING, 58, send_plan)]
    if journey.cycle > 1:
        acts.insert(2, Act(Step.HALF_ANSWERED, 6, council.carry))
    if journey.council.slug == MAIN:
        acts.insert(2, Act(Step.HALF_ANSWERED, 6, working_together.share_out))
        acts.insert(2, Act(Step.HALF_ANSWERED, 5, plan_lines.look_after))
        acts.insert(5, Act(Step.HALF_ANSWERED, 21, working_together.talk))
    if journey.council.slug == MAIN:
        half_done = next(number for number, act in enumerate(acts) if act.step > Step.HALF_ANSWERED)
        acts[half_done:half_done] = [
            Act(Step.HALF_ANSWERED, 22, asking.ask),
            Act(Step.HALF_ANSWERED, 26, asking.be_answered),
            Act(Step.HALF_ANSWERED, 27, asking.take_in),
            Act(Step.HALF_ANSWERED, 27, older_template.bring_in),
            Act(Step.HALF_ANSWERED, 27, committee_papers.write),
            Act(Step.HALF_ANSWERED, 27, meetings.hold),
        ]
    if journey.until is Step.REVIEWED:
        acts += [
            Act(Step.REVIEWED, 700, interim.write),
            Act(Step.REVIEWED, 704, interim.send),
            Act(Step.REVIEWED, 725, interim.review),
        ]
    return [act for act in acts if act.step <= journey.until]


def journeys_of(scene: Scene, made_up: MadeUpCouncil) -> list[Journey]:
    """The cycles of one council, the one that ended with the award it still holds first."""
    cycles = []
    if made_up.award_left is not None:
        decided_on: date = scene.today + timedelta(made_up.award_left) - relativedelta(months=AWARD_MONTHS)
        cycles.append(Journey(scene, made_up, decided_on - timedelta(DECIDED_ON_DAY), Step.REVIEWED))
    present = Journey(scene, made_up, scene.today, made_up.until, len(cycles) + 1, made_up.outcome)
    present.begun_on = scene.today - timedelta(made_up.ago + acts_of(present)[-1].day)
    return [*cycles, present]


def begun_on(scene: Scene) -> date:
    """The day before anything happens in the whole demo."""
    return min(journey.begun_on for made_up in COUNCILS for journey in journeys_of(scene, made_up)) - timedelta(60)


def count_acts(scene: Scene, councils: tuple[MadeUpCouncil, ...]) -> int:
    """How many acts `play_all` plays."""
    journeys = [journey for made_up in councils for journey in journeys_of(scene, made_up)]
    return ACTS_OF_MEMBERS * len(councils) + sum(len(acts_of(journey)) for journey in journeys)


def play_all(scene: Scene, councils: tuple[MadeUpCouncil, ...], tell: Callable[[int], None]) -> None:
    """Play every council up to today, all in the order of time. tell: called with how many acts are done."""
    plays: list[Play] = []
    for made_up in councils:
        journeys = journeys_of(scene, made_up)
        plays.append(_lived(scene, made_up, journeys[0].begun_on))
        plays += [_played(journey) for journey in journeys]
    waiting = [(next(play), number) for number, play in enumerate(plays)]
    heapq.heapify(waiting)
    done = 0
    while waiting:
        moment, number = waiting[0]
        with clock.at(moment):
            after = next(plays[number], None)
        if after is None:
            heapq.heappop(waiting)
        else:
            heapq.heapreplace(waiting, (after, number))
        done += 1
        tell(done)


def _lived(scene: Scene, made_up: MadeUpCouncil, first_day: date) -> Play:
    """Its members: entered before it commits, changed by an election where there was one; then its shared figures."""
    yield _at(first_day - timedelta(20), 9)
    population.enter(scene, made_up)
    yield scene.moment(population.ELECTED_DAYS_AGO - 4, 9)
    population.elect(scene, made_up)
    yield scene.moment(sharing.SHARED_DAYS_AGO, 9)
    sharing.share_figures(scene, made_up)


def _played(journey: Journey) -> Play:
    hour = 9 + COUNCILS.index(journey.council) % 8
    for act in acts_of(journey):
        yield _at(journey.begun_on + timedelta(act.day), hour)
        act.do(journey)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
