"""What councils of the demo share: good practice of their reports, a case study, and figures for comparisons."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER, MadeUpCouncil, Step, lead_of
from assessment.demo.scene import Scene, opened
from assessment.queries import benchmarks as figures
from assessment.queries.good_practice import get_named, list_named
from assessment.queries.reports import find_draft
from assessment.rules.case_studies import quotes_of
from assessment.rules.reports import practice
from assessment.services import benchmarks, case_studies, good_practice, reports
from saas import clock

SHARED_DAYS_AGO = 3
KEEP_THEIRS = ("dunmarrow", "brindlemouth")
"""Councils that share no figure yet."""
AFTER_AN_AWARD = ("caddowell", "orrowdale")
"""Councils that write up what worked; the second has shared it."""
MEASURES = ("members_in_office", "members_in_group", "evidence_in_force")
NAMED = (
    "New members have a colleague from another ward who answers their questions for a year.",
    "After each session three questions go round, and the next session changes with the answers.",
    "The chair reports to the full council each May what was learned and what it cost.",
)
TITLES = ("A colleague for the first year", "Three questions after each session", "A report each May")
STUDY = {
    "title": "Evening learning that people come to",
    "at_a_glance": (
        "Sessions began at two in the afternoon, and who works stayed away. They now begin at six, last an hour, and"
        " can be joined from home. Attendance rose from a third to more than half."
    ),
    "for_councillors": "Nobody has to choose between work and learning. What was missed can be watched.",
    "for_council": "A full room costs as much as an empty one. Outside speakers are booked for fewer dates.",
    "for_communities": "Committees ask better questions, and residents get answers at the first meeting.",
    "contact": "The democratic services team",
}
SAID = ("I had never been to one before. Now I have missed one in a year.", "A councillor in full-time work")


def name_practice(journey: Journey) -> None:
    """The report names two things that others should hear of."""
    chance, by = journey.chance("practice"), journey.scene.actor(OFFICER)
    chosen = sorted(chance.sample(range(len(NAMED)), 2))
    codes = sorted(chance.sample([each.code for each in journey.requirements], 2))
    with opened(journey.scene.in_region()):
        draft = find_draft(journey.accreditation_id)
        if draft is not None:
            entries = [practice(text=NAMED[at], requirement_code=code) for at, code in zip(chosen, codes, strict=True)]
            wanted = [*draft.good_practice, *entries]
            reports.save(journey.accreditation_id, good_practice=wanted, version=draft.version, by=by)


def decide(journey: Journey) -> None:
    """The council shares the first thing, mostly under its name, and keeps the second or leaves it for later."""
    chance = journey.chance("sharing")
    with opened(journey.council_scope):
        waiting = [each for each in list_named(journey.council_id) if each.clipping is None]
        own = [each for each in waiting if each.practice.accreditation_id == journey.accreditation_id]
        for at, found in enumerate(own):
            named = get_named(journey.council_id, found.practice.id, lock=True)
            if at == 0 and not good_practice.why_not(named):
                words = named.practice.words
                good_practice.share(
                    named,
                    title=TITLES[NAMED.index(words)] if words in NAMED else named.requirement_title,
                    words=words,
                    is_named=chance.random() < 0.7,
                    contact="The democratic services team",
                    version=0,
                    by=journey.lead,
                )
            elif at and chance.random() < 0.5:
                good_practice.decline(named, version=0, by=journey.lead)


def write_up(journey: Journey) -> None:
    """A case study, with a quote whose speaker agreed."""
    if journey.council.slug not in AFTER_AN_AWARD or journey.outcome != "awarded":
        return
    agreed = clock.today() - timedelta(days=10)
    quotes, _ = quotes_of([(*SAID, agreed)], clock.today())
    with opened(journey.council_scope):
        study = case_studies.write(journey.council_id, texts=STUDY, quotes=quotes, by=journey.lead)
        if journey.council.slug == AFTER_AN_AWARD[-1]:
            case_studies.publish(
                study,
                region_id=journey.scene.region_id,
                council_name=journey.council.name,
                version=study.version,
                by=journey.lead,
            )


def share_figures(scene: Scene, made_up: MadeUpCouncil) -> None:
    """The council lets its figures of this year count, but for those that share none."""
    if made_up.slug in KEEP_THEIRS or made_up.until is Step.MERGED:
        return
    lead = lead_of(made_up.slug)
    council_id = scene.councils[made_up.slug]
    with opened(scene.in_council(made_up.slug, lead)):
        now = figures.own_figures(council_id)
        size = figures.size_of(council_id, now)
        for code in MEASURES:
            if now[code].denominator:
                benchmarks.share(council_id, scene.region_id, now[code], size, by=scene.actor(lead))
