"""What the demo's moderation opens once more: one requirement on which the assessors differ is scored again."""

from __future__ import annotations

from assessment.demo import words
from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.region_work import team_of
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import score_reopenings


def open_again(journey: Journey) -> None:
    """The region opens the last requirement in dispute, with the reason."""
    with opened(journey.scene.in_region()):
        score_reopenings.reopen(
            get_accreditation(journey.accreditation_id, lock=True),
            get_framework(journey.framework_id).ids[_code(journey)],
            reason=words.SCORED_AGAIN,
            by=journey.scene.actor(OFFICER),
        )


def score_again(journey: Journey) -> None:
    """The second assessor gives a new score, beside the first."""
    person = team_of(journey)[1]
    code = _code(journey)
    step = journey.found_steps[code]
    with opened(journey.scene.in_file(journey.accreditation_id, person)):
        score_reopenings.score_again(
            journey.accreditation_id,
            code,
            judgement=step,
            reason=words.SEEN_AGAIN,
            improvement="" if step == "met" else words.SEEN_AGAIN,
            version=1,
            by=journey.scene.actor(person),
        )


def _code(journey: Journey) -> str:
    return next(each.code for each in reversed(journey.requirements) if each.code in journey.disputed)
