"""What every page that shows a report needs: shapes of its judgements, and how its timescales were read."""

from __future__ import annotations

from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.queries.frameworks import get_framework
from assessment.rules.marks import shape_of
from tenants.rules import timescales
from tenants.rules.action_words import words_of_reading


def reading_of(text: str) -> str:
    """How a timescale is read: "By 4 May 2017"; "" where nothing is written."""
    if not text.strip():
        return ""
    reading = timescales.read(text)
    return words_of_reading(reading.kind, reading.earliest, reading.latest)


def drawing(accreditation: Accreditation) -> dict[str, Any]:
    """For templates: `shapes` (step → shape) and `reading_of`."""
    framework = get_framework(accreditation.framework_id).tree
    return {"shapes": {step.code: shape_of(framework, step) for step in framework.scale}, "reading_of": reading_of}
