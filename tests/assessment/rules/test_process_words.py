"""A process in plain words."""

from dataclasses import replace
from datetime import date

from assessment.rules.process_words import Setting, changes, describe
from assessment.rules.processes import DEFAULT, Period


def test_every_setting_has_its_words() -> None:
    words = {setting.label: setting.words for setting in describe(DEFAULT)}
    assert words["Who signs the declaration"] == "Leader, Chief Executive"
    assert words["The team"] == (
        "Officer of a council: 1 (scores); Councillor: 1 (scores); Somebody of the region: 1 (leads)"
    )
    assert words["Scores count as different from"] == "1 step"
    assert words["Pre-election periods"] == "None"


def test_only_what_differs_is_a_change() -> None:
    period = Period(date(2027, 3, 22), date(2027, 5, 6))
    after = replace(DEFAULT, months_to_assess=None, late_submissions="refused", pre_election_periods=(period,))
    assert changes(DEFAULT, DEFAULT) == ()
    assert changes(DEFAULT, after) == (
        Setting("Time to be assessed", "36 months → No limit"),
        Setting("Submissions after the last day", "May be sent, and say how many days late they are → Cannot be sent"),
        Setting("Pre-election periods", "None → 22 March 2027 to 6 May 2027"),
    )
