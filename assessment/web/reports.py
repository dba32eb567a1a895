"""The report: written by the region, opened to the council for its facts, read by both."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import has_access
from assessment.queries.decisions import find_decision
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import Version, find_draft, get_version, list_versions
from assessment.rules import reports as rules
from assessment.rules import stages
from assessment.rules.stages import Stage
from assessment.services import fact_checks, reports
from assessment.web import report_forms
from assessment.web.fact_check_forms import ANSWERS, CommentForm, answered, answers_form
from assessment.web.report_pages import reading_of, shown, standing
from saas import clock, guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import FORM, Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import day, plural, time_of_day

blueprint = Blueprint("reports", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>/report"
COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/report"


class OpenForm(Schema):
    """Which state of the draft was seen."""

    version = fields.Integer(required=True)


@blueprint.get(CASE)
@requires(Permission.REPORT_WRITE)
def edit(accreditation_id: UUID) -> str:
    """The draft: words, improvements, what was read from a document, and the versions that left."""
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id)
    if draft is None:
        return render_template(
            "assessment/reports/begin.html",
            accreditation=accreditation,
            writable=stages.may_write_report(Stage(accreditation.stage)),
            versions=list_versions(accreditation_id),
            closed=has_access(guard.viewer().id, accreditation.council_id),
        )
    framework = get_framework(accreditation.framework_id).tree
    form = Bound.empty(report_forms.draft_form(framework, draft), report_forms.initial(framework, draft))
    return _page(accreditation, draft, form)


@blueprint.post(f"{CASE}/begin")
@requires(Permission.REPORT_WRITE)
def begin(accreditation_id: UUID) -> Response:
    """Take strengths and improvements from the moderated scores."""
    draft = reports.begin(accreditation_id, by=guard.actor())
    if draft.version == 1:
        flash("The report has begun with what the assessors wrote. Change it as it should be read.", "success")
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id), 303)


@blueprint.post(CASE)
@requires(Permission.REPORT_WRITE)
def save(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Save the whole report, and move or remove what was asked for."""
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id)
    if draft is None:
        raise NotFound
    framework = get_framework(accreditation.framework_id).tree
    form = bind(report_forms.draft_form(framework, draft, request.form), request.form)
    values = dict(form.values)
    written = report_forms.read(form, framework, draft) if form.valid else {}
    if not form.valid:
        return _page(accreditation, draft, form), 422
    try:
        saved = reports.save(accreditation_id, **written, version=values["version"], by=guard.actor())
    except Conflict as stale:
        if not isinstance(stale.theirs, ReportDraft):
            raise
        return _overtaken(accreditation, form, stale.theirs)
    flash(f"The report is saved at {time_of_day(saved.updated_at)}.", "success")
    part = {"": None, "save": None, "remove-practice": "good-practice"}
    anchor = part.get((values["do"] or "").partition(" ")[0], "improvements")
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id, _anchor=anchor), 303)


@blueprint.route(f"{CASE}/fact-check", methods=["GET", "POST"])
@requires(Permission.REPORT_ISSUE)
def open_fact_check(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """What will happen, and then it does: the council gets a copy and a term."""
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id)
    if draft is None:
        raise NotFound
    form = (
        bind(OpenForm, request.form) if request.method == "POST" else Bound.empty(OpenForm, {"version": draft.version})
    )
    if request.method == "POST" and form.valid:
        try:
            opened = fact_checks.open_fact_check(accreditation_id, version=form.values["version"], by=guard.actor())
        except Invalid as refusal:
            for words in refusal.messages.get(FORM, []):
                form.add_error(None, words)
        else:
            flash(f"Version {opened.number} is open to the council until {day(opened.closes_on)}.", "success")
            return redirect(url_for("reports.edit", accreditation_id=accreditation_id), 303)
    versions = [each for each in list_versions(accreditation_id) if each.report.kind == "fact_check"]
    page = render_template(
        "assessment/reports/open.html",
        accreditation=accreditation,
        form=form,
        number=len(versions) + 1,
        closes_on=fact_checks.closing_day(accreditation),
        improvements=len(draft.improvements),
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get(f"{CASE}/versions/<uuid:report_id>")
@requires(Permission.CASE_READ)
def show(accreditation_id: UUID, report_id: UUID) -> str:
    """One version as it left, with comment and answer."""
    return _version_page(get_accreditation(accreditation_id), get_version(accreditation_id, report_id))


@blueprint.post(f"{CASE}/versions/<uuid:report_id>/answer")
@requires(Permission.REPORT_WRITE)
def answer_comments(accreditation_id: UUID, report_id: UUID) -> Response | tuple[str, int]:
    """Answer one or more of the council's comments, which resolves them; those left empty stay open."""
    accreditation = get_accreditation(accreditation_id)
    version = get_version(accreditation_id, report_id)
    form = bind(answers_form(version), request.form)
    values, done = dict(form.values), answered(form, version)
    if not form.valid:
        return _version_page(accreditation, version, form), 422
    for each in done:
        number = each.comment.number
        changed = values[f"changed_{number}"] == "changed"
        words = values[f"words_{number}"]
        fact_checks.answer_comment(accreditation_id, each.comment.id, words=words, changed=changed, by=guard.actor())
    flash(f"The council reads {plural(len(done), 'answer')} now.", "success")
    return redirect(url_for("reports.show", accreditation_id=accreditation_id, report_id=report_id), 303)


@blueprint.get(COUNCIL)
@requires(Permission.ACCREDITATION_READ)
def comment(accreditation_id: UUID) -> str:
    """The newest version, for the council; with the form while its facts can be checked."""
    return _council_page(accreditation_id, None)


@blueprint.get(f"{COUNCIL}/<uuid:report_id>")
@requires(Permission.ACCREDITATION_READ)
def read(accreditation_id: UUID, report_id: UUID) -> str:
    """An earlier version, for the council."""
    return _council_page(accreditation_id, report_id)


@blueprint.post(f"{COUNCIL}/<uuid:report_id>")
@requires(Permission.REPORT_COMMENT)
def send_comment(accreditation_id: UUID, report_id: UUID) -> Response | tuple[str, int]:
    """Send one comment to the region."""
    get_version(accreditation_id, report_id)
    form = bind(CommentForm, request.form)
    if not form.valid:
        return _council_page(accreditation_id, report_id, form), 422
    key, words = form.values["paragraph"], form.values["words"]
    said = fact_checks.comment(
        accreditation_id, report_id, has_none=False, words=words, paragraph=key, by=guard.actor()
    )
    flash(f"Comment {said.number} is with the region. You can go on to comment.", "success")
    anchor = f"p-{key}" if key else "whole"
    return redirect(
        url_for("reports.read", accreditation_id=accreditation_id, report_id=report_id, _anchor=anchor), 303
    )


@blueprint.get(f"{COUNCIL}/<uuid:report_id>/end")
@requires(Permission.REPORT_COMMENT)
def check_end(accreditation_id: UUID, report_id: UUID) -> Response | str:
    """What was said of this version and what follows, before it is all; the report itself when nothing can follow."""
    accreditation, version = get_accreditation(accreditation_id), get_version(accreditation_id, report_id)
    newest = list_versions(accreditation_id)[0]
    if newest.report.id != report_id or not _is_open(accreditation, version):
        return redirect(url_for("reports.comment", accreditation_id=accreditation_id), 303)
    return render_template(
        "assessment/reports/end.html", accreditation=accreditation, version=version, **shown(version)
    )


@blueprint.post(f"{COUNCIL}/<uuid:report_id>/end")
@requires(Permission.REPORT_COMMENT)
def end_fact_check(accreditation_id: UUID, report_id: UUID) -> Response:
    """Say that nothing, or nothing more, is to be corrected in this version."""
    version = get_version(accreditation_id, report_id)
    fact_checks.comment(accreditation_id, report_id, has_none=True, words="", by=guard.actor())
    words = "The region knows that this is all." if version.comments else "The region knows that the facts are right."
    flash(words, "success")
    return redirect(url_for("reports.comment", accreditation_id=accreditation_id), 303)


def _page(accreditation: Accreditation, draft: ReportDraft, form: Bound) -> str:
    versions = list_versions(accreditation.id)
    writable = stages.may_write_report(Stage(accreditation.stage))
    began = accreditation.moderation_began_at
    return render_template(
        "assessment/reports/edit.html",
        accreditation=accreditation,
        framework=get_framework(accreditation.framework_id).tree,
        draft=draft,
        form=form,
        versions=versions,
        waiting=[each for each in versions if each.is_unresolved],
        lacking=rules.problems(draft.summary, draft.improvements, draft.good_practice) if writable else [],
        judged_again=began is not None and began > draft.updated_at,
        writable=writable,
        opened=stages.may_comment_on_report(Stage(accreditation.stage)),
        decided=find_decision(accreditation.id) is not None,
        practices=report_forms.keys_of(form, "practice"),
        practice_is_wrong=any(name.startswith("practice") for name in form.errors),
        improvements=report_forms.keys_of(form, "action"),
        extras={item["key"]: item["extra"] for item in draft.improvements} | {report_forms.NEW: []},
        reading_of=reading_of,
    )


def _overtaken(accreditation: Accreditation, form: Bound, theirs: ReportDraft) -> tuple[str, int]:
    pairs, same = report_forms.compare(form, get_framework(accreditation.framework_id).tree, theirs)
    page = render_template(
        "assessment/reports/conflict.html",
        accreditation=accreditation,
        heading="Somebody else changed the report",
        pairs=pairs,
        same=same,
        theirs=theirs,
        action=url_for("reports.save", accreditation_id=accreditation.id),
        back=url_for("reports.edit", accreditation_id=accreditation.id),
    )
    return page, 409


def _version_page(accreditation: Accreditation, version: Version, form: Bound | None = None) -> str:
    open_now = stages.may_comment_on_report(Stage(accreditation.stage)) and version.is_unresolved
    answerable = open_now and guard.may(Permission.REPORT_WRITE)
    now = standing(accreditation, version) if answerable else {}
    changed = {f"changed_{number}": "changed" for number, one in now.items() if one.is_changed}
    return render_template(
        "assessment/reports/show.html",
        accreditation=accreditation,
        version=version,
        form=(form or Bound.empty(answers_form(version), changed)) if answerable else None,
        now=now,
        answers=ANSWERS,
        **shown(version),
    )


def _is_open(accreditation: Accreditation, version: Version) -> bool:
    """Whether the council may comment on its newest version today."""
    may_comment = stages.may_comment_on_report(Stage(accreditation.stage))
    return version.report.kind == "fact_check" and may_comment and version.checked_until(clock.today()) is not None


def _council_page(accreditation_id: UUID, report_id: UUID | None, form: Bound | None = None) -> str:
    accreditation = get_accreditation(accreditation_id)
    versions = list_versions(accreditation_id)
    if not versions:
        return render_template("assessment/reports/waiting.html", accreditation=accreditation)
    version = next((each for each in versions if each.report.id == report_id), None) if report_id else versions[0]
    if version is None:
        raise NotFound
    open_now = version is versions[0] and _is_open(accreditation, version)
    whole = shown(version)
    chosen = form.typed("paragraph") if form else request.args.get("paragraph", "")
    chosen = chosen if whole["states"].get(chosen, "nothing") != "nothing" else ""
    return render_template(
        "assessment/reports/comment.html",
        accreditation=accreditation,
        version=version,
        versions=versions,
        open_now=open_now,
        chosen=chosen,
        form=(form or Bound.empty(CommentForm, {"paragraph": chosen}))
        if open_now and guard.may(Permission.REPORT_COMMENT)
        else None,
        **whole,
    )
