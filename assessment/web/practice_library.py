"""The region's library: good practice and case studies that councils share, for the region and its councils."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from marshmallow import Schema, fields, validate

from assessment.queries.practice_library import (
    about,
    get_case_study,
    list_case_studies,
    list_clippings,
    narrow,
    until,
)
from assessment.rules.case_studies import SECTIONS
from assessment.services.case_studies import paper_of
from saas.downloads import paper_response
from saas.forms import bind
from saas.guard import may, place, region_id, requires
from saas.policy import Permission
from saas.tables import csv_response

blueprint = Blueprint("practice_library", __name__)
REGION = "/regions/<region>/library"
COUNCIL = "/councils/<council>/library-of-practice"
STUDY = "/case-studies/<uuid:published_id>"
KIND = "<any(docx,pdf):kind>"
HEADINGS = ("Requirement", "Criterion", "Framework", "Title", "What they do", "Council", "Who can be asked", "Until")


class FilterForm(Schema):
    """What to look for."""

    requirement = fields.String(validate=validate.Length(max=200), metadata={"label": "Requirement or criterion"})
    words = fields.String(validate=validate.Length(max=200), metadata={"label": "Words in it"})


@blueprint.get(REGION)
@requires(Permission.REGION_READ)
def region() -> str:
    """The library, for the region."""
    return _page("practice_library.region")


@blueprint.get(COUNCIL)
@requires(Permission.COUNCIL_READ)
def council() -> str:
    """The library, for a council."""
    return _page("practice_library.council")


@blueprint.get(f"{REGION}.csv")
@requires(Permission.REGION_READ)
def region_csv() -> Response:
    """The good practice of the page as a table."""
    return _csv()


@blueprint.get(f"{COUNCIL}.csv")
@requires(Permission.COUNCIL_READ)
def council_csv() -> Response:
    """The good practice of the page as a table."""
    return _csv()


@blueprint.get(f"{REGION}{STUDY}")
@requires(Permission.REGION_READ)
def region_study(published_id: UUID) -> str:
    """A case study, for the region."""
    return _study(published_id, "practice_library.region")


@blueprint.get(f"{COUNCIL}{STUDY}")
@requires(Permission.COUNCIL_READ)
def council_study(published_id: UUID) -> str:
    """A case study, for a council."""
    return _study(published_id, "practice_library.council")


@blueprint.get(f"{REGION}{STUDY}.{KIND}")
@requires(Permission.REGION_READ)
def region_file(published_id: UUID, kind: str) -> Response:
    """A case study as Word file or PDF."""
    return _file(published_id, kind)


@blueprint.get(f"{COUNCIL}{STUDY}.{KIND}")
@requires(Permission.COUNCIL_READ)
def council_file(published_id: UUID, kind: str) -> Response:
    """A case study as Word file or PDF."""
    return _file(published_id, kind)


def _page(here: str) -> str:
    form = bind(FilterForm, request.args)
    rows = list_clippings(region_id())
    found = narrow(rows, **_asked_of(form.values)) if form.valid else []
    studies = list_case_studies(region_id(), _asked(form.values, "words"))
    return render_template(
        "assessment/practice_library/index.html",
        form=form,
        rows=found,
        total=len(rows),
        about=about,
        until=until,
        options=[(words, words) for words in sorted({about(each) for each in rows})],
        studies=studies if form.valid and not _asked(form.values, "requirement") else [],
        here=here,
        may_compare=place().kind == "region" and may(Permission.REGION_REPORT_READ),
        csv=url_for(f"{here}_csv", requirement=_typed("requirement"), words=_typed("words")),
    )


def _csv() -> Response:
    form = bind(FilterForm, request.args)
    rows = narrow(list_clippings(region_id()), **_asked_of(form.values)) if form.valid else []
    return csv_response(
        "good-practice.csv",
        HEADINGS,
        (
            (
                about(each),
                f"{each.criterion_code} {each.criterion_title}".strip(),
                each.framework_title,
                each.title,
                each.words,
                each.council_name or "Not named",
                each.contact,
                until(each),
            )
            for each in rows
        ),
    )


def _typed(name: str) -> str | None:
    return request.args.get(name) or None


def _asked(values: dict[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()


def _asked_of(values: dict[str, Any]) -> dict[str, str]:
    return {name: _asked(values, name) for name in ("requirement", "words")}


def _study(published_id: UUID, here: str) -> str:
    shared = get_case_study(region_id(), published_id)
    return render_template(
        "assessment/practice_library/case_study.html",
        shared=shared,
        document=shared.document,
        sections=SECTIONS,
        here=here,
        files=[(kind, url_for(f"{here}_file", published_id=published_id, kind=kind)) for kind in ("docx", "pdf")],
    )


def _file(published_id: UUID, kind: str) -> Response:
    shared = get_case_study(region_id(), published_id)
    return paper_response(paper_of(shared, place().region_name), shared.document["title"], kind)
