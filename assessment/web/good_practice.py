"""Good practice of a council: what its reports name, its word on sharing each, and all that it shares."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.sharing import Clipping
from assessment.queries import good_practice as queries
from assessment.queries.benchmarks import count_released
from assessment.queries.case_studies import list_own
from assessment.queries.good_practice import NamedPractice
from assessment.services import good_practice as services
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, may, place_id, requires
from saas.policy import Permission

blueprint = Blueprint("good_practice", __name__)
PAGE = "/councils/<council>/good-practice"
ONE = f"{PAGE}/<uuid:practice_id>"
WHO = "once you share it, your region and every council in it, until the award ends"
TEXTS = ("title", "words", "contact")
STATES = {
    "consented": ("Shared", "done"),
    "declined": ("Stays with us", "neutral"),
    "withdrawn": ("Taken back", "neutral"),
}
WAITS, OVER = ("To decide", "waiting"), ("Award ended", "neutral")


class ShareForm(Schema):
    """What others may read."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))
    title = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_TITLE),
        metadata={"label": "Title", "required": "Enter a title.", "who": WHO},
    )
    words = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_WORDS),
        metadata={
            "label": "What others may read",
            "subject": "The text",
            "required": "Enter what others may read.",
            "hint": "Begun with the report’s words. Take out names of people, and whatever should stay with you.",
            "who": WHO,
        },
    )
    named = fields.String(
        required=True,
        validate=validate.OneOf(("yes", "no"), error="Choose whether your council is named."),
        metadata={"label": "Should your council be named?", "required": "Choose whether your council is named."},
    )
    contact = fields.String(
        validate=validate.Length(max=services.LONGEST_CONTACT),
        metadata={"label": "Who can be asked", "hint": "A post or a shared mailbox rather than a person.", "who": WHO},
    )


class VersionForm(Schema):
    """The version that was seen."""

    version = fields.Integer(required=True)


@blueprint.get("/councils/<council>/sharing")
@requires(Permission.ACCREDITATION_READ)
def sharing() -> str:
    """What can be shared, and what is."""
    named = queries.list_named(place_id())
    studies = list_own(place_id())
    return render_template(
        "assessment/good_practice/sharing.html",
        waiting=sum(each.clipping is None and not services.why_not(each) for each in named),
        shared=sum(_is_shared(each) for each in named),
        studies=len(studies),
        published=sum(published is not None for _, published in studies),
        figures=count_released(place_id()),
    )


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def index() -> str:
    """Everything that issued reports name, with where it stands."""
    named = queries.list_named(place_id())
    return render_template(
        "assessment/good_practice/index.html", rows=[(each, _state(each)) for each in named], today=clock.today()
    )


@blueprint.get(ONE)
@requires(Permission.ACCREDITATION_READ)
def show(practice_id: UUID) -> str:
    """One entry, what is shared of it, and the form to share it."""
    named = queries.get_named(place_id(), practice_id)
    known = named.clipping
    asked = known is not None and known.words != ""
    initial = {
        "version": known.version if known else 0,
        "title": known.title if known and asked else named.requirement_title or named.practice.criterion_title,
        "words": known.words if known and asked else named.practice.words,
        "named": ("yes" if known.council_name else "no") if known and asked else None,
        "contact": known.contact if known else "",
    }
    return _page(named, Bound.empty(ShareForm, initial))


@blueprint.post(ONE)
@requires(Permission.SHARING_DECIDE)
def share(practice_id: UUID) -> Response | tuple[str, int]:
    """Share it in the words typed."""
    named, form = queries.get_named(place_id(), practice_id, lock=True), bind(ShareForm, request.form)
    if form.valid:
        values = form.values
        try:
            services.share(
                named,
                title=values["title"],
                words=values["words"],
                is_named=values["named"] == "yes",
                contact=values["contact"] or "",
                version=values["version"],
                by=actor(),
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as stale:
            if not isinstance(stale.theirs, Clipping):
                raise
            return _both(named, stale.theirs, form), 409
        else:
            flash("It is in the region’s library now.", "success")
            return redirect(url_for("good_practice.index"), 303)
    return _page(named, form), 422


@blueprint.post(f"{ONE}/decline")
@requires(Permission.SHARING_DECIDE)
def decline(practice_id: UUID) -> Response:
    """Keep it to the council."""
    services.decline(queries.get_named(place_id(), practice_id, lock=True), version=_version(), by=actor())
    flash("It stays with your council. You can share it later.", "success")
    return redirect(url_for("good_practice.index"), 303)


@blueprint.post(f"{ONE}/take-back")
@requires(Permission.SHARING_DECIDE)
def take_back(practice_id: UUID) -> Response:
    """Take it out of the library."""
    services.take_back(queries.get_named(place_id(), practice_id, lock=True), version=_version(), by=actor())
    flash("It was taken back. Nobody outside your council sees it from now on.", "success")
    return redirect(url_for("good_practice.index"), 303)


def _version() -> int:
    form = bind(VersionForm, request.form)
    if not form.valid:
        raise Conflict("Open the page again before you decide.")
    return int(form.values["version"])


def _is_shared(named: NamedPractice) -> bool:
    known = named.clipping
    if known is None or known.state != "consented":
        return False
    return known.expires_on is None or known.expires_on >= clock.today()


def _state(named: NamedPractice) -> tuple[str, str]:
    if named.clipping is None:
        return OVER if services.why_not(named) else WAITS
    if named.clipping.state == "consented" and not _is_shared(named):
        return OVER
    return STATES[named.clipping.state]


def _page(named: NamedPractice, form: Bound) -> str:
    return render_template(
        "assessment/good_practice/show.html",
        named=named,
        practice=named.practice,
        clipping=named.clipping,
        state=_state(named),
        is_shared=_is_shared(named),
        refusal=services.why_not(named),
        may_decide=may(Permission.SHARING_DECIDE),
        form=form,
    )


def _both(named: NamedPractice, theirs: Clipping, form: Bound) -> str:
    return render_template(
        "assessment/good_practice/conflict.html",
        practice=named.practice,
        theirs=theirs,
        named=form.typed("named"),
        pairs=[
            {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": getattr(theirs, name)}
            for name in TEXTS
        ],
    )
