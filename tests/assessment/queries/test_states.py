"""One word for each state, in lists, files and tags alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from flask import Flask, get_template_attribute

from assessment.queries.cases import get_case
from assessment.queries.states import since_of, state_of
from assessment.rules.states import LABELS
from saas import clock
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.interim import award_of
from tests.factories.tenants import MadeCouncil


def test_a_tag_says_what_the_filter_and_the_file_say(app: Flask) -> None:
    with app.app_context():
        tags = get_template_attribute("components/status.html", "stages")
    assert {state: tags[state][0] for state in LABELS if state != "none"} == {
        state: label for state, label in LABELS.items() if state != "none"
    }


def test_an_award_is_due_since_the_day_that_made_it_so(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council)
    award = award_of(app, case)
    assert award.interim_due_on is not None
    today = clock.today()

    def on(day: date) -> tuple[str, date]:
        with in_scope(council.scope()), clock.at(datetime.combine(day, time(9), UTC)):
            found = get_case(case.accreditation_id)
            return state_of(found), since_of(found)

    assert on(today) == ("current", today)
    assert on(award.interim_due_on) == ("interim_due", award.interim_due_on)
    assert on(award.valid_to_on) == ("reassessment_due", award.reassessment_opens_on)
