"""What the report's draft said before: every version, how it differs from now, and the way back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft, ReportDraftVersion
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import get_draft, get_draft_version, list_draft_versions
from assessment.rules import stages
from assessment.rules.report_differences import State, changed_parts, differences
from assessment.rules.stages import Stage
from assessment.services import reports
from saas import guard
from saas.errors import Invalid
from saas.forms import bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("report_versions", __name__)
LIST = "/regions/<region>/cases/<uuid:accreditation_id>/report/draft"
ONE = f"{LIST}/<int:number>"


class SeenForm(Schema):
    """Which state of the draft was seen."""

    version = fields.Integer(required=True)


@blueprint.get(LIST)
@requires(Permission.REPORT_WRITE)
def index(accreditation_id: UUID) -> str:
    """Every version, newest first, with the parts it changed."""
    accreditation, draft = _draft(accreditation_id)
    framework = get_framework(accreditation.framework_id).tree
    versions = list_draft_versions(accreditation_id)
    states = [_state(each) for each in versions]
    lines = [
        (version, changed_parts(before, state, framework))
        for version, state, before in zip(versions, states, [*states[1:], None], strict=True)
    ]
    return render_template(
        "assessment/report_versions/index.html", accreditation=accreditation, draft=draft, lines=lines
    )


@blueprint.get(ONE)
@requires(Permission.REPORT_WRITE)
def show(accreditation_id: UUID, number: int) -> str:
    """One version, and how the draft differs from it now."""
    accreditation, draft = _draft(accreditation_id)
    version = get_draft_version(accreditation_id, number)
    framework = get_framework(accreditation.framework_id).tree
    return render_template(
        "assessment/report_versions/show.html",
        accreditation=accreditation,
        version=version,
        draft=draft,
        parts=differences(_state(version), _state(draft), framework),
        writable=stages.may_write_report(Stage(accreditation.stage)),
    )


@blueprint.post(f"{ONE}/bring-back")
@requires(Permission.REPORT_WRITE)
def bring_back(accreditation_id: UUID, number: int) -> Response:
    """Let the draft say again what this version said."""
    form = bind(SeenForm, request.form)
    if not form.valid:
        raise Invalid(form.errors)
    reports.bring_back(accreditation_id, number, version=form.values["version"], by=guard.actor())
    flash(f"The report says again what version {number} said.", "success")
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id), 303)


def _draft(accreditation_id: UUID) -> tuple[Accreditation, ReportDraft]:
    return get_accreditation(accreditation_id), get_draft(accreditation_id)


def _state(row: ReportDraft | ReportDraftVersion) -> State:
    return State(row.summary, row.strengths, row.good_practice, row.improvements)
