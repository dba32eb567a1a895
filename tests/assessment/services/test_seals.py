"""Sealing: one document, one archive, one hash; once in effect, and never when a file is not as it was."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from assessment.models.submissions import SealRequest, Submission, SubmissionAnswer, SubmissionFile
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.rules.seal_checks import verify_archive
from assessment.services import accreditations, answers, archives, seals
from assessment.services import submissions as services
from saas import jobs
from saas.db import db
from saas.errors import Conflict
from saas.events import Event
from saas.tenancy import CONSOLE, Actor
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_CONTENT, LINK, answer_all, make_submission
from tests.factories.tenants import MadeCouncil, make_council

FILE_SHA256 = hashlib.sha256(FILE_CONTENT).hexdigest()
OTHER_FILE = "The file of “Policy on learning” is not the one that was uploaded."
ALEX = Actor(None, "Alex Reed")


def ask(app: Flask, council: MadeCouncil, in_scope: InScope, accreditation_id: UUID, kind: str = "plan") -> UUID:
    """Ask for a seal; the request's id."""
    with in_scope(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        return services.request_seal(accreditation, kind, monitor="Alex Reed", by=ALEX).id


def stored(app: Flask, council: MadeCouncil, sha256: str) -> Path:
    """Where the storage keeps a file."""
    root: Path = app.extensions["charterway_storage"].root
    return root / str(council.id) / sha256[:2] / sha256


def test_what_was_sent_is_there_for_the_region(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, by=ALEX)
    with in_scope(council.region.scope()) as session:
        assert get_accreditation(made).stage == "submitted"
        submission = submissions.get_submission(sent)
        assert (submission.kind, submission.number, submission.sent_by_name) == ("readiness", 1, "Alex Reed")
        first, *others = submissions.list_answers(sent)
        [file] = submissions.list_files(sent)
        assert (file.title, file.filename, file.sha256) == (
            "Policy on learning",
            "policy-on-learning.pdf",
            FILE_SHA256,
        )
        assert len(others) == 27
        common = {"pinpoint": "Page 2", "why": "It shows what we do.", "speaks_for_on": None, "measure": None}
        assert first.evidence == [
            common
            | {
                "title": "Policy on learning",
                "file_id": str(file.id),
                "filename": "policy-on-learning.pdf",
                "sha256": FILE_SHA256,
                "url": None,
            },
            common | {"title": "Programme of the year", "file_id": None, "filename": None, "sha256": None, "url": LINK},
        ]
        sealed = session.scalars(
            select(Event.audience).where(Event.verb == "submission.sealed", Event.accreditation_id == made)
        )
        assert list(sealed) == ["shared", "shared"]  # the plan before, and the submission
        assert submissions.find_latest(made, "plan") is not None


def test_the_archive_verifies_and_says_what_the_receipt_says(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan", by=ALEX)
    with in_scope(council.scope()):
        submission = submissions.get_submission(sent)
        written = archives.archive(submission)
        content = b"".join(written.pieces())
        again = b"".join(archives.archive(submission).pieces())
    found = verify_archive(io.BytesIO(content), submission.hash)
    assert (found.lines, found.ok, found.hash) == (
        ("Nothing was changed: submission.json and 1 file match the manifest.",),
        True,
        submission.hash,
    )
    assert (len(content), content) == (written.size, again)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = json.loads(archive.read("submission.json"))
    assert document == submission.document
    assert document["sent"]["by"] == "Alex Reed"
    assert [line["office"] for line in document["signatures"]] == ["Chief Executive", "Leader"]
    assert document["plan"] == {"title": "Plan for Charter", "monitor": "Alex Reed"}


def test_a_seal_is_made_once_however_often_the_job_runs(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    request_id = ask(app, council, in_scope, made)
    for _ in range(2):
        with in_scope(council.scope()):
            seals.seal(request_id)
    with in_scope(council.scope()):
        assert _counts() == (1, 28, 1)


def test_a_seal_that_breaks_off_in_the_middle_leaves_nothing_and_is_made_by_the_next_run(
    app: Flask, council: MadeCouncil, in_scope: InScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    request_id = ask(app, council, in_scope, made)

    def break_off(*_: object, **__: object) -> None:
        db.session.flush()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(accreditations, "move", break_off)
        with pytest.raises(KeyboardInterrupt), in_scope(council.scope()):
            seals.seal(request_id)
    with in_scope(council.scope()):
        assert _counts() == (0, 0, 0)
        assert get_accreditation(made).stage == "self_assessing"
        assert submissions.find_open_request(made) is not None
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        assert _counts() == (1, 28, 1)
        assert get_accreditation(made).stage == "plan_submitted"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "The file of “Policy on learning” is missing from the storage."),
        (FILE_CONTENT.replace(b"policy", b"p0licy"), OTHER_FILE),
        (FILE_CONTENT + b"more", OTHER_FILE),
    ],
)
def test_a_file_that_is_not_as_it_was_fails_the_seal_in_words(
    app: Flask, council: MadeCouncil, in_scope: InScope, content: bytes | None, words: str
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    place = stored(app, council, FILE_SHA256)
    request_id = ask(app, council, in_scope, made)
    if content is None:
        place.unlink()
    else:
        place.write_bytes(content)
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        request = submissions.get_request(request_id)
        assert (request.done_at, request.failed_at is not None) == (None, True)
        assert request.failure == f"{words} Upload it again or take it out of your answers, then send again."
        assert get_accreditation(made).stage == "self_assessing"
        assert _counts() == (0, 0, 0)
    place.write_bytes(FILE_CONTENT)
    ask(app, council, in_scope, made)
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        assert get_accreditation(made).stage == "plan_submitted"


def test_evidence_removed_while_the_seal_waits_fails_it(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    request_id = ask(app, council, in_scope, made)
    with in_scope(council.scope()) as session:
        session.execute(update(Evidence).where(Evidence.url == LINK).values(removed_at=func.now()))
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        failure = submissions.get_request(request_id).failure
        assert failure == "“Programme of the year” was removed from the library after you asked for the seal."


def test_answers_rest_while_the_seal_is_made(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    ask(app, council, in_scope, made)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, share=True)
        with pytest.raises(Conflict, match="Your answers are being sealed"):
            answers.refuse_at_rest(accreditation)
        with pytest.raises(Conflict, match="This is being sealed already"):
            services.request_seal(accreditation, "plan", by=CONSOLE)


def test_a_neighbour_sees_nothing_of_what_was_sent(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_submission(app, council, make_accreditation(app, council))
    neighbour = make_council(app, council.region)
    with in_scope(neighbour.scope()) as session:
        assert _counts() == (0, 0, 0)
        assert session.scalar(select(func.count()).select_from(SealRequest)) == 0


def _counts() -> tuple[int, ...]:
    """Submissions, their answers and their files, as this scope sees them."""
    tables = (Submission, SubmissionAnswer, SubmissionFile)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
