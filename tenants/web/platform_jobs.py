"""The operator's page of jobs: what waits, runs, failed and was given up, and what is done about it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from redis.exceptions import RedisError
from werkzeug.wrappers import Response

from saas import clock, job_list
from saas.guard import actor, requires
from saas.job_list import PAGE_SIZE, STATES, Came, words_of
from saas.policy import Permission
from tenants.queries import councils

blueprint = Blueprint("platform_jobs", __name__)

STATE_WORDS = {
    "given_up": ("Given up", "problem"),
    "failed": ("Failed, will be tried again", "waiting"),
    "running": ("Running", "active"),
    "retried": ("Tried again by an operator", "active"),
    "queued": ("Queued", "neutral"),
    "later": ("Due later", "neutral"),
}
"""State → its words and the kind of its tag."""


@blueprint.get("/platform/jobs")
@requires(Permission.PLATFORM_RUN)
def show() -> str:
    """The jobs that are not done, those that need a look first, with their counts by state."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = request.args.get("page", 1, int)
    listed, total = job_list.list_jobs(state, page := max(1, min(page, 100_000)))
    return render_template(
        "tenants/platform/jobs.html",
        jobs=listed,
        total=total,
        page=page,
        pages=-(-total // PAGE_SIZE),
        state=state,
        states=STATE_WORDS,
        counts=job_list.count_jobs(),
        places={scope.id: scope.name for scope in councils.list_scopes()},
        came=_came(),
        now=clock.now(),
        limit=job_list.GIVE_UP_AFTER,
        given_up_from=job_list.GIVEN_UP_FROM,
    )


@blueprint.post("/platform/jobs/<uuid:job_id>/retry")
@requires(Permission.PLATFORM_RUN)
def retry(job_id: UUID) -> Response:
    """Let a job begin anew."""
    name = job_list.retry(job_id, by=actor())
    flash(f"{words_of(name)} is tried again within seconds.", "success")
    return redirect(url_for("platform_jobs.show"), code=303)


@blueprint.post("/platform/jobs/<uuid:job_id>/give-up")
@requires(Permission.PLATFORM_RUN)
def give_up(job_id: UUID) -> Response:
    """End a job; whoever waits for it is told where that job tells somebody."""
    name = job_list.give_up(job_id, by=actor())
    flash(f"{words_of(name)} is not tried again.", "success")
    return redirect(url_for("platform_jobs.show"), code=303)


def _came() -> list[Came] | None:
    """What came of each job so far; None while the queue that counts them is away."""
    try:
        return job_list.came_of(current_app.extensions["charterway_tally"].read())
    except RedisError:
        return None
