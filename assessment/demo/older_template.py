"""The demo's main council has answered some requirements before, in a table of its own, and brings that in."""

from __future__ import annotations

from assessment.demo.journeys import Journey
from assessment.demo.papers import workbook
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from assessment.queries.self_assessment_imports import get_self_assessment_import
from assessment.rules.template_rows import LEFT_OUT
from assessment.services import self_assessment_imports, self_assessment_readings
from tenants.rules import import_columns

FILENAME = "self-assessment-so-far.xlsx"
HEADINGS = ("Area", "Requirements", "Our story", "Action", "By when", "By whom")
STORY = "Our story"
"""A heading that nobody else uses; the lead says that it is the evidence."""
TOLD = (
    "Every new member is asked for a wish within the first month, and the answers shape the programme.",
    "A page on the intranet lists what is offered, and members book there themselves.",
    "Members who work in the day were asked which hours suit them.",
)
FURTHER = ("Put the page on the public site as well", "Before the summer", "Democratic Services")


def bring_in(journey: Journey) -> None:
    """Read the workbook, say what its columns mean, leave one row out, and take the rest in as drafts to confirm."""
    wanted = journey.requirements[-len(TOLD) :]
    rows = [
        ("", f"{each.code} {each.title}", text, *(FURTHER if number == 1 else ("None", "", "")))
        for number, (each, text) in enumerate(zip(wanted, TOLD, strict=True))
    ]
    content = workbook([HEADINGS, *rows, ("", "A heading of our own", "Nothing yet.", "None", "", "")], "Charter")
    by = journey.lead
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        read = self_assessment_readings.keep(accreditation, content, FILENAME, by=by)
        kept = get_self_assessment_import(accreditation, read.id, lock=True)
        meanings = {
            group.field(place["at"]): "evidence"
            for group in import_columns.groups(kept.columns)
            for place in group.columns
            if place["heading"] == STORY
        }
        self_assessment_readings.correct_columns(accreditation, kept, meanings, by=by)
        said = {len(wanted): LEFT_OUT} | {at: each.code for at, each in enumerate(wanted)}
        self_assessment_readings.choose(accreditation, kept, said)
        self_assessment_imports.take_in(accreditation, kept, {}, by=by)
