"""The report: written by the region, opened to the council for its facts, read by both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import has_access
from assessment.queries.decisions import find_decision
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import Version, find_draft, get_version, list_versions
from assessment.rules import stages
from assessment.rules.reports import place_of
from assessment.rules.stages import Stage
from assessment.services import fact_checks, reports
from assessment.web.report_pages import drawing
from saas import clock, guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import FORM, Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import day

blueprint = Blueprint("reports", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>/report"
COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/report"
IN_REGION = "your region; the council as soon as you open the fact check"


class CommentForm(Schema):
    """What the council says of the facts."""

    has_none = fields.String(
        required=True,
        validate=validate.OneOf(["no", "yes"]),
        metadata={
            "label": "Is everything in the report factually right?",
            "required": "Say whether the facts are right",
        },
    )
    words = fields.String(
        validate=validate.Length(max=reports.LONGEST_TEXT),
        metadata={
            "label": "What is factually wrong",
            "hint": "Name the place, for example “Improvement 3”, and say what is right. Judgements stay as they are.",
            "who": "your council and the region",
            "quiet": True,
        },
    )


class AnswerForm(Schema):
    """The region's answer to a comment."""

    words = fields.String(
        required=True,
        validate=validate.Length(max=reports.LONGEST_TEXT),
        metadata={"label": "Your answer", "subject": "Your answer", "who": "your region and the council"},
    )


class OpenForm(Schema):
    """Which state of the draft was seen."""

    version = fields.Integer(required=True)


def words_form(accreditation: Accreditation) -> Schema:
    """Summary, and strengths of each criterion as strengths_1, strengths_2 … in order."""
    framework = get_framework(accreditation.framework_id).tree
    long = validate.Length(max=reports.LONGEST_TEXT)
    named: dict[str, fields.Field] = {
        "version": fields.Integer(required=True),
        "summary": fields.String(
            validate=long,
            metadata={
                "label": "Summary",
                "hint": "What the team found, in a few paragraphs. It is needed before the fact check.",
                "who": IN_REGION,
                "quiet": True,
            },
        ),
    }
    for number, criterion in enumerate(framework.criteria, 1):
        label = f"Strengths: {criterion.code} {criterion.title}"
        named[f"strengths_{number}"] = fields.String(validate=long, metadata={"label": label})
    return Schema.from_dict(named)()


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
            closed=has_access(guard.viewer().id, accreditation.council_id),
        )
    return _page(accreditation, draft, Bound.empty(words_form(accreditation), _initial(accreditation, draft)))


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
    """Save summary and strengths."""
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id)
    if draft is None:
        raise NotFound
    form = bind(words_form(accreditation), request.form)
    if not form.valid:
        return _page(accreditation, draft, form), 422
    criteria = get_framework(accreditation.framework_id).tree.criteria
    strengths = {each.code: form.values[f"strengths_{number}"] for number, each in enumerate(criteria, 1)}
    typed = dict(form.values)
    try:
        reports.save_words(
            accreditation_id, summary=typed["summary"], strengths=strengths, version=typed["version"], by=guard.actor()
        )
    except Conflict as stale:
        if not isinstance(stale.theirs, ReportDraft):
            raise
        return _overtaken(accreditation, form, stale.theirs)
    flash("The report is saved.", "success")
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id), 303)


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
def answer_comment(accreditation_id: UUID, report_id: UUID) -> Response | tuple[str, int]:
    """Answer the council's comment, which resolves it."""
    accreditation = get_accreditation(accreditation_id)
    version = get_version(accreditation_id, report_id)
    if version.comment is None:
        raise NotFound
    form = bind(AnswerForm, request.form)
    if not form.valid:
        return _version_page(accreditation, version, form), 422
    fact_checks.answer_comment(accreditation_id, version.comment.id, words=form.values["words"], by=guard.actor())
    flash("Your answer is with the council. The comment is resolved.", "success")
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
    """Send the council's one comment on a version, or that it has none."""
    get_version(accreditation_id, report_id)
    form = bind(CommentForm, request.form)
    if form.valid:
        has_none = form.values["has_none"] == "yes"
        words = form.values["words"]
        try:
            fact_checks.comment(accreditation_id, report_id, has_none=has_none, words=words, by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(
                "The region knows now that the facts are right." if has_none else "Your comment is with the region.",
                "success",
            )
            return redirect(url_for("reports.comment", accreditation_id=accreditation_id), 303)
    return _council_page(accreditation_id, report_id, form), 422


def _initial(accreditation: Accreditation, draft: ReportDraft) -> dict[str, Any]:
    written = {entry["criterion_code"]: entry["text"] for entry in draft.strengths}
    criteria = get_framework(accreditation.framework_id).tree.criteria
    strengths = {f"strengths_{number}": written.get(each.code, "") for number, each in enumerate(criteria, 1)}
    return {"version": draft.version, "summary": draft.summary, **strengths}


def _page(accreditation: Accreditation, draft: ReportDraft, form: Bound) -> str:
    framework = get_framework(accreditation.framework_id).tree
    stage = Stage(accreditation.stage)
    return render_template(
        "assessment/reports/edit.html",
        accreditation=accreditation,
        framework=framework,
        draft=draft,
        form=form,
        places={item["number"]: place_of(framework, item) for item in draft.improvements},
        versions=list_versions(accreditation.id),
        writable=stages.may_write_report(stage),
        opened=stages.may_comment_on_report(stage),
        decided=find_decision(accreditation.id) is not None,
        **drawing(accreditation),
    )


def _overtaken(accreditation: Accreditation, form: Bound, theirs: ReportDraft) -> tuple[str, int]:
    stands = _initial(accreditation, theirs)
    pairs = [
        {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": stands[name]}
        for name in form.schema.fields
        if name != "version"
    ]
    differing = [pair for pair in pairs if pair["mine"] != pair["theirs"]]
    page = render_template(
        "assessment/reports/conflict.html",
        accreditation=accreditation,
        heading="Somebody else changed the report",
        pairs=differing,
        same={pair["name"]: pair["mine"] for pair in pairs if pair not in differing},
        theirs=theirs,
        action=url_for("reports.save", accreditation_id=accreditation.id),
        back=url_for("reports.edit", accreditation_id=accreditation.id),
    )
    return page, 409


def _version_page(accreditation: Accreditation, version: Version, form: Bound | None = None) -> str:
    answerable = stages.may_comment_on_report(Stage(accreditation.stage)) and guard.may(Permission.REPORT_WRITE)
    return render_template(
        "assessment/reports/show.html",
        accreditation=accreditation,
        version=version,
        form=form or Bound.empty(AnswerForm),
        answerable=answerable and version.is_unresolved,
        **drawing(accreditation),
    )


def _council_page(accreditation_id: UUID, report_id: UUID | None, form: Bound | None = None) -> str:
    accreditation = get_accreditation(accreditation_id)
    versions = list_versions(accreditation_id)
    if not versions:
        return render_template("assessment/reports/waiting.html", accreditation=accreditation)
    shown = next((each for each in versions if each.report.id == report_id), None) if report_id else versions[0]
    if shown is None:
        raise NotFound
    closes_on = shown.report.closes_on
    open_now = (
        shown is versions[0]
        and shown.report.kind == "fact_check"
        and stages.may_comment_on_report(Stage(accreditation.stage))
        and shown.comment is None
        and closes_on is not None
        and clock.today() <= closes_on
    )
    return render_template(
        "assessment/reports/comment.html",
        accreditation=accreditation,
        shown=shown,
        versions=versions,
        open_now=open_now,
        form=(form or Bound.empty(CommentForm)) if open_now and guard.may(Permission.REPORT_COMMENT) else None,
        **drawing(accreditation),
    )
