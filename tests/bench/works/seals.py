"""Sealing a submission of 45 answers that cites 60 files of 1 MB, beside reading and hashing the same files."""

from __future__ import annotations

import gc
import hashlib
import io
import os
from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from assessment.queries import submissions as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.services import answers, readiness, submissions
from saas import files, jobs
from saas.events import Outbox
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.models.evidence import Evidence
from tenants.services import evidence
from tests.bench.ground import Ground
from tests.bench.results import Result, median, milliseconds, p95
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, make_council, make_region

FILES, FILE_BYTES = 60, 1_000_000
TIMES = 9
TARGET = 2.0


def seal_60_files(ground: Ground) -> Result:
    """The whole job, from the queue's row to the commit, over reading and hashing its files one after the other."""
    app = ground.app
    council = make_council(app, make_region(app))
    accreditation_id = make_accreditation(app, council, make_framework(app, "fixture-45"))
    answer_all(app, council, accreditation_id)
    digests = _cite_files(app, council, accreditation_id)
    with app.app_context():
        jobs.run_all()
    sealed, read = [], []
    for _ in range(TIMES):
        with app.app_context():
            with within(council.scope()):
                accreditation = get_accreditation(accreditation_id, lock=True)
                submissions.request_seal(accreditation, "plan", monitor="Alex Reed", by=CONSOLE)
            row = _row_of_the_seal()
            gc.collect()
            sealed.append(milliseconds(partial(jobs.run, str(row))))
            gc.collect()
            read.append(milliseconds(lambda: _read(council, digests)))
            jobs.run_all()
        _send_back(app, council, accreditation_id)
    return Result(
        work="seal_60_files",
        size=f"{FILES} files, {FILES * FILE_BYTES // 1_000_000} MB",
        median_ms=median(sealed),
        p95_ms=p95(sealed),
        bare_ms=median(read),
        ratio=median(sealed) / median(read),
        target=TARGET,
    )


def _row_of_the_seal() -> UUID:
    """The queue's row of the one seal that waits."""
    with within(Scope.nobody(), read_only=True) as session:
        return session.scalars(select(Outbox.id).where(Outbox.job == "seal_submission")).one()


def _cite_files(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> list[str]:
    """Keep the files and cite each in one answer; their digests."""
    with app.app_context(), within(council.scope()) as session:
        drafts = list(list_answers(get_accreditation(accreditation_id, share=True)).values())
        for number in range(FILES):
            content = b"%PDF-1.7\n" + os.urandom(FILE_BYTES - 16) + b"\n%%EOF\n"
            with files.receive(io.BytesIO(content), f"paper-{number}.pdf", limit_bytes=2 * FILE_BYTES) as received:
                kept = evidence.add_file(
                    council.id, received=received, title=f"Paper {number}", speaks_for_on=None, by=CONSOLE
                )
            answers.cite(drafts[number % len(drafts)], kept, pinpoint="Page 2", why="It shows it.", by=CONSOLE)
        digests = session.scalars(select(Evidence.sha256).where(Evidence.sha256.is_not(None)))
        return [digest for digest in digests if digest]


def _read(council: MadeCouncil, digests: list[str]) -> None:
    """The floor: every byte read through the storage and hashed once."""
    for sha256 in digests:
        digest = hashlib.sha256()
        with files.storage().open(str(council.id), sha256) as opened:
            for chunk in opened:
                digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise RuntimeError("the bench's own file was changed")


def _send_back(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> None:
    """The region returns the plan, so that it can be sent once more."""
    with app.app_context(), within(council.region.scope()):
        sent = queries.find_latest(accreditation_id, "plan")
        if sent is None:
            raise RuntimeError("the seal was not made")
        accreditation = get_accreditation(accreditation_id, lock=True)
        readiness.decide(accreditation, sent, outcome="returned", reason="Once more.", by=CONSOLE)
