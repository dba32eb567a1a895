"""A file that is worth reading, for tests of the assessor's screen: 45 answers, real papers, a cycle before."""

from __future__ import annotations

import io
from uuid import UUID

import pypdfium2
from flask import Flask

from assessment.demo.papers import pdf, word
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import get_framework
from assessment.rules.stages import Verb
from assessment.services import accreditations, answers
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.evidence import find_evidence
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.evidence import make_file
from tests.factories.remembering import remembered
from tests.factories.scores import MadeCase, make_declared
from tests.factories.submissions import answer_all, make_earlier, make_seal
from tests.factories.tenants import MadeCouncil, MadeRegion

FRAMEWORK = "fixture-45"
PAPER_ON, CHANGED = "1.1.1", "1.1.2"
"""The requirement that cites a PDF at its second page, and the one whose words differ from the last cycle's."""
PAGES = ("The first page, a preface.", "17. The group agreed the policy.", "The last page.")
NEW_WORDS = "What we do about leadership used: we ask every member each May."


def several_pages(pages: tuple[str, ...] = PAGES) -> bytes:
    """A PDF with a line of text on each page."""
    whole = pypdfium2.PdfDocument.new()
    for words in pages:
        whole.import_pages(pypdfium2.PdfDocument(pdf([words])))
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()


@remembered
def make_file_to_score(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A declared team on 45 requirements: nothing scored, every answer as in the cycle before but one."""
    framework_id = make_framework(app, FRAMEWORK)
    make_earlier(app, council, framework_id)
    accreditation_id = make_accreditation(app, council, framework_id)
    answer_all(app, council, accreditation_id)
    make_file_cited(app, council, accreditation_id, several_pages(), "minutes.pdf", "Minutes of the group", "page 2")
    make_file_cited(app, council, accreditation_id, word(["Note", "Evenings suit."]), "note.docx", "Note of a talk", "")
    say_something_new(app, council, accreditation_id)
    make_seal(app, council, accreditation_id, "plan")
    with app.app_context(), within(region.scope()):
        accreditations.move(get_accreditation(accreditation_id, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    submission_id = make_seal(app, council, accreditation_id, "readiness")
    return make_declared(
        app, council, region, framework=FRAMEWORK, accreditation_id=accreditation_id, submission_id=submission_id
    )


@remembered
def make_file_cited(
    app: Flask, council: MadeCouncil, accreditation_id: UUID, content: bytes, filename: str, title: str, pinpoint: str
) -> None:
    """Cite one more file where the papers are."""
    evidence_id = make_file(app, council, content=content, filename=filename, title=title)
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        requirement_id = get_framework(accreditation.framework_id).ids[PAPER_ON]
        evidence = find_evidence(evidence_id)
        assert evidence is not None
        answer = list_answers(accreditation)[requirement_id]
        answers.cite(answer, evidence, pinpoint=pinpoint, why="It was agreed there.", by=CONSOLE)


def say_something_new(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> None:
    """Change the words of one answer."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        requirement_id = get_framework(accreditation.framework_id).ids[CHANGED]
        before = list_answers(accreditation)[requirement_id]
        answers.save(
            accreditation,
            requirement_id,
            judgement="met",
            narrative=NEW_WORDS,
            not_applicable_reason="",
            version=before.version,
            by=CONSOLE,
        )
