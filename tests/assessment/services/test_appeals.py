"""Appeals: lodged once and in time, decided by somebody without a part, and working at once when upheld."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.appeals import find_appeal_decision
from assessment.queries.awards import find_award
from assessment.queries.decisions import find_decision, list_decisions
from assessment.queries.improvements import list_improvements
from assessment.queries.register import find_entry
from assessment.queries.reports import find_issued
from assessment.services import appeals, endings
from saas import clock, jobs
from saas.errors import Conflict, Forbidden, Invalid, NotFound
from saas.tenancy import Scope
from tenants.queries.notices import list_notices
from tests.conftest import InScope
from tests.factories.awards import make_award, make_decided, partly
from tests.factories.scores import MadeCase, actor
from tests.factories.successions import merge
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

LOW = partly(*(f"{criterion}.{element}.1" for criterion in (1, 2) for element in (1, 2, 3, 4)))
GROUNDS = "Nobody read the programme."


def make_refused(app: Flask, council: MadeCouncil) -> MadeCase:
    """A council that reads “not yet”."""
    return make_award(app, council, judge=LOW, outcome="not_yet")


def lodge(in_scope: InScope, case: MadeCase, lead: MadeUser) -> None:
    """The council's lead appeals."""
    with in_scope(case.council.scope()):
        appeals.lodge(case.accreditation_id, grounds=GROUNDS, by=actor(lead))


def test_a_council_appeals_once_within_the_term(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    with in_scope(council.scope()):
        last = appeals.standing_of(get_accreditation(case.accreditation_id)).last_day
    late = clock.now() + (last - clock.today() + timedelta(days=1))
    with in_scope(council.scope()), clock.at(late), pytest.raises(Conflict, match="could appeal until"):
        appeals.lodge(case.accreditation_id, grounds=GROUNDS, by=actor(lead))
    with in_scope(council.scope()), pytest.raises(Invalid, match="grounds"):
        appeals.lodge(case.accreditation_id, grounds="  ", by=actor(lead))
    lodge(in_scope, case, lead)
    with in_scope(council.scope()), pytest.raises(Conflict, match="appealed already"):
        appeals.lodge(case.accreditation_id, grounds="Again", by=actor(lead))
    with in_scope(case.region.scope(case.officer.id)):
        standing = appeals.standing_of(get_accreditation(case.accreditation_id))
        assert (standing.appeal.grounds, standing.released, standing.decision) == (GROUNDS, "Not yet awarded", None)


def test_there_is_nothing_to_appeal_against_before_release_or_without_conditions(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    waiting = make_decided(app, council)
    with in_scope(council.scope()), pytest.raises(Conflict, match="Nothing is decided yet"):
        appeals.lodge(waiting.accreditation_id, grounds=GROUNDS, by=actor(lead))
    with in_scope(council.scope()):
        assert appeals.standing_of(get_accreditation(waiting.accreditation_id)).last_day is None


def test_whoever_decided_led_scored_or_has_access_does_not_decide_the_appeal(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    with in_scope(case.region.scope(case.officer.id)), pytest.raises(NotFound):
        appeals.decide(case.accreditation_id, outcome="upheld", reason="Right", by=actor(case.officer))
    lodge(in_scope, case, lead)
    with in_scope(case.region.scope(case.officer.id)):
        first = find_decision(case.accreditation_id)
    decider = MadeUser(first.decided_by, first.decided_by_name, "", "")
    said = []
    for who in (decider, case.officer, case.scorers[1], lead):
        with in_scope(case.region.scope(who.id)), pytest.raises(Forbidden) as refused:
            appeals.decide(case.accreditation_id, outcome="upheld", reason="Right", by=actor(who))
        said.append(refused.value.message.split(",")[0])
    assert said == [
        "You made the decision that is appealed against",
        "You led this assessment",
        "You scored this assessment",
        "You have access in this council",
    ]


def test_an_upheld_appeal_makes_the_award_at_once(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    lodge(in_scope, case, lead)
    other = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(other.id)):
        with pytest.raises(Invalid) as refused:
            appeals.decide(case.accreditation_id, outcome="", reason="", conditions="x", by=actor(other))
        assert sorted(refused.value.messages) == ["conditions", "outcome", "reason"]
        appeals.decide(
            case.accreditation_id, outcome="upheld", reason="They did.", conditions="By May.", by=actor(other)
        )
        with pytest.raises(Conflict, match="decided this appeal already"):
            appeals.decide(case.accreditation_id, outcome="dismissed", reason="No.", by=actor(other))
        numbers = [(each.number, each.outcome, each.decided_by) for each in list_decisions(case.accreditation_id)]
        assert (numbers[0][:2], numbers[1]) == ((1, "not_yet"), (2, "awarded", other.id))
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        award, report = find_award(case.accreditation_id), find_issued(case.accreditation_id)
        assert get_accreditation(case.accreditation_id).stage == "awarded"
        assert (award.conditions, award.awarded_on) == ("By May.", clock.today())
        result = report.document["result"]
        assert (report.number, result["outcome"], result["award"]["certificate_number"]) == (
            2, "awarded", award.certificate_number,
        )  # fmt: skip
        assert len(list_improvements(case.accreditation_id)) == 8
        assert find_appeal_decision(case.accreditation_id).reason == "They did."
        assert [each.words for each in list_notices(council.id, lead.id) if each.kind == "outcome"] == [
            "Your council’s appeal is upheld",
            "The region has released your council’s report and outcome",
        ]
    with in_scope(Scope.nobody()):
        entry = find_entry(award.certificate_number)
        assert (entry.council_name, entry.with_conditions) == (council.name, True)


def test_an_upheld_appeal_lifts_the_conditions_here_and_in_the_register(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council, conditions="Show it by May.")
    lodge(in_scope, case, lead)
    other = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(other.id)):
        appeals.decide(case.accreditation_id, outcome="upheld", reason="They showed it.", by=actor(other))
        assert find_decision(case.accreditation_id).conditions == ""
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert (award.conditions, find_issued(case.accreditation_id).document["result"]["conditions"]) == ("", "")
        assert get_accreditation(case.accreditation_id).stage == "awarded"
    with in_scope(Scope.nobody()):
        assert find_entry(award.certificate_number).with_conditions is False


def test_a_dismissed_appeal_leaves_everything_as_it_was(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    lodge(in_scope, case, lead)
    other = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(other.id)):
        appeals.decide(case.accreditation_id, outcome="dismissed", reason="It was read.", by=actor(other))
        assert len(list_decisions(case.accreditation_id)) == 1
    with in_scope(council.scope()):
        assert (get_accreditation(case.accreditation_id).stage, find_award(case.accreditation_id)) == ("not_yet", None)
        assert find_issued(case.accreditation_id).number == 1


def test_an_appeal_does_not_bring_back_an_award_that_was_given_back(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council, conditions="Show it by May.")
    lodge(in_scope, case, lead)
    with in_scope(case.region.scope(case.officer.id)):
        endings.surrender(case.accreditation_id, on=clock.today(), reason="Tired.", by=actor(case.officer))
    other = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(other.id)):
        with pytest.raises(Conflict, match="The award has ended"):
            appeals.decide(case.accreditation_id, outcome="upheld", reason="Yes.", by=actor(other))
        award = find_award(case.accreditation_id)
        assert (award.ending, award.conditions) == ("surrendered", "Show it by May.")
        assert find_appeal_decision(case.accreditation_id) is None
        appeals.decide(case.accreditation_id, outcome="dismissed", reason="It is over.", by=actor(other))


def test_a_merger_ends_an_open_appeal_and_no_award_is_made(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    lodge(in_scope, case, lead)
    merge(app, council, make_council(app, case.region, name="Newshire Council"), case.officer)
    other = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(other.id)):
        ended = appeals.standing_of(get_accreditation(case.accreditation_id)).appeal
        assert (ended.ended_at is not None, ended.ended_reason) == (
            True, f"{council.name} merged into Newshire Council.",
        )  # fmt: skip
        for outcome in ("upheld", "dismissed"):
            with pytest.raises(Conflict, match="Nobody decides this appeal any more"):
                appeals.decide(case.accreditation_id, outcome=outcome, reason="Yes.", by=actor(other))
        assert find_award(case.accreditation_id) is None
