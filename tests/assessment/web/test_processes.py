"""The process page: reading, changing, being overtaken, being wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from assessment.queries.accreditations import find_process, get_accreditation, process_of
from assessment.rules import processes
from assessment.rules.process_presets import NORTH_WEST, SOUTH_WEST
from assessment.rules.processes import DEFAULT, Period, Seat
from assessment.web.process_form import from_form, to_form
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

TYPED = {
    "version": "0",
    "signatories": "Leader\nChief Executive",
    "months_to_assess": "36",
    "upper_level_needs_lower": "true",
    "plan_approval": "true",
    "readiness_signed": "true",
    "officer_number": "1",
    "officer_scores": "true",
    "councillor_number": "1",
    "councillor_scores": "true",
    "regional_number": "1",
    "leads": "regional",
    "disagreement_threshold": "1",
    "own_council": "true",
    "mutual_assessment": "true",
    "declared_neighbours": "true",
    "employer_months": "36",
    "fact_check_days": "10",
    "reply_days": "40",
    "award_months": "36",
    "interim_months": "18",
    "reassessment_months": "27",
    "grace_months": "6",
    "evidence_expected": "true",
    "clarification_days": "5",
    "visit": "true",
    "training_required": "true",
    "file_closes_days": "28",
    "appeal_days": "20",
    "interim_opens_months": "3",
    "nation": "england",
}
ONE_DAY = {"period_1_from-day": "22", "period_1_from-month": "3", "period_1_from-year": "2027"}
UNUSUAL = replace(
    DEFAULT,
    months_to_assess=None,
    interim_months=None,
    plan_approval=False,
    team=(Seat("officer", 2, scores=True, leads=False), Seat("councillor", 1, scores=False, leads=True)),
    conflict_rules=replace(DEFAULT.conflict_rules, employer_months=None, mutual_assessment=False),
    nation=processes.Nation.WALES,
    pre_election_periods=(Period(date(2027, 3, 22), date(2027, 5, 6)), Period(date(2028, 3, 20), date(2028, 5, 4))),
)


@pytest.fixture
def page(client: CheckingClient, region: MadeRegion, officer: MadeUser) -> Callable[..., Any]:
    """Send the form with some of it typed otherwise."""
    client.sign_in(officer)

    def send(**changed: str) -> Any:
        return client.post(f"/regions/{region.slug}/process/edit", data=TYPED | changed)

    return send


@pytest.mark.parametrize("process", [DEFAULT, UNUSUAL])
def test_the_form_shows_a_process_and_gives_it_back(process: processes.Process) -> None:
    shown = to_form(process, 3)
    blank: dict[str, Any] = dict.fromkeys(("months_to_assess", "interim_months", "employer_months"))
    assert from_form(blank | shown, process) == process


def test_every_save_is_a_version_and_the_history_says_who_changed_what(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, page: Callable[..., Any], in_scope: InScope
) -> None:
    assert page(months_to_assess="24").status_code == 303
    assert page(version="1", months_to_assess="").status_code == 303
    text = client.get(f"/regions/{region.slug}/process").get_data(as_text=True)
    assert "Time to be assessed: 24 months → No limit" in text
    assert "Time to be assessed: 36 months → 24 months" in text
    assert officer.name in text
    with in_scope(region.scope()):
        row = find_process(region.id)
        assert row is not None
        assert (row.version, processes.parse(row.document)) == (2, replace(DEFAULT, months_to_assess=None))


def test_an_accreditation_keeps_the_process_it_began_with(
    app: Flask, council: MadeCouncil, page: Callable[..., Any], in_scope: InScope
) -> None:
    before = make_accreditation(app, council)
    page(fact_check_days="5")
    with in_scope(council.scope()):
        accreditation = get_accreditation(before)
        assert (accreditation.process_version, process_of(accreditation).fact_check_days) == (0, 10)


def test_saving_what_stands_makes_no_version(page: Callable[..., Any], region: MadeRegion, in_scope: InScope) -> None:
    assert page().status_code == 303
    with in_scope(region.scope()):
        assert find_process(region.id) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"signatories": "Leader\nleader"}, "The office &#39;leader&#39; is named twice."),
        ({"fact_check_days": "0"}, "The working days for the fact check must be between 1 and 60"),
        ({"award_months": "soon"}, "The months an award lasts must be a whole number"),
        ({"reassessment_months": "40"}, "Reassessment opens before the award ends."),
        ({"regional_number": "2"}, "Exactly one person leads"),
        ({"officer_scores": "", "councillor_scores": ""}, "Somebody on the team scores."),
        (ONE_DAY, "Enter the last day of period 1."),
        ({"nation": "scotland"}, "Select the nation from the list"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_beside_its_field(
    page: Callable[..., Any], typed: dict[str, str], words: str
) -> None:
    response = page(**typed)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert text.count(words) == 2  # in the summary and beside the field


def test_two_officers_at_once_lose_nothing(page: Callable[..., Any], region: MadeRegion, in_scope: InScope) -> None:
    assert page(reply_days="30").status_code == 303
    overtaken = page(reply_days="50")
    text = overtaken.get_data(as_text=True)
    assert overtaken.status_code == 409
    assert "Time to reply to improvements: 30 working days → 50 working days" in text
    assert '<input type="hidden" name="version" value="1">' in text
    assert page(version="1", reply_days="50").status_code == 303
    with in_scope(region.scope()):
        row = find_process(region.id)
        assert row is not None
        assert (row.version, row.document["reply_days"]) == (2, 50)


def test_who_only_reads_the_region_sees_but_changes_nothing(
    app: Flask, client: CheckingClient, region: MadeRegion
) -> None:
    viewer = make_user(app, region, "region_viewer")
    text = client.sign_in(viewer).get(f"/regions/{region.slug}/process").get_data(as_text=True)
    assert "Leader, Chief Executive" in text
    assert "Change the process" not in text
    assert client.get(f"/regions/{region.slug}/process/edit").status_code == 403


def test_a_long_history_takes_no_more_statements(
    client: CheckingClient,
    region: MadeRegion,
    page: Callable[..., Any],
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counted = []
    for versions in (range(1), range(1, 3)):
        for version in versions:
            page(version=str(version), reply_days=str(version + 1))
        with statements() as sent:
            client.get(f"/regions/{region.slug}/process")
        counted.append(len(sent))
    assert counted[0] == counted[1]


def kept(region: MadeRegion, in_scope: InScope) -> tuple[int, processes.Process]:
    """The newest version, and what it sets."""
    with in_scope(region.scope()):
        row = find_process(region.id)
        assert row is not None
        return row.version, processes.parse(row.document)


def test_a_preset_is_looked_at_before_it_is_saved(
    client: CheckingClient, region: MadeRegion, page: Callable[..., Any], in_scope: InScope
) -> None:
    page(nation="wales")
    start = f"/regions/{region.slug}/process/start/north_west"
    assert start in client.get(f"/regions/{region.slug}/process").text
    text = client.get(start).text
    assert "Time to be assessed: 36 months → No limit" in text
    assert "Board member: 1 (scores)" in text
    assert "Bank holidays of: " not in text
    assert kept(region, in_scope)[0] == 1
    assert client.post(start, data={"version": "1"}).status_code == 303
    assert kept(region, in_scope) == (2, replace(NORTH_WEST.process, nation=processes.Nation.WALES))
    assert "Nothing: these settings stand already." in client.get(start).text
    overtaken = client.post(f"/regions/{region.slug}/process/start/south_west", data={"version": "1"})
    assert (overtaken.status_code, "Nothing was saved." in overtaken.text) == (409, True)
    assert kept(region, in_scope)[0] == 2
    for missing in ("/start/moon", "/edit?start=moon"):
        assert client.get(f"/regions/{region.slug}/process{missing}").status_code == 404


def test_a_preset_may_be_changed_before_it_is_saved(
    client: CheckingClient, region: MadeRegion, page: Callable[..., Any], in_scope: InScope
) -> None:
    text = client.get(f"/regions/{region.slug}/process/edit?start=south_west").text
    assert "The form is filled with “Desk assessment, evidence on request”." in text
    assert "Learning expert: scores" in text
    assert page(
        start="south_west",
        signatories="Leader\nChief Executive",
        months_to_assess="",
        plan_approval="",
        regional_number="0",
        learning_expert_number="1",
        learning_expert_scores="true",
        leads="learning_expert",
        interim_months="",
        evidence_expected="",
        clarification_days="15",
    ).status_code == 303  # fmt: skip
    changed = replace(SOUTH_WEST.process, signatories=("Leader", "Chief Executive"), clarification_days=15)
    assert kept(region, in_scope) == (1, changed)


def test_seats_of_a_region_s_own_are_shown_kept_and_added(
    client: CheckingClient, region: MadeRegion, page: Callable[..., Any], in_scope: InScope
) -> None:
    assert page(new_seat="Board member", new_number="2", new_scores="true").status_code == 303
    added = Seat("board_member", 2, scores=True, leads=False)
    assert kept(region, in_scope) == (1, replace(DEFAULT, team=(*DEFAULT.team, added)))
    assert 'name="board_member_number"' in client.get(f"/regions/{region.slug}/process/edit").text
    own = {"version": "1", "board_member_number": "1", "board_member_scores": "true"}
    assert page(**own, regional_number="0", leads="board_member").status_code == 303
    assert kept(region, in_scope)[1].team == (*DEFAULT.team[:2], Seat("board_member", 1, scores=True, leads=True))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"new_seat": "Board member"}, "Say how many of them."),
        ({"new_number": "2"}, "Say what they are called."),
        ({"new_seat": "7", "new_number": "1"}, "Name them in letters"),
        ({"new_seat": "Officer", "new_number": "1"}, "These are in the team already"),
    ],
)
def test_a_wrong_seat_is_refused_beside_its_field(page: Callable[..., Any], typed: dict[str, str], words: str) -> None:
    response = page(**typed)
    assert (response.status_code, response.text.count(words)) == (422, 2)


def test_a_setting_without_a_field_stays_as_it_is() -> None:
    shown = to_form(UNUSUAL, 3)
    blank: dict[str, Any] = dict.fromkeys(("months_to_assess", "interim_months", "employer_months"))
    typed = {name: value for name, value in (blank | shown).items() if name not in ("appeal_days", "visit")}
    base = replace(UNUSUAL, appeal_days=7, visit=False)
    assert from_form(typed, base) == base
