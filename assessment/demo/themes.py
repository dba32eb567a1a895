"""How the demo's officer puts issued improvements under themes: most where their words suggest, some not yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.scene import Scene, opened
from assessment.queries.improvements import list_improvements
from assessment.queries.themes import list_themes
from assessment.rules.themes import suggest
from assessment.services import themes

LEFT = 4
"""Every fourth improvement of a council still waits for its theme."""


def group(journey: Journey) -> None:
    """Put this council's improvements under what is suggested first."""
    region_id, by = journey.scene.region_id, journey.scene.actor(OFFICER)
    with opened(journey.scene.in_region()):
        offered = offer(journey.scene)
        found: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for line in list_improvements(journey.accreditation_id):
            improvement = line.improvement
            theme_id = theme_of(improvement.number, f"{improvement.action}\n{improvement.reason}", offered)
            if theme_id is not None:
                found[theme_id].append(improvement.id)
        for theme_id, improvement_ids in found.items():
            themes.assign(region_id, improvement_ids, [theme_id], by=by)


def offer(scene: Scene) -> dict[UUID, list[str]]:
    """Begin from the list of the service; the words that suggest each theme. In the region's scope."""
    themes.add_starters(scene.region_id, by=scene.actor(OFFICER))
    return {theme.id: theme.words for theme in list_themes(scene.region_id)}


def theme_of(number: int, text: str, offered: Mapping[UUID, list[str]]) -> UUID | None:
    """The theme of an improvement with this number and these words; None where it still waits for one.

    What the words suggest, else one of the others in turn: the officer reads the improvement and chooses.
    """
    if number % LEFT == 0 or not offered:
        return None
    return next(iter(suggest(text, offered)), list(offered)[number % len(offered)])
