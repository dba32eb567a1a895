"""The public register for other sites: as JSON, what its fields mean, and what search engines may list."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from assessment.models.awards import RegisterEntry
from assessment.rules.register import holds, state_of
from assessment.web.register import NARROWED, REASON, chosen, kept_for_a_while
from saas import clock
from saas.guard import public

blueprint = Blueprint("register_data", __name__)
FIELDS = (
    ("council", "The council’s name on the day of the award."),
    ("council_type", "What sort of council it was: county, district, unitary and so on."),
    ("county", "The area by which its region lists it, or an empty text."),
    ("region", "The regional employers’ body that made the award."),
    ("level", "The code of the level in its framework."),
    ("award", "The level in words."),
    ("framework", "The framework of the award."),
    ("awarded_on", "The day of the award."),
    ("valid_to_on", "Its last day."),
    ("held_to_on", "Its last day of grace."),
    ("held", "Whether the award is held on the day as_of."),
    ("state", "Valid, Reassessment due, Expired, Ended or Surrendered, on the day as_of."),
    ("ended_on", "The day it ended: given up, followed by another or run out, with its last day of grace. Else null."),
    ("with_conditions", "Whether it is held under conditions."),
    ("certificate", "The number of the certificate."),
    ("certificate_url", "Where the certificate can be checked."),
)
"""Name of a field of an award → what it says, in the order of the file."""
ROBOTS = """User-agent: *
Disallow: /
Allow: /register$
Allow: /register/data$
Allow: /certificates/
Allow: /static/
"""


@blueprint.get("/register.json")
@public(REASON)
def as_json() -> Response:
    """The register's rows under the same filters, with a tag that changes when they do."""
    form, entries = chosen()
    if not form.valid:
        errors = {problem.field or "": problem.message for problem in form}
        return Response(json.dumps({"errors": errors}), status=422, content_type="application/json")
    today = clock.today()
    body = {"as_of": today.isoformat(), "count": len(entries), "awards": [_plain(entry, today) for entry in entries]}
    answer = Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
    answer.add_etag()
    kept_for_a_while(answer, listed=False)
    answer.make_conditional(request)
    return answer


@blueprint.get("/register/data")
@public(REASON)
def about() -> str:
    """What the file holds, and how it is narrowed."""
    return render_template("assessment/register/data.html", fields_of=FIELDS, narrowed=NARROWED)


@blueprint.get("/robots.txt")
@public("search engines ask what they may list")
def robots() -> Response:
    """The register and certificates may be listed, and nothing else."""
    return kept_for_a_while(Response(ROBOTS, content_type="text/plain; charset=utf-8"), listed=True)


def _plain(entry: RegisterEntry, today: date) -> dict[str, Any]:
    said = {
        "council": entry.council_name,
        "council_type": entry.council_kind,
        "county": entry.county,
        "region": entry.region_name,
        "level": entry.level,
        "award": entry.level_title,
        "framework": entry.framework_title,
        "awarded_on": entry.awarded_on.isoformat(),
        "valid_to_on": entry.valid_to_on.isoformat(),
        "held_to_on": entry.grace_to_on.isoformat(),
        "held": holds(entry, today),
        "state": state_of(entry, today)[0],
        "ended_on": entry.ended_on.isoformat() if entry.ended_on else None,
        "with_conditions": entry.with_conditions,
        "certificate": entry.certificate_number,
        "certificate_url": url_for("register.certificate", number=entry.certificate_number, _external=True),
    }
    return {name: said[name] for name, _ in FIELDS}
