"""What changed between two versions of a line, and its whole history."""

from __future__ import annotations

from datetime import UTC, datetime

from tenants.rules.action_history import Change, Detail, Entry, Version, changes, history, in_words

BEFORE = {
    "ref": "3",
    "action": "Write roles.",
    "timescale": "May 2027",
    "timescale_kind": "month",
    "earliest_on": "2027-05-01",
    "latest_on": "2027-05-31",
    "status": None,
    "restricted": False,
    "cost": None,
}


def test_nothing_changed() -> None:
    assert changes(BEFORE, dict(BEFORE)) == ()


def test_each_field_is_told_before_and_after() -> None:
    after = BEFORE | {
        "timescale": "soon",
        "timescale_kind": "none",
        "earliest_on": None,
        "latest_on": None,
        "status": "completed",
        "completed_on": "2027-05-04",
        "restricted": True,
        "cost": 1200.5,
    }
    assert changes(BEFORE, after) == (
        Change("Timescale", "May 2027", "soon"),
        Change("Read as", "1 May 2027 to 31 May 2027", "(empty)"),
        Change("Status", "(empty)", "Completed"),
        Change("Completed on", "(empty)", "4 May 2027"),
        Change("Cost", "(empty)", "1,200.50"),
        Change("Kept out of public papers", "No", "Yes"),
    )
    assert in_words(changes(BEFORE, after)[:3]) == (
        "Timescale: May 2027 → soon\nRead as: taken out, it was 1 May 2027 to 31 May 2027\nStatus: set to Completed"
    )


def test_the_history_tells_versions_and_details_the_newest_first() -> None:
    first, second, third, fourth, fifth = (datetime(2027, 5, day, tzinfo=UTC) for day in range(1, 6))
    after = BEFORE | {"timescale": "June 2027"}
    versions = [
        Version(BEFORE, first, "Sam", None),
        Version(dict(BEFORE), second, "Sam", None),
        Version(after, fourth, "Gwen", "Steering group"),
    ]
    details = [
        Detail("action.owners_confirmed", third, {"owners": "The Leader", "by": "Sam"}),
        Detail("action.priorities_chosen", fifth, {"priorities": "", "by": "Gwen"}),
        Detail("action.note_removed", second, {}),
    ]
    assert history(versions, details) == [
        Entry("Priorities chosen", fifth, "Gwen", "None"),
        Entry("Changed in the meeting of Steering group", fourth, "Gwen", "Timescale: May 2027 → June 2027"),
        Entry("Owners confirmed", third, "Sam", "The Leader"),
        Entry("A note was taken out", second, "Somebody", ""),
        Entry("Added", first, "Sam", ""),
    ]
