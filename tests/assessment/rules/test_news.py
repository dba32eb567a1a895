"""Which events are news."""

from assessment.rules.event_words import VERBS
from assessment.rules.news import BY_COUNCIL, IN_DETAIL, READ_WITH, subjects_read_with
from saas.policy import Permission


def test_one_reads_events_of_what_one_reads() -> None:
    assert subjects_read_with([]) == []
    assert subjects_read_with([Permission.EVIDENCE_READ, Permission.MEMBER_WRITE]) == ["evidence"]
    assert subjects_read_with({Permission.ACTION_READ, Permission.EVIDENCE_READ}) == ["evidence", "actions", "plans"]
    readers = {Permission.ACCREDITATION_READ}
    small = ["answers", "clarifications", "clarification_answers"]
    assert subjects_read_with(readers, in_detail=True) == subjects_read_with(readers) + small


def test_it_names_permissions_and_events_that_there_are() -> None:
    assert {*READ_WITH, *IN_DETAIL} <= {each.value for each in Permission}
    assert set(VERBS) >= BY_COUNCIL
