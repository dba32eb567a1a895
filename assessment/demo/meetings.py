"""The steering group of the demo's main council goes through its plan, and has a next day for it."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.scene import opened
from saas import clock
from tenants.queries.meetings import get_meeting, list_items, list_lines
from tenants.queries.plans import find_plan
from tenants.rules.meetings import mark
from tenants.services import meetings
from tenants.services.meetings import Entry

BODY = "Member development steering group"
NEXT_AFTER = timedelta(days=90)
NOTES = "Every group was there. The figures of the last quarter were read and noted."
SAID = (
    ({"status": "in_progress", "decision": "Go on as planned."}, "The first half is done."),
    ({"status": "decided_against", "decision": "Not to do: the county offers the same from the autumn."}, ""),
    ({"responsibility": "Head of Democratic Services", "decision": "One officer leads, the groups help."}, ""),
)
"""What is entered on the first open lines, and the note beside it."""
ADDED = {
    "action": "Ask every group for a mentor for its new members",
    "timescale": "Before the next meeting",
    "responsibility": "Group leaders",
    "decision": "Agreed by all groups.",
    "minute": "4.9",
}
"""The line that the meeting adds."""


def hold(journey: Journey) -> None:
    """Enter one meeting in a sitting and close its record; plan the next."""
    with opened(journey.council_scope):
        plan = find_plan(journey.council_id, "own")
        if plan is None:
            raise RuntimeError(f"{journey.council.name} has no plan of its own")
        today, by = clock.today(), journey.lead
        planned = meetings.plan_meeting(plan, body=BODY, held_on=today, by=by)
        meetings.plan_meeting(plan, body=BODY, held_on=today + NEXT_AFTER, by=by)
        meeting = get_meeting(plan, planned.id, lock=True)
        items, entries = list_items(meeting), {}
        for number, (row, (said, note)) in enumerate(zip(list_lines(meeting), SAID, strict=False), start=1):
            stored = meetings.stored_texts(row, items.get(row.id))
            entries[row.id] = Entry(stored | said | {"minute": f"4.{number}"}, note, mark(stored))
        seen = mark(meetings.head_texts(meeting))
        head = {"minute": f"4/{today.year}", "notes": NOTES}
        meetings.record_sitting(meeting, entries, head=head, head_seen=seen, added=(ADDED,), by=by)
        meetings.close_meeting(meeting, version=meeting.version, by=by)
