"""How the demo's region brought in what it had before: one file of councils and awards, and its first saved filters."""

from __future__ import annotations

from dateutil.relativedelta import relativedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER, REGION
from assessment.demo.scene import opened
from assessment.queries.council_imports import get_import
from assessment.services import council_imports, saved_filters

BROUGHT_IN = "dunmarrow"
"""The council that held an award before its region used this service."""
FILENAME = "councils-and-awards.csv"
FILTERS = (("Late", "late=true"), ("On the way, longest first", "sort=-days&stage=under_way"))


def bring_in(journey: Journey) -> None:
    """The officer takes in the file, and saves two filters of the pipeline, one for every colleague."""
    scene = journey.scene
    by = scene.actor(OFFICER)
    ended = scene.today - relativedelta(years=1, months=4)
    begun = ended - relativedelta(years=3)
    days = ",".join(f"{day.day} {day:%B %Y}" for day in (begun, ended))
    text = (
        "Council,Seats,Level,Framework,Awarded on,Valid to,Certificate words\n"
        f"{journey.council.name},41,charter,{scene.usual},{days},Charter for Member Development\n"
    )
    with opened(scene.in_region()):
        kept = council_imports.keep(scene.region_id, text.encode(), FILENAME, by=by)
        council_imports.take_in(get_import(scene.region_id, kept.id, lock=True), REGION.name, invite=False, by=by)
        for number, (name, query) in enumerate(FILTERS):
            saved_filters.save(scene.region_id, "pipeline", name=name, query=query, shared=number == 1, by=by)
