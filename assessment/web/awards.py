"""The release: one page that shows what will happen, and one button."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Decision
from assessment.models.reports import ReportDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.decisions import find_decision
from assessment.queries.frameworks import get_framework
from assessment.queries.releases import find_standing
from assessment.queries.reports import find_draft, find_issued, find_newest
from assessment.rules import reports as rules
from assessment.rules.outcomes import outcome_words
from assessment.services import awards
from assessment.services.fact_checks import document_of
from saas import guard
from saas.errors import Invalid, NotFound
from saas.forms import FORM, Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import day, plural

blueprint = Blueprint("awards", __name__)


class ReleaseForm(Schema):
    """Which state of the draft was seen."""

    version = fields.Integer(required=True)


@blueprint.route("/regions/<region>/cases/<uuid:accreditation_id>/release", methods=["GET", "POST"])
@requires(Permission.AWARD_RELEASE)
def release(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """What will happen; then the report is issued and everything that follows from it is done."""
    accreditation = get_accreditation(accreditation_id)
    form = bind(ReleaseForm, request.form) if request.method == "POST" else Bound.empty(ReleaseForm)
    if request.method == "POST" and form.valid:
        try:
            done = awards.release(accreditation_id, by=guard.actor(), version=form.values["version"])
        except Invalid as refusal:
            for words in refusal.messages.get(FORM, []):
                form.add_error(None, words)
        else:
            if done.again:
                flash(f"{done.report.opened_by_name} has released this already. Nothing was done twice.", "notice")
            else:
                flash("Released. The council has its report and its outcome.", "success")
            return redirect(url_for("awards.release", accreditation_id=accreditation_id), 303)
    page = _page(accreditation, form)
    return page if request.method == "GET" else (page, 422)


def _page(accreditation: Accreditation, form: Bound) -> str:
    issued = find_issued(accreditation.id)
    decision, draft = find_decision(accreditation.id), find_draft(accreditation.id)
    if issued is None and draft is None:
        raise NotFound
    obstacles = [] if issued else awards.obstacles(accreditation, draft)
    if draft is not None and not issued:
        form.raw["version"] = str(draft.version)
    ready = issued is None and not obstacles
    return render_template(
        "assessment/awards/release.html",
        accreditation=accreditation,
        issued=issued,
        award=find_award(accreditation.id),
        decision=decision,
        obstacles=obstacles,
        happens=_happens(accreditation, decision, draft) if ready and decision and draft else [],
        differs=_differs(accreditation, draft) if ready and draft else None,
        words=outcome_words,
        standing=None if issued else find_standing(accreditation.id),
        form=form,
    )


def _happens(accreditation: Accreditation, decision: Decision, draft: ReportDraft) -> list[str]:
    """The sentences of the confirmation."""
    level = get_framework(accreditation.framework_id).tree.level(accreditation.level).title
    sentences = ["The report is issued to the council and never changes again."]
    if draft.improvements:
        due = day(awards.reply_due_on(accreditation))
        count = plural(len(draft.improvements), "improvement enters", "improvements enter")
        sentences.append(f"{count} the council’s plan. It replies to each by {due}.")
    if decision.outcome == "awarded":
        dates = awards.dates_of(accreditation, decision)
        held = f"{level}{', with conditions,' if decision.conditions else ''}"
        dated = f"from {day(dates.awarded_on)} to {day(dates.expires_on)}"
        sentences.append(f"{accreditation.council_name} holds {held} {dated}.")
        if dates.interim_due_on:
            sentences.append(f"The interim review is due on {day(dates.interim_due_on)}.")
        sentences.append("The award gets a certificate number and stands in the public register at once.")
    else:
        sentences.append(f"{accreditation.council_name} reads that {level} is not awarded yet.")
    sentences.append(f"The file closes to its assessors after {day(awards.file_closes_on(accreditation))}.")
    return sentences


def _differs(accreditation: Accreditation, draft: ReportDraft) -> int | None:
    """The number of the version the council read last, when the report says something else now."""
    newest = find_newest(accreditation.id, "fact_check")
    if newest is None or rules.same_words(newest.document, document_of(accreditation, draft)):
        return None
    return newest.number
