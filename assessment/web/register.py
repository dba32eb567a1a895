"""The public register of awards, and the check of one certificate."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.awards import RegisterEntry
from assessment.queries.register import HELD, PAST, find_entry, list_choices, list_entries
from assessment.rules.certificates import read_number
from assessment.rules.register import holds, state_of
from saas import clock
from saas.downloads import PDF, file_response
from saas.errors import Conflict, NotFound
from saas.forms import Bound, bind
from saas.guard import public
from saas.papers import render_pdf
from saas.tables import csv_response
from saas.templating import day
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("register", __name__)
HEADINGS = (
    "Region",
    "Council",
    "Type",
    "County",
    "Award",
    "Framework",
    "Awarded on",
    "Valid to",
    "State",
    "Ended on",
    "Conditions",
    "Certificate",
)
NARROWED = ("words", "county", "level", "of", "state")
PAGE_ROWS = 100
KEPT_SECONDS = 300
NOON = 12
REASON = "the register of awards is public"


class FilterForm(Schema):
    """What the register can be narrowed by."""

    words = fields.String(validate=validate.Length(max=100), metadata={"label": "Council or certificate number"})
    county = fields.String(validate=validate.Length(max=200), metadata={"label": "County"})
    level = fields.String(validate=validate.Length(max=100), metadata={"label": "Level"})
    of = fields.UUID(metadata={"label": "Region"})
    state = fields.String(validate=validate.OneOf([HELD, PAST]), metadata={"label": "State"})
    page = fields.Integer(validate=validate.Range(min=1))


class NumberForm(Schema):
    """The number of a certificate that somebody was shown."""

    number = fields.String(
        validate=validate.Length(max=40),
        metadata={"label": "Certificate number", "quiet": True, "hint": "For example, BCDF-GHJK-2345"},
    )


@blueprint.get("/register")
@public(REASON)
def show() -> Response:
    """Awards by region."""
    form, entries = chosen()
    narrowing = {name: form.typed(name) for name in NARROWED if form.typed(name)}
    pages = max(1, -(-len(entries) // PAGE_ROWS))
    page = min((form.values.get("page") if form.valid else None) or 1, pages)
    page_of = render_template(
        "assessment/register/show.html",
        filter=form,
        choices=list_choices(),
        entries=[(each, state_of(each, clock.today())) for each in entries[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]],
        total=len(entries),
        page=page,
        pages=pages,
        today=clock.today(),
        csv=f"{url_for('register.download')}?{urlencode(narrowing)}",
        json=f"{url_for('register_data.as_json')}?{urlencode(narrowing)}",
    )
    return kept_for_a_while(Response(page_of), listed=not narrowing)


@blueprint.get("/register.csv")
@public(REASON)
def download() -> Response:
    """The same rows as a file."""
    rows = [
        (
            entry.region_name,
            entry.council_name,
            KIND_LABELS.get(entry.council_kind, ""),
            entry.county,
            entry.level_title,
            entry.framework_title,
            entry.awarded_on.isoformat(),
            entry.valid_to_on.isoformat(),
            state_of(entry, clock.today())[0],
            entry.ended_on.isoformat() if entry.ended_on else "",
            "With conditions" if entry.with_conditions else "",
            entry.certificate_number,
        )
        for entry in chosen()[1]
    ]
    return kept_for_a_while(csv_response("register.csv", HEADINGS, rows), listed=False)


@blueprint.get("/certificates")
@public(REASON)
def check() -> BaseResponse | str:
    """Ask for a certificate's number, and go to what is known of it."""
    form = bind(NumberForm, request.args)
    if form.valid and form.values["number"]:
        number = form.values["number"].replace("/", " ").strip(" .")
        if number:
            return redirect(url_for("register.certificate", number=read_number(number) or number), 303)
    if form.valid and "number" in request.args:
        form.add_error("number", "Enter the number that stands on the certificate.")
    return render_template("assessment/register/check.html", form=form)


@blueprint.get("/certificates/<number>")
@public(REASON)
def certificate(number: str) -> BaseResponse | str | tuple[str, int]:
    """Whether a certificate is valid, until when, or since when not."""
    wanted = read_number(number)
    if wanted is not None and wanted != number:
        return redirect(url_for("register.certificate", number=wanted), 303)
    entry = find_entry(wanted) if wanted else None
    if entry is None:
        form = Bound.empty(NumberForm, {"number": number[:40]})
        return render_template("assessment/register/unknown.html", number=number[:40], box=form), 404
    return render_template(
        "assessment/register/certificate.html",
        entry=entry,
        state=state_of(entry, clock.today()),
        held=holds(entry, clock.today()),
        today=clock.today(),
        region_name=entry.region_name,
    )


@blueprint.get("/certificates/<number>/certificate.pdf")
@public(REASON)
def paper(number: str) -> Response:
    """The certificate as a document to keep, while the award is held."""
    entry = find_entry(number)
    if entry is None:
        raise NotFound
    if not holds(entry, clock.today()):
        raise Conflict("This award is no longer held, so there is no certificate to download.")
    address = f"{current_app.config['CHARTERWAY'].base_url}{url_for('register.certificate', number=number)}"
    return file_response(render_pdf("certificate", certificate_data(entry, address)), f"Certificate {number}.pdf", PDF)


def certificate_data(entry: RegisterEntry, address: str) -> dict[str, Any]:
    """What the certificate's paper says; the same entry gives the same bytes."""
    return {
        "title": f"Certificate {entry.certificate_number}",
        "council": entry.council_name,
        "region": entry.region_name,
        "created": datetime.combine(entry.awarded_on, time(NOON), UTC),
        "accent": entry.accent,
        "award": entry.level_title,
        "framework": entry.framework_title,
        "awarded_on": day(entry.awarded_on),
        "valid_to": day(entry.valid_to_on),
        "conditions": "under conditions that the region set" if entry.with_conditions else "",
        "number": entry.certificate_number,
        "address": address,
    }


def chosen() -> tuple[Bound, list[RegisterEntry]]:
    """The filter as typed, and what it leaves; a filter that cannot be read leaves everything."""
    form = bind(FilterForm, request.args)
    typed: dict[str, Any] = dict(form.values) if form.valid else {}
    return form, list_entries(
        today=clock.today(),
        words=typed.get("words", ""),
        region=typed.get("of"),
        state=typed.get("state", ""),
        county=typed.get("county", ""),
        level=typed.get("level", ""),
    )


def kept_for_a_while(answer: Response, *, listed: bool) -> Response:
    """Let caches keep a public answer for five minutes. listed: whether search engines may list it."""
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    if not listed:
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
