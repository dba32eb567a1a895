"""A region's process: defaults where nothing is said, and every refusal by its place."""

import json
from datetime import date

import pytest

from assessment.rules.processes import (
    DEFAULT,
    ConflictRules,
    Nation,
    Period,
    Process,
    ProcessError,
    Seat,
    assess_by,
    in_pre_election_period,
    parse,
    to_document,
)

FULL = {
    "signatories": ["Leader", "Group leaders", "Chief Executive"],
    "plan_approval": False,
    "months_to_assess": None,
    "team": [
        {"seat": "officer", "number": 1, "scores": True, "leads": True},
        {"seat": "board_member", "number": 2, "scores": True, "leads": False},
    ],
    "disagreement_threshold": 2,
    "chair_confirms": True,
    "readiness_signed": False,
    "late_submissions": "refused",
    "conflict_rules": {
        "own_council": True,
        "employer_months": None,
        "mutual_assessment": False,
        "declared_neighbours": False,
    },
    "fact_check_days": 15,
    "reply_days": 60,
    "award_months": 48,
    "interim_months": None,
    "reassessment_months": 36,
    "grace_months": 0,
    "upper_level_needs_lower": False,
    "nation": "wales",
    "timezone": "Europe/London",
    "pre_election_periods": [{"from": "2027-03-22", "to": "2027-05-06"}],
    "evidence_expected": False,
    "clarification_days": 10,
    "visit": False,
    "training_required": False,
    "file_closes_days": 14,
    "appeal_days": 15,
    "interim_opens_months": 1,
}


def refused(document: object) -> tuple[tuple[str, str], ...]:
    with pytest.raises(ProcessError) as caught:
        parse(document)
    return caught.value.errors


def test_what_is_not_said_keeps_its_default() -> None:
    assert parse({}) == DEFAULT
    assert (
        Process(
            signatories=("Leader", "Chief Executive"),
            plan_approval=True,
            months_to_assess=36,
            team=(
                Seat("officer", 1, True, False),
                Seat("councillor", 1, True, False),
                Seat("regional", 1, False, True),
            ),
            disagreement_threshold=1,
            chair_confirms=False,
            conflict_rules=ConflictRules(True, 36, True, True),
            fact_check_days=10,
            reply_days=40,
            award_months=36,
            interim_months=18,
            reassessment_months=27,
            grace_months=6,
            upper_level_needs_lower=True,
            nation=Nation.ENGLAND,
            timezone="Europe/London",
            pre_election_periods=(),
        )
        == DEFAULT
    )


def test_a_document_from_before_the_submission_was_signed_asks_for_it() -> None:
    kept = to_document(DEFAULT)
    del kept["readiness_signed"]
    assert parse(kept).readiness_signed


def test_a_document_from_before_late_submissions_were_a_question_marks_them() -> None:
    kept = to_document(DEFAULT)
    del kept["late_submissions"]
    assert parse(kept).late_submissions == "marked"


def test_every_setting_can_be_said_and_is_written_back() -> None:
    process = parse(FULL)
    assert process.team == (Seat("officer", 1, True, True), Seat("board_member", 2, True, False))
    assert process.conflict_rules == ConflictRules(True, None, False, False)
    assert process.pre_election_periods == (Period(date(2027, 3, 22), date(2027, 5, 6)),)
    assert to_document(process) == FULL
    assert parse(json.loads(json.dumps(to_document(DEFAULT)))) == DEFAULT


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ([], ("", "this must be given as keys and values")),
        ({"colour": 1}, ("colour", "there is no such setting")),
        ({"conflict_rules": {"friends": True}}, ("conflict_rules/friends", "there is no such setting")),
        ({"plan_approval": "yes"}, ("plan_approval", "this must be true or false")),
        (
            {"months_to_assess": 0},
            ("months_to_assess", "this must be a whole number from 1 to 120, or null for none"),
        ),
        ({"reply_days": 40.5}, ("reply_days", "this must be a whole number from 1 to 120")),
        ({"reply_days": True}, ("reply_days", "this must be a whole number from 1 to 120")),
        ({"fact_check_days": None}, ("fact_check_days", "this must be a whole number from 1 to 60")),
        ({"signatories": []}, ("signatories", "one to twelve offices sign")),
        ({"signatories": "Leader"}, ("signatories", "this must be a list")),
        ({"signatories": ["Leader", " "]}, ("signatories/1", "an office is a text of 1 to 80 characters")),
        (
            {"signatories": ["Leader", "Chief\x00"]},
            ("signatories/1", "an office is a text of 1 to 80 characters"),
        ),
        ({"signatories": ["Leader", "leader"]}, ("signatories/1", "the office 'leader' is named twice")),
        (
            {"team": [{"seat": "Officer", "leads": True}]},
            ("team/0/seat", "a seat is named in small letters and underscores"),
        ),
        (
            {"team": [{"seat": "officer", "leads": True}, {"seat": "officer"}]},
            ("team/1/seat", "the seat 'officer' is named twice"),
        ),
        (
            {"team": [{"seat": "officer", "number": 0, "leads": True}]},
            ("team/0/number", "this must be a whole number from 1 to 9"),
        ),
        ({"team": [{"seat": "officer"}]}, ("team", "exactly one person of the team leads")),
        (
            {"team": [{"seat": "officer", "number": 2, "leads": True}]},
            ("team", "exactly one person of the team leads"),
        ),
        (
            {"team": [{"seat": "officer", "leads": True, "scores": False}]},
            ("team", "somebody on the team scores"),
        ),
        ({"team": []}, ("team", "exactly one person of the team leads")),
        ({"reassessment_months": 36}, ("reassessment_months", "reassessment opens before the award ends")),
        ({"interim_months": 27}, ("interim_months", "the interim review comes before reassessment opens")),
        ({"nation": "scotland"}, ("nation", "this must be one of england, wales, northern_ireland")),
        ({"nation": ["england"]}, ("nation", "this must be one of england, wales, northern_ireland")),
        ({"late_submissions": True}, ("late_submissions", "this must be one of marked, refused")),
        ({"late_submissions": "never"}, ("late_submissions", "this must be one of marked, refused")),
        ({"timezone": "UTC"}, ("timezone", "this must be Europe/London")),
        (
            {"pre_election_periods": [{"from": "2027-5-1", "to": "2027-05-06"}]},
            ("pre_election_periods/0/from", "this must be a date like 2027-03-22"),
        ),
        (
            {"pre_election_periods": [{"from": "2027-02-30", "to": "2027-05-06"}]},
            ("pre_election_periods/0/from", "this must be a date like 2027-03-22"),
        ),
        (
            {"pre_election_periods": [{"from": "2027-05-07", "to": "2027-05-06"}]},
            ("pre_election_periods/0", "the period ends before it begins"),
        ),
        (
            {
                "pre_election_periods": [
                    {"from": "2027-05-01", "to": "2027-05-06"},
                    {"from": "2027-04-01", "to": "2027-05-01"},
                ]
            },
            ("pre_election_periods", "the period from 2027-05-01 begins before the one before it ends"),
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(document: object, error: tuple[str, str]) -> None:
    assert refused(document)[0] == error


def test_all_refusals_are_told_at_once() -> None:
    assert refused({"chair_confirms": 1, "grace_months": -1, "x": 0}) == (
        ("x", "there is no such setting"),
        ("chair_confirms", "this must be true or false"),
        ("grace_months", "this must be a whole number from 0 to 24"),
    )
    with pytest.raises(ProcessError, match=r"^grace_months: this must be a whole number from 0 to 24$"):
        parse({"grace_months": 99})


def test_the_time_to_be_assessed_ends_months_after_commitment() -> None:
    assert assess_by(date(2024, 2, 29), DEFAULT) == date(2027, 2, 28)
    assert assess_by(date(2024, 2, 29), parse({"months_to_assess": None})) is None


def test_a_pre_election_period_includes_its_first_and_last_day() -> None:
    process = parse(FULL)
    days = [date(2027, 3, 21), date(2027, 3, 22), date(2027, 5, 6), date(2027, 5, 7)]
    assert [in_pre_election_period(day, process) for day in days] == [False, True, True, False]
