"""Case studies of a council: written, looked at as others would read them, shared and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.sharing import CaseStudy
from assessment.queries import case_studies as queries
from assessment.rules.case_studies import (
    LONGEST_CONTACT,
    LONGEST_QUOTE,
    LONGEST_SECTION,
    LONGEST_TITLE,
    LONGEST_WHO,
    MOST_QUOTES,
    SECTIONS,
    lacking,
    quotes_of,
)
from assessment.services import case_studies as services
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, may, place, place_id, region_id, requires
from saas.policy import Permission

blueprint = Blueprint("case_studies", __name__)
PAGE = "/councils/<council>/case-studies"
ONE = f"{PAGE}/<uuid:case_study_id>"
WHO = "your council and, once you share it, your region and every council in it"
PLACES = range(1, MOST_QUOTES + 1)
HINTS = {
    "at_a_glance": "What you did, why, and what came of it, in a few sentences.",
    "for_councillors": "What councillors can do now, or have.",
    "for_council": "What the council gains.",
    "for_communities": "What people in your area notice.",
}


def _quote_fields() -> dict[str, fields.Field]:
    made: dict[str, fields.Field] = {}
    for at in PLACES:
        of = {"quiet": True}
        made[f"quote_{at}"] = fields.String(
            validate=validate.Length(max=LONGEST_QUOTE), metadata={"label": "Their words", "who": WHO, **of}
        )
        made[f"who_{at}"] = fields.String(
            validate=validate.Length(max=LONGEST_WHO),
            metadata={
                "label": "Who said it",
                "hint": "As it should stand there, for example “Group leader”.",
                "who": WHO,
                **of,
            },
        )
        made[f"consented_on_{at}"] = fields.Date(
            metadata={"label": "Day on which this person agreed", "who": "your council alone", **of}
        )
    return made


class StudyText(Schema):
    """The texts of a case study."""

    version = fields.Integer(load_default=0, validate=validate.Range(min=0))
    title = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_TITLE),
        metadata={"label": "Title", "required": "Enter a title.", "who": WHO},
    )
    contact = fields.String(
        validate=validate.Length(max=LONGEST_CONTACT),
        metadata={
            "label": "Who can be asked",
            "hint": "A post or a shared mailbox rather than a person.",
            "who": WHO,
            "quiet": True,
        },
    )


SECTION_FIELDS: dict[str, fields.Field] = {
    name: fields.String(
        validate=validate.Length(max=LONGEST_SECTION),
        metadata={"label": heading, "hint": HINTS[name], "who": WHO, "quiet": True},
    )
    for name, heading in SECTIONS
}
StudyForm = StudyText.from_dict({**SECTION_FIELDS, **_quote_fields()}, name="StudyForm")


class VersionForm(Schema):
    """The version that was seen."""

    version = fields.Integer(required=True)


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def index() -> str:
    """Every case study with whether it is shared."""
    return render_template(
        "assessment/case_studies/index.html", rows=queries.list_own(place_id()), may_write=may(Permission.ANSWER_WRITE)
    )


@blueprint.get(f"{PAGE}/new")
@requires(Permission.ANSWER_WRITE)
def show_write() -> str:
    """An empty form."""
    return _form(Bound.empty(StudyForm, {"version": 0}), None)


@blueprint.post(f"{PAGE}/new")
@requires(Permission.ANSWER_WRITE)
def write() -> Response | tuple[str, int]:
    """Begin a case study."""
    form = bind(StudyForm, request.form)
    texts, quotes = _typed(form)
    if form.valid:
        try:
            study = services.write(place_id(), texts=texts, quotes=quotes, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("Saved. This is how others would read it.", "success")
            return redirect(url_for("case_studies.show", case_study_id=study.id), 303)
    return _form(form, None), 422


@blueprint.get(ONE)
@requires(Permission.ACCREDITATION_READ)
def show(case_study_id: UUID) -> str:
    """As others would read it, what it lacks, and what is shared."""
    study = queries.get_own(place_id(), case_study_id)
    document = services.document_of(study)
    shared = queries.find_shared(study)
    return render_template(
        "assessment/case_studies/show.html",
        study=study,
        document=document,
        sections=SECTIONS,
        shared=shared,
        is_same=shared is not None and shared.document == document,
        lacking=lacking(document),
        may_write=may(Permission.ANSWER_WRITE),
        may_decide=may(Permission.SHARING_DECIDE),
    )


@blueprint.get(f"{ONE}/edit")
@requires(Permission.ANSWER_WRITE)
def edit(case_study_id: UUID) -> str:
    """The form with what is there."""
    study = queries.get_own(place_id(), case_study_id)
    initial: dict[str, Any] = {name: getattr(study, name) for name in services.TEXTS} | {"version": study.version}
    for at, quote in zip(PLACES, study.quotes, strict=False):
        initial[f"quote_{at}"], initial[f"who_{at}"] = quote["words"], quote["who"]
        agreed = quote["consented_on"]
        initial[f"consented_on_{at}"] = date.fromisoformat(agreed) if agreed else None
    return _form(Bound.empty(StudyForm, initial), study)


@blueprint.post(f"{ONE}/edit")
@requires(Permission.ANSWER_WRITE)
def change(case_study_id: UUID) -> Response | tuple[str, int]:
    """Save what was typed; what somebody else saved since stands beside it."""
    study, form = queries.get_own(place_id(), case_study_id, lock=True), bind(StudyForm, request.form)
    texts, quotes = _typed(form)
    if form.valid:
        try:
            services.change(study, texts=texts, quotes=quotes, version=form.values["version"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict:
            return _both(study, form), 409
        else:
            flash("Saved. What is shared stays as it was until you share it again.", "success")
            return redirect(url_for("case_studies.show", case_study_id=study.id), 303)
    return _form(form, study), 422


@blueprint.post(f"{ONE}/share")
@requires(Permission.SHARING_DECIDE)
def share(case_study_id: UUID) -> Response:
    """Share it as it was seen."""
    study = queries.get_own(place_id(), case_study_id, lock=True)
    services.publish(study, region_id=region_id(), council_name=place().name, version=_version(), by=actor())
    flash("Your region and its councils can read it now.", "success")
    return redirect(url_for("case_studies.show", case_study_id=study.id), 303)


@blueprint.post(f"{ONE}/take-back")
@requires(Permission.SHARING_DECIDE)
def take_back(case_study_id: UUID) -> Response:
    """Take it back."""
    study = queries.get_own(place_id(), case_study_id, lock=True)
    services.take_back(study, by=actor())
    flash("It was taken back. Nobody outside your council sees it from now on.", "success")
    return redirect(url_for("case_studies.show", case_study_id=study.id), 303)


@blueprint.get(f"{ONE}/delete")
@requires(Permission.SHARING_DECIDE)
def confirm_removal(case_study_id: UUID) -> str:
    """What deleting it will do."""
    study = queries.get_own(place_id(), case_study_id)
    return render_template("assessment/case_studies/remove.html", study=study)


@blueprint.post(f"{ONE}/delete")
@requires(Permission.SHARING_DECIDE)
def remove(case_study_id: UUID) -> Response:
    """Delete it."""
    services.remove(queries.get_own(place_id(), case_study_id, lock=True), version=_version(), by=actor())
    flash("The case study was deleted.", "success")
    return redirect(url_for("case_studies.index"), 303)


def _version() -> int:
    form = bind(VersionForm, request.form)
    if not form.valid:
        raise Conflict("Open the page again before you decide.")
    return int(form.values["version"])


def _typed(form: Bound) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The texts, and the quotes; what is wrong with a quote stands beside it."""
    if not form.valid:
        return {}, []
    values = form.values
    quotes, wrong = quotes_of(
        [(values[f"quote_{at}"] or "", values[f"who_{at}"] or "", values[f"consented_on_{at}"]) for at in PLACES],
        clock.today(),
    )
    texts = {name: values[name] or "" for name in services.TEXTS}
    for at, (part, words) in wrong.items():
        form.add_error(f"{part}_{at + 1}", words)
    return texts, quotes


def _form(form: Bound, study: CaseStudy | None) -> str:
    return render_template(
        "assessment/case_studies/edit.html", form=form, study=study, sections=SECTIONS, places=list(PLACES)
    )


def _both(study: CaseStudy, form: Bound) -> str:
    return render_template(
        "assessment/case_studies/conflict.html",
        study=study,
        pairs=[
            {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": getattr(study, name)}
            for name in services.TEXTS
        ],
        hidden=dict(_quotes_typed(form)),
        quotes=study.quotes,
    )


def _quotes_typed(form: Bound) -> Iterable[tuple[str, str]]:
    for at in PLACES:
        for name in (f"quote_{at}", f"who_{at}"):
            yield name, form.typed(name)
        agreed = form.values[f"consented_on_{at}"]
        for part in ("day", "month", "year") if agreed else ():
            yield f"consented_on_{at}-{part}", str(getattr(agreed, part))
