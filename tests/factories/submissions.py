"""Answers and sealed submissions for tests, made through the services."""

from __future__ import annotations

import io
import time
from uuid import UUID

from flask import Flask

from assessment.queries import submissions as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import get_framework
from assessment.rules.stages import Stage, Verb
from assessment.services import accreditations, answers, submissions
from saas import files, jobs
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tenants.models.evidence import Evidence
from tenants.services import evidence
from tests.factories.assessment import make_accreditation
from tests.factories.remembering import remembered
from tests.factories.signings import sign_on_paper
from tests.factories.tenants import MadeCouncil

FILE_TITLE = "Policy on learning"
FILE_CONTENT = b"%PDF-1.4\nA policy that is long enough to be one.\n%%EOF\n"
LINK_TITLE = "Programme of the year"
LINK = "https://council.example/programme"
TRIES, WAIT_SECONDS = 100, 0.1


@remembered
def answer_all(
    app: Flask, council: MadeCouncil, accreditation_id: UUID, judgement: str = "met", by: Actor = CONSOLE
) -> None:
    """Answer every requirement of the level alike; each cites one file and one link."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        framework = get_framework(accreditation.framework_id)
        there = list_answers(accreditation)
        cited = [
            _file(council.id, FILE_TITLE, FILE_CONTENT),
            evidence.add_link(council.id, url=LINK, title=LINK_TITLE, by=by),
        ]
        for requirement in framework.tree.requirements_of(accreditation.level):
            requirement_id = framework.ids[requirement.code]
            before = there.get(requirement_id)
            answer = answers.save(
                accreditation,
                requirement_id,
                judgement=judgement,
                narrative=f"What we do about {requirement.title.lower()}.",
                not_applicable_reason="",
                version=before.version if before else 0,
                by=by,
            )
            for item in cited:
                answers.cite(answer, item, pinpoint="Page 2", why="It shows what we do.", by=by)


@remembered
def make_submission(
    app: Flask, council: MadeCouncil, accreditation_id: UUID, kind: str = "readiness", by: Actor = CONSOLE
) -> UUID:
    """A sealed submission in which every requirement is met with a file and a link; its id.

    For kind readiness the plan goes first: sent, and approved where the accreditation's process asks for it.
    """
    answer_all(app, council, accreditation_id, by=by)
    submission_id = make_seal(app, council, accreditation_id, "plan", by) if kind == "plan" else None
    if submission_id is None:
        _improving(app, council, accreditation_id, by)
        submission_id = make_seal(app, council, accreditation_id, kind, by)
    return submission_id


def _improving(app: Flask, council: MadeCouncil, accreditation_id: UUID, by: Actor) -> None:
    with app.app_context(), within(council.scope(), read_only=True):
        stage = Stage(get_accreditation(accreditation_id).stage)
    if stage is Stage.SELF_ASSESSING:
        make_seal(app, council, accreditation_id, "plan", by)
    with app.app_context(), within(council.region.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        if accreditation.stage == Stage.PLAN_SUBMITTED:
            accreditations.move(accreditation, Verb.APPROVE_PLAN, by=CONSOLE)


@remembered
def make_seal(app: Flask, council: MadeCouncil, accreditation_id: UUID, kind: str, by: Actor = CONSOLE) -> UUID:
    """The answers as they are, signed on paper where the process asks for it, sent and sealed; the submission's id."""
    if kind == "readiness":
        sign_on_paper(app, council, accreditation_id)
    with app.app_context():
        with within(council.scope()):
            accreditation = get_accreditation(accreditation_id, lock=True)
            submissions.request_seal(accreditation, kind, monitor="Alex Reed", by=by)
        jobs.run_all()
        for _ in range(TRIES):
            with within(council.scope(), read_only=True):
                request = queries.find_latest_request(accreditation_id, kind)
                submission = queries.find_latest(accreditation_id, kind)
                if request is not None and (request.done_at or request.failed_at):
                    break
            time.sleep(WAIT_SECONDS)  # a worker that is up has taken it first
        if submission is None or request is None or request.failure:
            raise AssertionError(f"the seal was not made: {request and request.failure}")
        return submission.id


def _file(council_id: UUID, title: str, content: bytes) -> Evidence:
    name = f"{title.lower().replace(' ', '-')}.pdf"
    with files.receive(io.BytesIO(content), name, limit_bytes=10_000_000) as received:
        return evidence.add_file(council_id, received=received, title=title, speaks_for_on=None, by=CONSOLE)


@remembered
def make_earlier(app: Flask, council: MadeCouncil, framework_id: UUID | None = None) -> UUID:
    """An earlier cycle that sealed its submission and has ended; the submission's id."""
    accreditation_id = make_accreditation(app, council, framework_id)
    submission_id = make_submission(app, council, accreditation_id)
    with app.app_context(), within(council.region.scope()):
        accreditations.move(get_accreditation(accreditation_id, lock=True), Verb.END, by=CONSOLE)
    return submission_id
