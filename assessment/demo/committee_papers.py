"""The demo's main council takes its self-assessment to a committee, and its papers carry logos."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image, ImageDraw

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from saas import clock
from tenants.services import committee_papers, logos
from tenants.services.committee_papers import IMPLICATIONS

IMPLIED = (
    "There is no cost beyond the budget that the Council has set.",
    "There are none.",
    "Sessions are offered in the evening too, and nobody is kept away by work, care or a disability.",
    "Without a plan the Council may miss the day it has set itself.",
)
BACKGROUND = (
    "The Council committed to the Charter this year. Officers and councillors have begun to answer its requirements."
)
RECOMMENDATIONS = ("Note how far the self-assessment is.", "Ask the steering group to report again in the spring.")
COUNCIL_COLOUR, REGION_COLOUR = "#1f5c3a", "#0a5c5c"


def write(journey: Journey) -> None:
    """The lead writes the cover and puts a logo on papers; the region has one as well."""
    with opened(journey.scene.in_region()):
        region = logos.place_of("region", journey.scene.region_id, journey.scene.region_id)
        logos.set_logo(region, _drawn(REGION_COLOUR), by=journey.scene.actor(OFFICER))
    with opened(journey.council_scope):
        council = logos.place_of("council", journey.council_id, journey.scene.region_id)
        logos.set_logo(council, _drawn(COUNCIL_COLOUR), by=journey.lead)
        accreditation = get_accreditation(journey.accreditation_id)
        cover = committee_papers.begin_cover(
            journey.council_id,
            subject="self_assessment",
            subject_id=accreditation.id,
            title="Member Development Charter: our self-assessment so far",
            by=journey.lead,
        )
        committee_papers.save_cover(
            cover,
            version=cover.version,
            title=cover.title,
            committee="Standards Committee",
            meets_on=clock.today() + timedelta(days=21),
            author="Head of Democratic Services",
            purpose=cover.purpose,
            background=BACKGROUND,
            recommendations=RECOMMENDATIONS,
            implications=list(zip(IMPLICATIONS, IMPLIED, strict=True)),
            by=journey.lead,
        )


def _drawn(colour: str) -> bytes:
    """Hills under a sky, in one colour."""
    picture = Image.new("RGB", (480, 160), "white")
    drawing = ImageDraw.Draw(picture)
    for left, height in ((0, 90), (130, 130), (270, 70)):
        drawing.polygon([(left, 160), (left + 100, 160 - height), (left + 200, 160)], fill=colour)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
