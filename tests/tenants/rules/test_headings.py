"""What the words above a column say it is."""

import pytest

from tenants.rules.headings import HEADINGS, is_known, meanings, plain, sought


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("", "Action", "Timescale", "Source/Reason", "Responsibility", "Completed By"),
         ("ref", "action", "timescale", "reason", "responsibility", "status")),
        (("Elements", "Requirements for Charter Plus", "Evidence", "Action", "By when", "By whom"),
         ("", "", "reason", "action", "timescale", "responsibility")),
        (("Action", "By when", "Responsible officer", "Completed", "Outcome"),
         ("action", "timescale", "responsibility", "status", "")),
        (("Recommendation", "Action", "Who (lead in red)"), ("reason", "action", "responsibility")),
        (("Activity", "No of Members", "Reason", "Cost", "Total"), ("action", "", "reason", "cost", "")),
        (("Level 1 criteria", "Current position", "Gaps", "Recommendations"), ("", "status", "reason", "action")),
        (("Actions Required & Resource Implications", "Progress as at 31 March"), ("action", "status")),
    ],
)  # fmt: skip
def test_headings_that_councils_use(headings: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert meanings(headings) == expected


@pytest.mark.parametrize(
    "headings",
    [("Action",), ("Action", "Cost"), ("Party", "Seats"), ("When", "Who"), ("Action", "Who " * 30), ("", "")],
)
def test_other_rows_are_none_of_headings(headings: tuple[str, ...]) -> None:
    assert meanings(headings) is None


def test_what_people_said_of_a_heading_comes_first() -> None:
    headings = ("Ref", "Task", "Measure of success", "When")
    assert meanings(headings) == ("ref", "action", "", "timescale")
    assert meanings(headings, {"measure of success": "action"}) == ("ref", "", "action", "timescale")
    assert meanings(headings, {"task": "reason", "measure of success": "action", "ref": ""}) == (
        ("", "reason", "action", "timescale")
    )


def test_a_heading_is_compared_without_its_punctuation() -> None:
    assert plain("  Timescale & Review   Date: ") == "timescale and review date"
    assert plain("Assessors’ comments") == "assessors comments"


def test_known_headings_are_known_word_for_word() -> None:
    assert is_known("When this will happen")
    assert is_known("Progress at 31 March 2018")
    assert not is_known("When the panel meets")


def test_no_heading_means_two_things() -> None:
    for meaning, names in HEADINGS.items():
        assert len(set(names)) == len(names), meaning
        assert [plain(name) for name in names] == list(names)
    every = [name for names in HEADINGS.values() for name in names]
    assert len(set(every)) == len(every)


def test_what_was_looked_for_is_said() -> None:
    assert sought().startswith("a heading for the action (“Action”, “Actions”")
