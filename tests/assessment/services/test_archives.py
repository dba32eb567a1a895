"""The archive of a seal, written from what was kept: checked on its way, and never other than what was sealed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from assessment.models.submissions import Submission, SubmissionFile
from assessment.queries import submissions
from assessment.rules.sealing import SealError
from assessment.services import archives
from saas.errors import NotFound
from saas.files import FileMissing
from saas.tenancy import Actor, Scope
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_CONTENT, make_submission
from tests.factories.tenants import MadeCouncil

ALEX = Actor(None, "Alex Reed")
FILE_SHA256 = hashlib.sha256(FILE_CONTENT).hexdigest()


def stored(app: Flask, council: MadeCouncil) -> Path:
    root: Path = app.extensions["charterway_storage"].root
    return root / str(council.id) / FILE_SHA256[:2] / FILE_SHA256


def test_the_page_in_it_is_read_offline(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan", by=ALEX)
    with in_scope(council.scope()):
        content = b"".join(archives.archive(submissions.get_submission(sent)).pieces())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names, page = packed.namelist(), packed.read("index.html").decode()
    assert names == [
        "index.html",
        "submission.json",
        "manifest.json",
        "receipt.txt",
        "receipt.pdf",
        "files/1-policy-on-learning.pdf",
    ]
    for words in (
        f"Plan 1 of {council.name}",
        '<a href="files/1-policy-on-learning.pdf">Policy on learning</a>',
        "Alex Reed",
        "What we do about commitment from the top.",
    ):
        assert words in page
    for refused in ("<script", "<link", "<img", "src=", "@import", "url("):
        assert refused not in page
    assert (page.count("<style>"), page.count("<h1>"), page.count("style=")) == (1, 1, 0)


def test_the_receipt_is_printed_alike_every_time(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan", by=ALEX)
    with in_scope(council.scope()):
        submission = submissions.get_submission(sent)
        first, second = archives.receipt(submission), archives.receipt(submission)
    assert first[:5] == b"%PDF-"
    assert first == second


def test_a_file_that_is_missing_or_another_one_breaks_it_off(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan")
    place = stored(app, council)
    with in_scope(council.scope()):
        written = archives.archive(submissions.get_submission(sent))
        place.write_bytes(FILE_CONTENT.replace(b"policy", b"p0licy"))
        with pytest.raises(SealError, match=r"files/1-policy-on-learning\.pdf is not the file that was sealed"):
            list(written.pieces())
        place.unlink()
        with pytest.raises(FileMissing):
            list(written.pieces())


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("document", {"number": 2}, r"submission\.json is not the one that was sealed"),
        ("hash", "0" * 64, "the manifest is not the one that was sealed"),
    ],
)
def test_what_the_database_keeps_is_compared_with_the_seal(
    app: Flask, council: MadeCouncil, in_scope: InScope, name: str, value: object, reason: str
) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan")
    with in_scope(council.scope()):
        submission = submissions.get_submission(sent)
        set_committed_value(submission, name, {**submission.document, **value} if isinstance(value, dict) else value)
        with pytest.raises(SealError, match=reason):
            archives.archive(submission)


def test_the_application_cannot_change_what_was_sealed(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan")
    for change in (update(Submission).values(page="<p>"), update(SubmissionFile).values(crc32=0)):
        with pytest.raises(Exception, match="permission denied"), in_scope(council.scope()) as session:
            session.execute(change)
    with in_scope(council.scope()):
        assert submissions.get_submission(sent).number == 1


def test_a_seal_of_format_1_has_no_printed_receipt(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan")
    with in_scope(council.scope()):
        submission = submissions.get_submission(sent)
        set_committed_value(submission, "archive_sha256", "0" * 64)
        with pytest.raises(NotFound):
            archives.receipt(submission)


def test_a_neighbour_has_no_archive_to_write(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    sent = make_submission(app, council, make_accreditation(app, council), kind="plan")
    with in_scope(Scope.council(council.region.id, council.region.id)), pytest.raises(NotFound):
        submissions.get_submission(sent)
