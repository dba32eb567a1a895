"""What is proposed for the words councils write under "status"."""

import pytest

from tenants.rules.progress import PROPOSALS, propose, state_of


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("", "unknown"),
        ("Outstanding", "outstanding"),
        (" outstanding. ", "outstanding"),
        ("Pending", "not_started"),
        ("New project", "not_started"),
        ("0", "not_started"),
        ("To be incorporated in Q2.", "not_started"),
        ("Agreed - this will be provided", "not_started"),
        ("Not yet started", "not_started"),
        ("Has not been begun", "not_started"),
        ("Work has been started", "in_progress"),
        ("In progress rather than not started", "in_progress"),
        ("Ongoing", "in_progress"),
        ("Already in place and ongoing", "in_progress"),
        ("On target", "in_progress"),
        ("75", "in_progress"),
        ("90% completed", "in_progress"),
        ("Partly completed", "in_progress"),
        ("We have started with one committee.", "in_progress"),
        ("The panel is working towards a new policy.", "in_progress"),
        ("The leaflet was approved and will be printed.", "in_progress"),
        ("August 2017.", "completed"),
        ("15/10/2015", "completed"),
        ("February 15", "completed"),
        ("Yes", "completed"),
        ("100", "completed"),
        ("100% complete", "completed"),
        ("Actioned.", "completed"),
        ("Completed January 2016", "completed"),
        ("Presented to and approved by the board on 19/10/2015", "completed"),
        ("The number of seats was raised by two in June.", "completed"),
        ("Network well established", "completed"),
        ("The panel decided against the cost.", "decided_against"),
        ("Enquiry not to be pursued", "decided_against"),
        ("Dependant upon budget.", "blocked"),
        ("To be renegotiated", "blocked"),
        ("Behind schedule", "blocked"),
        ("Responsibility to pass to the county", "transferred"),
        ("To become part of the induction", "transferred"),
        ("Yearly", "recurring"),
        ("Assets looked at in September", "unknown"),
        ("Ms A Example", "unknown"),
        ("1", "unknown"),
        ("2017-18", "unknown"),
    ],
)
def test_proposals(text: str, proposal: str) -> None:
    assert propose(text) == proposal
    assert proposal in PROPOSALS


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("Table A: Live recommendations", "in_progress"),
        ("Table B – Completed actions", "completed"),
        ("Section 3. Extension requested", "blocked"),
        ("Outstanding", "outstanding"),
        ("All actions that are closed", "completed"),
        ("Actions not started:", "not_started"),
        ("Completed in March by the panel", ""),
        ("New members", ""),
        ("Actions agreed by the panel", ""),
        ("Action plan", ""),
        ("table 1", ""),
        ("", ""),
    ],
)
def test_a_title_may_tell_the_state_of_what_is_below_it(title: str, state: str) -> None:
    assert state_of(title) == state
