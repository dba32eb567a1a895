"""What the demo's region and its assessors do: decide, assign, declare, score, moderate, report, award, verify."""

from __future__ import annotations

from assessment.demo import words
from assessment.demo.journeys import Journey
from assessment.demo.places import ASSESSORS, COUNCILS, DECIDER, HOMES, OFFICER, SignIn
from assessment.demo.scene import opened
from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import get_framework
from assessment.queries.improvements import list_improvements
from assessment.queries.moderations import list_moderations
from assessment.queries.reports import find_draft, list_versions
from assessment.queries.submissions import find_latest
from assessment.rules import teams
from assessment.services import (
    assignments,
    awards,
    decisions,
    fact_checks,
    improvements,
    interests,
    moderations,
    readiness,
    reports,
    scores,
)
from assessment.services.assignments import Asked
from saas import clock, jobs

MOST_PROPOSED = 8
"""Improvements a report ends up with."""


def team_of(journey: Journey) -> tuple[SignIn, SignIn]:
    """Councillor and officer who score: nobody assesses his or her own council, nor the one that assesses theirs."""
    first, second = ASSESSORS[:2], ASSESSORS[2:]
    homes = {HOMES[person] for person in first}
    return second if journey.council.name in homes or COUNCILS.index(journey.council) % 4 == 1 else first


def decide(journey: Journey, kind: str, outcome: str = "accepted") -> None:
    """Accept what was sent, or return it with the reason and the requirements that are to be changed."""
    returned = outcome == "returned"
    reason = words.RETURN_REASON if returned else ""
    named = dict(zip(journey.asked_again, words.ASKED_FOR, strict=True)) if returned else {}
    with opened(journey.scene.in_region()):
        submission = find_latest(journey.accreditation_id, kind)
        if submission is None:
            raise RuntimeError(f"{journey.council.name}: nothing was sent")
        readiness.decide(
            _accreditation(journey),
            submission,
            outcome=outcome,
            reason=reason,
            named=named,
            words=named,
            by=journey.scene.actor(OFFICER),
        )


def assign(journey: Journey) -> None:
    """Two score, a councillor and an officer; the region's officer leads."""
    councillor, officer = team_of(journey)
    chosen = {"councillor": councillor, "officer": officer, "regional": OFFICER}
    with opened(journey.scene.in_region()):
        accreditation = _accreditation(journey)
        asked = {}
        for place in teams.places(process_of(accreditation)):
            person = chosen[place.capacity]
            asked[place.key] = Asked(journey.scene.users[person.email], HOMES.get(person, ""))
        assignments.assign(accreditation, asked, by=journey.scene.actor(OFFICER))


def declare(journey: Journey, who: int) -> None:
    """One of the two says that there is no interest; the file opens."""
    person = team_of(journey)[who]
    with opened(journey.scene.in_file(journey.accreditation_id, person)):
        own = get_own(journey.accreditation_id, journey.scene.users[person.email], lock=True)
        interests.declare(own, interest="none", words="", by=journey.scene.actor(person))


def score(journey: Journey, who: int, first: int, last: int | None) -> None:
    """One of the two scores the requirements from place `first` up to `last`."""
    person = team_of(journey)[who]
    chance = journey.chance("score", who, first)
    with opened(journey.scene.in_file(journey.accreditation_id, person)):
        for requirement in journey.requirements[first:last]:
            step = journey.found_steps[requirement.code]
            if who == 1 and requirement.code in journey.disputed:
                step = "partly_met" if step == "met" else "not_met"
            met = step == "met"
            scores.save(
                journey.accreditation_id,
                requirement.code,
                judgement=step,
                reason=chance.choice(words.AGREES if met else words.DOUBTS),
                strength=words.about(chance, words.STRENGTHS, requirement.title)
                if met and chance.random() < 0.3
                else "",
                improvement=words.about(chance, words.IMPROVEMENTS, requirement.title)
                if not met or chance.random() < 0.12
                else "",
                note=chance.choice(words.NOTES),
                version=0,
                by=journey.scene.actor(person),
            )


def submit_scores(journey: Journey, who: int) -> None:
    """One of the two submits for good."""
    person = team_of(journey)[who]
    with opened(journey.scene.in_file(journey.accreditation_id, person)):
        scores.submit(journey.accreditation_id, by=journey.scene.actor(person))


def begin_moderation(journey: Journey) -> None:
    """Lay the scores side by side, let stand what both say, and agree on the first two of the rest."""
    with opened(journey.scene.in_region()):
        moderations.begin(_accreditation(journey), by=journey.scene.actor(OFFICER))
    with opened(journey.scene.in_region()):
        moderations.agree_all(_accreditation(journey), by=journey.scene.actor(OFFICER))
    _moderate(journey, 2)


def finish_moderation(journey: Journey) -> None:
    """Agree on what is left and go on to the report."""
    _moderate(journey, None)
    with opened(journey.scene.in_region()):
        moderations.finish(_accreditation(journey), by=journey.scene.actor(OFFICER))


def _moderate(journey: Journey, most: int | None) -> None:
    chance = journey.chance("moderate", most)
    ids = get_framework(journey.framework_id).ids
    with opened(journey.scene.in_region()):
        accreditation = _accreditation(journey)
        known = list_moderations(accreditation.id)
        for requirement in [each for each in journey.requirements if ids[each.code] not in known][:most]:
            moderations.moderate(
                accreditation,
                ids[requirement.code],
                judgement=journey.found_steps[requirement.code],
                reason=chance.choice(words.MODERATED),
                by=journey.scene.actor(OFFICER),
            )


def write_report(journey: Journey) -> None:
    """Begin from what was agreed, write the summary, and give each improvement its timescale."""
    chance, by = journey.chance("report"), journey.scene.actor(OFFICER)
    with opened(journey.scene.in_region()):
        draft = reports.begin(journey.accreditation_id, by=by)
    with opened(journey.scene.in_region()):
        proposed = [
            {
                **item,
                "reason": chance.choice(words.DOUBTS),
                "timescale": words.timescale(chance.choice(words.TIMESCALES), clock.today().year),
            }
            for item in draft.improvements[:MOST_PROPOSED]
        ]
        reports.save(
            journey.accreditation_id,
            summary=words.SUMMARY.format(council=journey.council.name),
            improvements=proposed,
            version=draft.version,
            by=by,
        )


def open_fact_check(journey: Journey) -> None:
    """Give the report to the council for its facts."""
    with opened(journey.scene.in_region()):
        draft = find_draft(journey.accreditation_id)
        version = draft.version if draft else 0
        fact_checks.open_fact_check(journey.accreditation_id, version=version, by=journey.scene.actor(OFFICER))


def answer_comment(journey: Journey) -> None:
    """Work in what the council corrected, where it did, and say so."""
    wanted, by = journey.accreditation_id, journey.scene.actor(OFFICER)
    with opened(journey.scene.in_region()):
        waiting = [each for version in list_versions(wanted) for each in version.unresolved]
        draft = find_draft(wanted)
        if waiting and draft is not None:
            summary = f"{draft.summary} {words.CORRECTED.format(members=journey.council.members)}"
            reports.save(wanted, summary=summary, version=draft.version, by=by)
        for each in waiting:
            fact_checks.answer_comment(wanted, each.comment.id, words=words.COMMENT_ANSWER, changed=True, by=by)


def decide_outcome(journey: Journey) -> None:
    """Somebody who neither led nor scored decides, as the award rule proposes."""
    with opened(journey.scene.in_region(DECIDER)):
        told = words.NOT_YET if journey.outcome == "not_yet" else ""
        decisions.decide(journey.accreditation_id, outcome=journey.outcome, words=told, by=journey.scene.actor(DECIDER))


def release(journey: Journey) -> None:
    """Issue the report and make the award; the council's plan takes the improvements in."""
    with opened(journey.scene.in_region()):
        awards.release(journey.accreditation_id, by=journey.scene.actor(OFFICER))
    jobs.run_all()


def verify(journey: Journey) -> None:
    """Verify one of the improvements the council says are done."""
    with opened(journey.scene.in_region()):
        claimed = [
            line.improvement.number
            for line in list_improvements(journey.accreditation_id)
            if line.progress is not None and line.progress.state == "claimed_complete"
        ]
        for number in claimed[:1]:
            improvements.conclude(journey.accreditation_id, number, ending="verified", by=journey.scene.actor(OFFICER))


def _accreditation(journey: Journey) -> Accreditation:
    return get_accreditation(journey.accreditation_id, lock=True)
