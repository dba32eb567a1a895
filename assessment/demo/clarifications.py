"""Questions in the demo: the team and the region ask, the council answers one with a paper and drafts the other."""

from __future__ import annotations

from uuid import UUID

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.region_work import team_of
from assessment.demo.scene import opened
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import Item
from assessment.queries.frameworks import get_framework
from assessment.services import clarifications

QUESTIONS = (
    "Who chairs the steering group now, and how often did it meet in the last year?",
    "The programme ends in March. Has the next one been agreed, and by whom?",
)
ANSWERS = (
    "Councillor Harker has chaired it since the annual meeting. It met four times; the paper shows what it decided.",
    "The group agreed it in draft. We will send the minute once the committee has met.",
)


def ask(journey: Journey) -> None:
    """One who scores asks about the second requirement, the region's officer about the fourth."""
    person = team_of(journey)[0]
    asking = (
        (journey.scene.in_file(journey.accreditation_id, person), person, "assessor", 1),
        (journey.scene.in_region(), OFFICER, "region", 3),
    )
    for (scope, who, asked_as, place), question in zip(asking, QUESTIONS, strict=True):
        with opened(scope):
            requirement_id = get_framework(journey.framework_id).ids[journey.requirements[place].code]
            clarifications.ask(
                get_accreditation(journey.accreditation_id),
                requirement_id,
                question=question,
                asked_as=asked_as,
                by=journey.scene.actor(who),
            )
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id)
        for item in _items(journey):
            clarifications.tell_council(accreditation, item)


def answer(journey: Journey, place: int) -> None:
    """The council sends the answer to one question; the first brings a paper of its library."""
    draft(journey, place)
    with opened(journey.council_scope):
        item = _items(journey)[place]
        kept = queries.find_draft(item.id)
        version = kept.version if kept else 0
        clarifications.answer(
            get_accreditation(journey.accreditation_id, share=True), item, version=version, by=journey.lead
        )


def draft(journey: Journey, place: int) -> None:
    """The council writes the answer to one question and keeps it."""
    with opened(journey.council_scope):
        item = _items(journey)[place]
        kept = queries.find_draft(item.id)
        clarifications.save_draft(
            get_accreditation(journey.accreditation_id, share=True),
            item,
            words=ANSWERS[place],
            version=kept.version if kept else 0,
            evidence=_papers(journey) if place == 0 else (),
            by=journey.lead,
        )


def _items(journey: Journey) -> list[Item]:
    return queries.list_for(journey.accreditation_id)


def _papers(journey: Journey) -> list[UUID]:
    return [paper.id for paper in queries.list_files_to_attach(journey.council_id)[:1]]
