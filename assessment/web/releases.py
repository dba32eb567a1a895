"""Releases at a set time: choosing decided outcomes and the time, seeing what became of them, calling off before."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.queries.releases import get_release, list_decided, list_lines, list_releases
from assessment.rules.outcomes import outcome_words
from assessment.rules.releases import moment_of, read_time
from assessment.services import releases
from saas import clock, guard
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import moment

blueprint = Blueprint("releases", __name__)


class ReleaseForm(Schema):
    """Which outcomes go out, and when. A case is "<id>:<version of its report>"; `now`: after the question."""

    cases = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9a-f-]{36}:\d{1,9}\Z")),
        metadata={"label": "Outcomes to release", "quiet": True},
    )
    release_on = fields.Date(metadata={"label": "Day", "subject": "The day", "quiet": True})
    release_at = fields.String(
        validate=validate.Length(max=20),
        metadata={"label": "Time", "subject": "The time", "hint": "For example, 9:30am or 14:00", "quiet": True},
    )
    now = fields.Boolean()


@blueprint.get("/regions/<region>/releases")
@requires(Permission.AWARD_RELEASE)
def index() -> str:
    """What could go out, and what is set."""
    return _page(Bound.empty(ReleaseForm))


@blueprint.post("/regions/<region>/releases")
@requires(Permission.AWARD_RELEASE)
def set_time() -> Response | tuple[str, int]:
    """Set the time; one that has passed is asked about first."""
    form = bind(ReleaseForm, request.form)
    if not form.valid:
        return _page(form), 422
    typed: dict[str, Any] = dict(form.values)
    release_at = None if typed["now"] else _moment(form, typed)
    if not typed["cases"]:
        form.add_error("cases", "Choose at least one outcome.")
    if form.errors:
        return _page(form), 422
    if release_at is not None and release_at <= clock.now():
        return _ask(form, release_at), 422
    chosen = {UUID(case): int(version) for case, version in (each.split(":") for each in typed["cases"])}
    region_id, by = guard.place_id(), guard.actor()
    try:
        release = releases.set_time(region_id, chosen, release_at=release_at, by=by)
    except Invalid as refusal:
        form.add_errors({"cases": [" ".join(texts) for texts in refusal.messages.values()]})
        return _page(form), 422
    words = f"The outcomes go out on {moment(release.release_at)}." if release_at else "The outcomes go out now."
    flash(words, "success")
    return redirect(url_for("releases.show", release_id=release.id), 303)


@blueprint.get("/regions/<region>/releases/<uuid:release_id>")
@requires(Permission.AWARD_RELEASE)
def show(release_id: UUID) -> str:
    """What goes out at this time, or what became of it."""
    release, lines = get_release(release_id), list_lines(release_id)
    return render_template(
        "assessment/releases/show.html",
        release=release,
        lines=lines,
        standing=release.called_off_at is None and not releases.has_begun(release, lines),
        running=release.done_at is None and release.called_off_at is None and release.release_at <= clock.now(),
        done=sum(bool(line.item.released_at or line.item.failure) for line in lines),
    )


@blueprint.get("/regions/<region>/releases/<uuid:release_id>/progress")
@requires(Permission.AWARD_RELEASE)
def progress(release_id: UUID) -> dict[str, Any]:
    """How far a release is, for the page that waits for it."""
    release, lines = get_release(release_id), list_lines(release_id)
    done = sum(bool(line.item.released_at or line.item.failure) for line in lines)
    return {
        "done": done,
        "total": len(lines),
        "words": f"{done} of {len(lines)} done",
        "finished": release.done_at is not None or release.called_off_at is not None,
        "href": url_for("releases.show", release_id=release_id),
    }


@blueprint.post("/regions/<region>/releases/<uuid:release_id>/call-off")
@requires(Permission.AWARD_RELEASE)
def call_off(release_id: UUID) -> Response:
    """Let nothing of it go out."""
    releases.call_off(release_id, by=guard.actor())
    flash("The release is called off. Its outcomes wait as before.", "success")
    return redirect(url_for("releases.show", release_id=release_id), 303)


def _moment(form: Bound, typed: dict[str, Any]) -> datetime | None:
    """The instant that was typed; errors beside what is missing or cannot be read."""
    day, at = typed["release_on"], read_time(typed["release_at"])
    if day is None:
        form.add_error("release_on", "Enter the day of the release.")
    if at is None:
        wrong = "Enter a time such as 9:30am or 14:00" if typed["release_at"] else "Enter the time of the release"
        form.add_error("release_at", wrong)
    return moment_of(day, at, clock.LONDON) if day is not None and at is not None else None


def _page(form: Bound) -> str:
    region_id = guard.place_id()
    return render_template(
        "assessment/releases/index.html",
        decided=list_decided(region_id),
        releases=list_releases(region_id),
        words=outcome_words,
        form=form,
    )


def _ask(form: Bound, release_at: datetime) -> str:
    """The question before a release at a time that has passed; only what is still there can be confirmed."""
    chosen = set(form.values["cases"])
    decided = [
        each for each in list_decided(guard.place_id()) if _value(each.accreditation.id, each.draft_version) in chosen
    ]
    return render_template(
        "assessment/releases/passed.html", decided=decided, release_at=release_at, words=outcome_words, form=form
    )


def _value(accreditation_id: UUID, version: int) -> str:
    return f"{accreditation_id}:{version}"
