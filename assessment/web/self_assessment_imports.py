"""Bringing in a self-assessment: a document, what it says of each requirement beside ours, take in, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.self_assessment_imports import (
    find_taken_in_before,
    get_self_assessment_import,
    list_self_assessment_imports,
)
from assessment.rules import stages, template_columns
from assessment.rules.stages import Stage
from assessment.rules.template_choices import CHOICES, Choice
from assessment.rules.template_rows import LEFT_OUT
from assessment.services import self_assessment_imports as services
from assessment.services import self_assessment_readings as readings
from assessment.services.answers import refuse_at_rest
from saas import uploads
from saas.errors import Conflict, Invalid
from saas.forms import Bound, Upload, bind
from saas.guard import actor, may, requires
from saas.policy import Permission
from saas.templating import plural
from tenants.models.imports import Import
from tenants.rules import import_columns
from tenants.rules.import_columns import Group

blueprint = Blueprint("self_assessment_imports", __name__)
uploads.read_whole(blueprint, "upload")
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>/import"
PAGE = HOME + "/<uuid:import_id>"
TYPES = ".docx,.xlsx,.pdf,.csv"


class DocumentForm(Schema):
    """A document with a self-assessment."""

    file = Upload(required=True, metadata={"label": "Document", "who": "your council only", "accept": TYPES})


@blueprint.get(HOME)
@requires(Permission.ANSWER_WRITE)
def new(accreditation_id: UUID) -> str:
    """Ask for the document."""
    return _new_page(get_accreditation(accreditation_id), Bound.empty(DocumentForm))


def _new_page(accreditation: Accreditation, form: Bound) -> str:
    framework = get_framework(accreditation.framework_id).tree
    return render_template(
        "assessment/self_assessment_imports/new.html",
        refusal=_resting(accreditation),
        accreditation=accreditation,
        framework=framework,
        level=framework.level(accreditation.level),
        form=form,
        limit=uploads.limit_words(),
        taken_in=list_self_assessment_imports(accreditation),
    )


def _resting(accreditation: Accreditation) -> str:
    """Why nothing can be taken in now, in words; "" where it can."""
    try:
        refuse_at_rest(accreditation)
    except Conflict as conflict:
        return conflict.message
    return ""


@blueprint.post(HOME)
@requires(Permission.ANSWER_WRITE)
def upload(accreditation_id: UUID) -> ResponseReturnValue:
    """Read the document and show what it says."""
    accreditation = get_accreditation(accreditation_id)
    form, content = uploads.received(DocumentForm)
    if _resting(accreditation):
        return _new_page(accreditation, form), 409
    if content is not None:
        try:
            kept = readings.keep(accreditation, *content, by=actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            return redirect(_preview_of(accreditation, kept), code=303)
    return _new_page(accreditation, form), 422


def _preview_of(accreditation: Accreditation, kept: Import) -> str:
    return url_for("self_assessment_imports.preview", accreditation_id=accreditation.id, import_id=kept.id)


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def preview(accreditation_id: UUID, import_id: UUID) -> str:
    """What the document says of each requirement, beside what is answered."""
    accreditation = get_accreditation(accreditation_id)
    return _page(accreditation, get_self_assessment_import(accreditation, import_id))


def _form_for(accreditation: Accreditation, kept: Import) -> type[Schema]:
    """A choice of requirement for every row, of words for every requirement, and of a meaning for every column."""
    framework = get_framework(accreditation.framework_id).tree
    known = [each.code for each in framework.requirements_of(accreditation.level)]
    one_of_them = validate.OneOf(["", LEFT_OUT, *known], error="Choose one of the requirements in the list.")
    words = validate.OneOf([choice.value for choice in Choice], error="Choose which words it shall have.")
    places: dict[str, Any] = {
        f"row-{at}": fields.String(validate=one_of_them, metadata={"label": f"Row {at + 1}"})
        for at in range(len(kept.rows))
    }
    meaning = validate.OneOf(["", *template_columns.MEANINGS], error="Choose one of the meanings in the list.")
    places |= {
        group.field(place["at"]): fields.String(validate=meaning, metadata={"label": place["heading"] or "No heading"})
        for group in _groups(kept)
        for place in group.columns
    }
    places |= {
        name: fields.String(validate=words, load_default=Choice.OURS.value, metadata={"label": code})
        for code, name in _choice_fields(accreditation).items()
    }
    return Schema.from_dict(places)


def _choice_fields(accreditation: Accreditation) -> dict[str, str]:
    """Code → the name of its input; a name with the code's dots would be read as one inside another."""
    framework = get_framework(accreditation.framework_id).tree
    requirements = framework.requirements_of(accreditation.level)
    return {each.code: f"choice-{number}" for number, each in enumerate(requirements, start=1)}


def _stands(accreditation: Accreditation, kept: Import) -> Bound:
    """The form as it stands: rows with the requirements they were found to speak of, our words kept."""
    schema = _form_for(accreditation, kept)
    rows = {f"row-{at}": readings.chosen(row) for at, row in enumerate(kept.rows)}
    meanings = {group.field(place["at"]): place["meaning"] for group in _groups(kept) for place in group.columns}
    choices = dict.fromkeys(_choice_fields(accreditation).values(), Choice.OURS.value)
    return Bound.empty(schema, rows | meanings | choices)


def _groups(kept: Import) -> list[Group]:
    return import_columns.groups(kept.columns, "requirement")


def _page(accreditation: Accreditation, kept: Import, form: Bound | None = None, refusal: str = "") -> str:
    framework = get_framework(accreditation.framework_id).tree
    rows = readings.rows_of(kept)
    resting = bool(submissions.find_rest(accreditation.id))
    return render_template(
        "assessment/self_assessment_imports/preview.html",
        accreditation=accreditation,
        kept=kept,
        form=form or _stands(accreditation, kept),
        refusal=refusal,
        rows=rows,
        groups=_groups(kept),
        meanings=[*template_columns.MEANINGS.items()],
        kept_words=template_columns.KEPT,
        unmatched=[(at, row) for at, row in enumerate(rows) if not row.code and row.how != LEFT_OUT],
        left_out=[(at, row) for at, row in enumerate(rows) if row.how == LEFT_OUT],
        matched=[(at, row) for at, row in enumerate(rows) if row.code],
        extras=[row for row in rows if row.extra],
        proposals=services.list_proposals(accreditation, kept),
        names=_choice_fields(accreditation),
        choices=[(choice.value, words) for choice, words in CHOICES.items()],
        options=[(each.code, f"{each.code} {each.title}") for each in framework.requirements_of(accreditation.level)],
        there=None if kept.taken_in_at else find_taken_in_before(accreditation, kept.sha256),
        editable=may(Permission.ANSWER_WRITE) and stages.may_edit_answers(Stage(accreditation.stage)) and not resting,
    )


@blueprint.post(PAGE)
@requires(Permission.ANSWER_WRITE)
def choose(accreditation_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Keep which requirement each row speaks of and what each column means, and show what that would take in."""
    accreditation = get_accreditation(accreditation_id)
    kept = get_self_assessment_import(accreditation, import_id, lock=True)
    form = bind(_form_for(accreditation, kept), request.form)
    if not form.valid:
        return _page(accreditation, kept, form), 422
    try:
        _say(accreditation, kept, form)
    except Conflict as conflict:
        return _page(accreditation, kept, refusal=conflict.message), 409
    return redirect(_preview_of(accreditation, kept), code=303)


def _say(accreditation: Accreditation, kept: Import, form: Bound) -> str:
    """Put what was chosen in force; what of it was new, in words, or "". Raises Conflict."""
    meanings = {name: value for name, value in form.values.items() if name in request.form}
    meanings = {name: value for name, value in meanings.items() if name.startswith("meaning-")}
    given = readings.choose(accreditation, kept, _codes(form))
    if readings.correct_columns(accreditation, kept, meanings, by=actor()):
        return "changed what columns mean"
    return "given rows another requirement" if given else ""


def _codes(form: Bound) -> dict[int, str]:
    """Which requirement each row that was sent speaks of."""
    sent = {name: value for name, value in form.values.items() if name.startswith("row-") and name in request.form}
    return {int(name.removeprefix("row-")): value for name, value in sent.items()}


@blueprint.post(PAGE + "/take-in")
@requires(Permission.ANSWER_WRITE)
def take_in(accreditation_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Take all of it in; where rows were given other requirements, show first what that means."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    kept = get_self_assessment_import(accreditation, import_id, lock=True)
    form = bind(_form_for(accreditation, kept), request.form)
    if not form.valid:
        return _page(accreditation, kept, form), 422
    names = _choice_fields(accreditation)
    try:
        if kept.taken_in_at is None and (changed := _say(accreditation, kept, form)):
            flash(f"You had {changed}. Look at what it means now, then take it in.", "notice")
            return redirect(_preview_of(accreditation, kept), code=303)
        choices = {code: Choice(form.values[name]) for code, name in names.items()}
        done = services.take_in(accreditation, kept, choices, by=actor())
    except Invalid as invalid:
        form.add_errors({names.get(code, code): texts for code, texts in invalid.messages.items()})
        return _page(accreditation, kept, form), 422
    except Conflict as conflict:
        return _page(accreditation, kept, form, conflict.message), 409
    if done.already:
        flash("This document was taken in before. Nothing was added.", "notice")
        return redirect(_preview_of(accreditation, kept), code=303)
    said = f"{plural(done.answers, 'answer')} and {plural(done.actions, 'action')} taken in from {kept.filename}."
    flash(f"{said} Judge and confirm each answer before you send.", "success")
    return redirect(url_for("answers.task_list", accreditation_id=accreditation.id), code=303)


@blueprint.post(PAGE + "/undo")
@requires(Permission.ANSWER_WRITE)
def undo(accreditation_id: UUID, import_id: UUID) -> ResponseReturnValue:
    """Let the answers say again what they said before."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    kept = get_self_assessment_import(accreditation, import_id, lock=True)
    try:
        done = services.undo(accreditation, kept, by=actor())
    except Conflict as conflict:
        return _page(accreditation, kept, refusal=conflict.message), 409
    said = f"{plural(done.answers, 'answer')} and {plural(done.actions, 'action')} taken out again."
    flash(f"{said} What was read is kept below.", "success")
    return redirect(_preview_of(accreditation, kept), code=303)
