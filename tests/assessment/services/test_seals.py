"""Sealing: one document, one archive, one hash."""

from __future__ import annotations

from flask import Flask

from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil


def test_what_was_sent_is_there_for_the_region(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    accreditation_id = make_accreditation(app, council)
    sent = make_submission(app, council, accreditation_id)
    with in_scope(council.region.scope()):
        assert get_accreditation(accreditation_id).stage == "submitted"
        answers = submissions.list_answers(sent)
        assert len(answers) == 28
        files = submissions.list_files(sent)
        assert [file.title for file in files] == ["Policy on learning"]
