"""The form of a cover: what a committee reads first, and what it is asked to decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.committee_papers import CommitteePaper
from tenants.queries.committee_papers import get_cover
from tenants.services import committee_papers as services
from tenants.web.stale import compare

blueprint = Blueprint("committee_papers", __name__)
PAGE = "/councils/<council>/committee-papers/<uuid:cover_id>"
WHO = "whoever reads the committee's papers, which are public as a rule"
LINE = validate.Length(max=services.LONGEST_LINE)
TEXT = validate.Length(max=services.LONGEST_TEXT)


def _text(label: str, hint: str = "") -> fields.String:
    return fields.String(validate=TEXT, metadata={"label": label, "who": WHO} | ({"hint": hint} if hint else {}))


class CoverForm(Schema):
    """A cover with its implications, each under the heading that is offered."""

    version = fields.Integer(required=True)
    title = fields.String(required=True, validate=LINE, metadata={"who": WHO})
    committee = fields.String(validate=LINE, metadata={"label": "Committee", "who": WHO})
    meets_on = fields.Date(metadata={"label": "Date of the meeting", "subject": "The date of the meeting"})
    author = fields.String(
        validate=LINE, metadata={"label": "Report of", "hint": "For example, Head of Democratic Services.", "who": WHO}
    )
    purpose = _text("Purpose")
    background = _text("Background")
    recommendations = _text("Recommendations", "Write each on a line of its own. They are numbered.")
    financial = _text("Financial implications")
    legal = _text("Legal implications")
    equality = _text("Equality implications")
    risk = _text("Risk implications")
    other_heading = fields.String(validate=LINE, metadata={"label": "Another heading", "who": WHO})
    other = _text("Implications under that heading")


class RemovalForm(Schema):
    """A cover to be taken away, as it was seen."""

    version = fields.Integer(required=True)


@blueprint.get(PAGE)
@requires(Permission.ACTION_WRITE)
def edit(cover_id: UUID) -> str:
    """The cover as it stands."""
    cover = get_cover(guard.place_id(), cover_id)
    return _page(Bound.empty(CoverForm, _stored(cover) | {"version": cover.version}), cover)


@blueprint.post(PAGE)
@requires(Permission.ACTION_WRITE)
def save(cover_id: UUID) -> ResponseReturnValue:
    """Keep it."""
    cover = get_cover(guard.place_id(), cover_id, lock=True)
    form = bind(CoverForm, request.form)
    stale, status = None, 422
    if form.valid and form.values["other"].strip() and not form.values["other_heading"].strip():
        form.add_error("other_heading", "Enter the heading of these implications.")
    if form.valid:
        try:
            services.save_cover(cover, **_given(form.values), by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            stale, status = compare(form, guard.place_id(), cover, _stored(cover), {}), 409
        else:
            flash("The cover is saved.", "success")
            return redirect(papers_of(cover), code=303)
    return _page(form, cover, stale), status


@blueprint.get(f"{PAGE}/remove")
@requires(Permission.ACTION_WRITE)
def remove_form(cover_id: UUID) -> str:
    """Say what taking the cover away does."""
    return _remove_page(get_cover(guard.place_id(), cover_id))


@blueprint.post(f"{PAGE}/remove")
@requires(Permission.ACTION_WRITE)
def remove(cover_id: UUID) -> ResponseReturnValue:
    """Take it away, as it was seen."""
    cover = get_cover(guard.place_id(), cover_id, lock=True)
    form = bind(RemovalForm, request.form)
    if not form.valid:
        raise Conflict("This page is not complete. Open it again.")
    papers_href = papers_of(cover)
    try:
        services.remove_cover(cover, **form.values, by=guard.actor())
    except Conflict:
        flash(f"{cover.updated_by_name} changed the cover after you opened this page. Read it again first.", "notice")
        return _remove_page(cover), 409
    flash("The cover was taken away.", "success")
    return redirect(papers_href, code=303)


def _remove_page(cover: CommitteePaper) -> str:
    return render_template("tenants/committee_papers/remove.html", cover=cover, papers_href=papers_of(cover))


def papers_of(cover: CommitteePaper) -> str:
    """The page of the papers that the cover belongs to."""
    if cover.subject == "plan":
        return url_for("plan_papers.index", plan_id=cover.subject_id)
    return url_for("self_assessment_papers.index", accreditation_id=cover.subject_id)


def _page(form: Bound, cover: CommitteePaper, stale: Any = None) -> str:
    return render_template(
        "tenants/committee_papers/edit.html", form=form, cover=cover, stale=stale, papers_href=papers_of(cover)
    )


def _stored(cover: CommitteePaper) -> dict[str, Any]:
    texts = {each["heading"]: each["text"] for each in cover.implications}
    other = next((each for each in cover.implications if each["heading"] not in services.IMPLICATIONS), None)
    return {
        "title": cover.title,
        "committee": cover.committee,
        "meets_on": cover.meets_on,
        "author": cover.author,
        "purpose": cover.purpose,
        "background": cover.background,
        "recommendations": "\n".join(cover.recommendations),
        **{heading.lower(): texts.get(heading, "") for heading in services.IMPLICATIONS},
        "other_heading": other["heading"] if other else "",
        "other": other["text"] if other else "",
    }


def _given(values: dict[str, Any]) -> dict[str, Any]:
    offered = [(heading, values[heading.lower()]) for heading in services.IMPLICATIONS]
    own = [(values["other_heading"], values["other"])] if values["other_heading"].strip() else []
    kept = ("version", "title", "committee", "meets_on", "author", "purpose", "background")
    return {name: values[name] for name in kept} | {
        "recommendations": values["recommendations"].splitlines(),
        "implications": [*offered, *own],
    }
