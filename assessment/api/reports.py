"""Reports for programs: written by the region, opened to the council for its facts, read by both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.reports import REPORT_KINDS, Report, ReportCommentAnswer, ReportDraft
from assessment.queries import reports as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.reports import Version
from assessment.rules.reports import problems
from assessment.services import fact_checks, reports
from assessment.services.reports import LONGEST_TEXT, MOST_IMPROVEMENTS, MOST_PRACTICE
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Conflict
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("reports", "Reports")
REPORT = f"{CASE}/report"
OF_COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/reports"
TEXT = validate.Length(max=LONGEST_TEXT)
ABOUT = {"description": "What it is about; empty for the whole report, or where the other code says it."}


class StrengthsSchema(ApiSchema):
    """The strengths under one criterion."""

    criterion_code = fields.String(required=True, validate=validate.Length(1, 40), metadata={"example": "1"})
    text = fields.String(required=True, validate=TEXT)


class PracticeSchema(ApiSchema):
    """What others could learn from."""

    key = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Its own, where it stood there before."}
    )
    text = fields.String(required=True, validate=TEXT)
    requirement_code = fields.String(load_default="", validate=validate.Length(max=40), metadata=ABOUT)
    criterion_code = fields.String(load_default="", validate=validate.Length(max=40), metadata=ABOUT)


class ProposedImprovementSchema(ApiSchema):
    """One improvement of a report that is written."""

    key = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Its own, where it stood there before."}
    )
    number = fields.Integer(dump_only=True, metadata={"description": "Its place in the report, from 1."})
    action = fields.String(required=True, validate=TEXT, metadata={"example": "Publish the training calendar"})
    reason = fields.String(load_default="", validate=TEXT)
    remark = fields.String(load_default="", validate=TEXT)
    timescale = fields.String(
        load_default="", validate=validate.Length(max=300), metadata={"example": "By 31 March 2027"}
    )
    requirement_code = fields.String(load_default="", validate=validate.Length(max=40), metadata=ABOUT)
    criterion_code = fields.String(load_default="", validate=validate.Length(max=40), metadata=ABOUT)
    mandatory = fields.Boolean(load_default=False, metadata={"description": "To be done to keep the award."})
    extra = fields.List(
        fields.List(fields.String()),
        dump_only=True,
        metadata={"description": "Heading and text of other columns of the document it was read from."},
    )


class ReportDraftSchema(ApiSchema):
    """The report while the region writes it."""

    id = fields.UUID(required=True, attribute="draft.id")
    summary = fields.String(required=True, attribute="draft.summary")
    strengths = fields.List(fields.Nested(StrengthsSchema), required=True, attribute="draft.strengths")
    good_practice = fields.List(fields.Nested(PracticeSchema), required=True, attribute="draft.good_practice")
    improvements = fields.List(fields.Nested(ProposedImprovementSchema), required=True, attribute="draft.improvements")
    lacking = fields.List(
        fields.String(), required=True, metadata={"description": "What keeps it from leaving the region."}
    )
    updated_at = fields.AwareDateTime(required=True, attribute="draft.updated_at")
    updated_by_name = fields.String(required=True, attribute="draft.updated_by_name")
    version = fields.Integer(required=True, attribute="draft.version")


class WrittenReportSchema(ApiSchema):
    """What can be written of a report. What is not named stays as it is."""

    summary = fields.String(validate=TEXT, metadata={"description": "The fact check needs it."})
    strengths = fields.List(fields.Nested(StrengthsSchema), validate=validate.Length(max=100))
    good_practice = fields.List(
        fields.Nested(PracticeSchema), validate=validate.Length(max=MOST_PRACTICE), metadata={"description": "All."}
    )
    improvements = fields.List(
        fields.Nested(ProposedImprovementSchema),
        validate=validate.Length(max=MOST_IMPROVEMENTS),
        metadata={"description": "All of them in their order; those that are not named are taken out."},
    )


class CommentAnswerSchema(ApiSchema):
    """The region's answer to a comment."""

    words = fields.String(required=True)
    changed = fields.Boolean(required=True, metadata={"description": "Whether the report was changed for it."})
    answered_at = fields.AwareDateTime(required=True)
    answered_by_name = fields.String(required=True)


class FactCommentSchema(ApiSchema):
    """What the council says of the facts."""

    id = fields.UUID(required=True, attribute="comment.id")
    number = fields.Integer(required=True, attribute="comment.number")
    paragraph = fields.String(
        required=True,
        attribute="comment.paragraph",
        metadata={"description": "Its key in the document; empty for the whole."},
    )
    quoted = fields.String(required=True, attribute="comment.quoted")
    words = fields.String(required=True, attribute="comment.words")
    commented_at = fields.AwareDateTime(required=True, attribute="comment.commented_at")
    commented_by_name = fields.String(required=True, attribute="comment.commented_by_name")
    answer = fields.Nested(CommentAnswerSchema, required=True, allow_none=True)


class ReportVersionSchema(ApiSchema):
    """A version that left the region: for the fact check, or issued. It never changes."""

    id = fields.UUID(required=True, attribute="report.id")
    kind = fields.String(required=True, attribute="report.kind", metadata={"enum": list(REPORT_KINDS)})
    number = fields.Integer(required=True, attribute="report.number")
    document = fields.Dict(
        required=True, attribute="report.document", metadata={"description": "What it says, with a key by paragraph."}
    )
    hash = fields.String(
        required=True, attribute="report.hash", metadata={"description": "SHA-256 of the document's canonical JSON."}
    )
    opened_at = fields.AwareDateTime(required=True, attribute="report.opened_at")
    opened_by_name = fields.String(required=True, attribute="report.opened_by_name")
    closes_on = fields.Date(
        required=True,
        allow_none=True,
        attribute="report.closes_on",
        metadata={"description": "The last day on which the council may comment."},
    )
    finished = fields.Boolean(
        required=True, attribute="is_finished", metadata={"description": "The council has said that this is all."}
    )
    comments = fields.List(fields.Nested(FactCommentSchema), required=True)


class ResolvedSchema(ApiSchema):
    """The region's answer to a comment."""

    changed = fields.Boolean(required=True, metadata={"description": "Whether the report is changed for it."})
    words = fields.String(
        load_default="", validate=TEXT, metadata={"description": "Needed where the report stays as it is."}
    )


@operations.get(REPORT, "getReport", answers=ReportDraftSchema)
@requires(Permission.REPORT_WRITE)
def get_report(accreditation_id: UUID) -> dict[str, Any]:
    """Read the report while it is written. There is none before it is begun."""
    return _told(queries.get_draft(get_accreditation(accreditation_id).id))


@operations.put(REPORT, "draftReport", takes=WrittenReportSchema, answers=ReportDraftSchema)
@requires(Permission.REPORT_WRITE)
def draft_report(accreditation_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Begin the report, or save it. Begun (`If-None-Match: *`) with what the moderated scores hold; then what is named
    in the body is changed.
    """
    if version == 0:
        draft = reports.begin(accreditation_id, by=actor())
        if draft.version != 1:
            raise Conflict("The report has been begun. Read it first.", theirs=draft)
        version = draft.version
        if not given:
            return _told(draft)
    written: dict[str, Any] = dict(given)
    if "strengths" in given:
        written["strengths"] = {each["criterion_code"]: each["text"] for each in given["strengths"]}
    for name in ("good_practice", "improvements"):
        if name in given:
            written[name] = [each | {"key": str(each["key"]) if each["key"] else None} for each in given[name]]
    return _told(reports.save(accreditation_id, **written, version=version, by=actor()))


@operations.post(f"{REPORT}/fact-check", "openFactCheck", answers=ReportVersionSchema, versioned=True)
@requires(Permission.REPORT_ISSUE)
def open_fact_check(accreditation_id: UUID, version: int) -> Version:
    """Open the report to the council for its facts. As it was read; again as a new version after it was changed."""
    opened: Report = fact_checks.open_fact_check(accreditation_id, version=version, by=actor())
    return Version(opened)


@operations.get(f"{REPORT}/versions", "listCaseReports", answers=Listed(ReportVersionSchema, "report.id"))
@requires(Permission.CASE_READ)
def list_case_reports(accreditation_id: UUID) -> list[Version]:
    """List the versions that left the region. The newest first, each with the council's comments."""
    return queries.list_versions(get_accreditation(accreditation_id).id)


@operations.get(OF_COUNCIL, "listReports", answers=Listed(ReportVersionSchema, "report.id"))
@requires(Permission.ACCREDITATION_READ)
def list_reports(accreditation_id: UUID) -> list[Version]:
    """List the reports that a council was sent. The newest first, each with its own comments and their answers."""
    return queries.list_versions(get_accreditation(accreditation_id).id)


@operations.post(f"{REPORT}/comments/<uuid:comment_id>/answer", "resolveComment", takes=ResolvedSchema,
                 answers=CommentAnswerSchema)  # fmt: skip
@requires(Permission.REPORT_WRITE)
def resolve_comment(accreditation_id: UUID, comment_id: UUID, given: dict[str, Any]) -> ReportCommentAnswer:
    """Answer a comment on the facts. Once, which resolves it; the council reads it at once."""
    return fact_checks.answer_comment(accreditation_id, comment_id, **given, by=actor())


def _told(draft: ReportDraft) -> dict[str, Any]:
    return {"draft": draft, "lacking": problems(draft.summary, draft.improvements, draft.good_practice)}
