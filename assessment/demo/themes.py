"""How the demo's officer puts issued improvements under themes: most where their words suggest, some not yet."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.scene import opened
from assessment.queries.improvements import list_improvements
from assessment.queries.themes import list_themes
from assessment.rules.themes import suggest
from assessment.services import themes

LEFT = 4
"""Every fourth improvement of a council still waits for its theme."""


def group(journey: Journey) -> None:
    """Begin from the list of the service, then put this council's improvements under what is suggested first."""
    region_id, by = journey.scene.region_id, journey.scene.actor(OFFICER)
    with opened(journey.scene.in_region()):
        themes.add_starters(region_id, by=by)
        offered = {theme.id: theme.words for theme in list_themes(region_id)}
        found: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for line in list_improvements(journey.accreditation_id):
            improvement = line.improvement
            if improvement.number % LEFT == 0:
                continue
            for theme_id in suggest(f"{improvement.action}\n{improvement.reason}", offered)[:1]:
                found[theme_id].append(improvement.id)
        for theme_id, improvement_ids in found.items():
            themes.assign(region_id, improvement_ids, [theme_id], by=by)
