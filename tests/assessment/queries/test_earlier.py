"""What the cycle before said."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import update

from assessment.models.accreditations import Accreditation
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.earlier import previous_answers
from assessment.queries.frameworks import get_framework
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil


def test_the_second_cycle_carries_answers_report_and_open_improvements(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    make_award(app, council, improvements=2, words={1: {"requirement_code": "1.1.1"}})
    second = make_accreditation(app, council)
    sent = make_submission(app, council, second, kind="plan")
    with in_scope(council.scope()):
        framework = get_framework(get_accreditation(second).framework_id)
        previous = submissions.list_answers(sent)[0].previous
        assert previous is not None
        report = previous["answers"][0].pop("report")
        assert report.startswith("Met")
        assert previous["answers"] == [
            {
                "code": "1.1.1",
                "title": "Commitment from the top",
                "judgement": "met",
                "judgement_label": "Met",
                "narrative": "What we do about commitment from the top.",
            }
        ]
        assert {"number": 1, "action": "Do thing 1", "reply": None} in previous["improvements"]
        assert (previous["framework"], previous["level"]) == (framework.tree.title, "Charter")


def test_a_newer_framework_finds_what_its_crosswalk_joins(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    first = make_accreditation(app, council)
    make_submission(app, council, first)
    with in_scope(council.region.scope()) as session:
        session.execute(update(Accreditation).where(Accreditation.id == first).values(stage="ended"))
    second = make_accreditation(app, council, make_framework(app, "charter-2017"))
    with in_scope(council.scope()):
        accreditation = get_accreditation(second)
        framework = get_framework(accreditation.framework_id)
        carried = {
            code: theirs
            for code, theirs in framework.tree.carried_from("charter-2008").items()
            if accreditation.level in framework.tree.requirement(code).levels
        }
        found = {
            framework.codes[requirement_id]: tuple(line["code"] for line in before["answers"])
            for requirement_id, before in previous_answers(accreditation).items()
        }
        assert found == carried


def test_the_first_cycle_has_nothing_before_it(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        assert previous_answers(get_accreditation(made)) == {}
