"""What was sent, against what was sent before it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers as list_drafts
from assessment.queries.frameworks import get_framework
from assessment.queries.seal_differences import compare_with_last
from assessment.queries.submissions import get_submission, list_answers
from assessment.rules.differences import Piece
from assessment.services import answers, readiness
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import make_seal, make_submission
from tests.factories.tenants import MadeCouncil

ASKED = {"1.1.1": "Name a date.", "1.2.1": "Say who leads it."}


def test_a_plan_sent_again_shows_what_changed_and_only_that(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_submission(app, council, made, "plan")
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        readiness.decide(
            accreditation,
            get_submission(first),
            outcome="returned",
            reason="Again.",
            named=ASKED,
            words=ASKED,
            by=CONSOLE,
        )
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, share=True)
        draft = list_drafts(accreditation)[get_framework(accreditation.framework_id).ids["1.2.1"]]
        words: dict[str, Any] = {"narrative": "What we now do.", "not_applicable_reason": ""}
        answers.save(
            accreditation, draft.requirement_id, judgement="partly_met", version=draft.version, by=CONSOLE, **words
        )
        answers.plan_action(draft, action="Do it.", timescale="May 2027", responsibility="Panel", by=CONSOLE)
    second = make_seal(app, council, made, "plan")
    for scope in (council.scope(), council.region.scope()):
        with in_scope(scope):
            framework_id = get_accreditation(made).framework_id
            compared = compare_with_last(get_submission(second), framework_id, list_answers(second))
            assert compared is not None
            assert (compared.submission_id, compared.number, compared.same) == (first, 1, 27)
            (line,) = compared.changed
            assert line.requirement.code == "1.2.1"
            assert line.judgement == (("met", "Met", "met"), ("partly_met", "Partly met", "partly"))
            assert [piece.kind for piece in line.narrative if piece != Piece("same", "What we")] == ["removed", "added"]
            assert [(change.kind, change.title) for change in line.actions] == [("added", "Do it.")]
            assert (line.evidence, line.not_applicable_reason) == ((), ())
            assert (compared.asked, [each.code for each in compared.unchanged]) == (ASKED, ["1.1.1"])
            assert compare_with_last(get_submission(first), framework_id, list_answers(first)) is None
