"""What a meeting enters on a line: when two texts are the same, and what must have a reason."""

from __future__ import annotations

from tenants.rules.meetings import changed, lacks_reason, mark, refused_lines

STORED = {"status": "in_progress", "timescale": "May 2027", "responsibility": "", "decision": "", "minute": ""}


def test_texts_that_differ_in_blanks_alone_have_one_mark() -> None:
    assert mark(STORED) == mark(STORED | {"timescale": " May\r\n2027 "})
    assert mark(STORED) != mark(STORED | {"timescale": "June 2027"})


def test_what_changed_is_named_in_order() -> None:
    typed = STORED | {"minute": "4", "status": "completed", "timescale": "May  2027"}
    assert changed(STORED, typed) == ("status", "minute")


def test_deciding_against_a_line_needs_a_reason_once() -> None:
    against = STORED | {"status": "decided_against"}
    assert lacks_reason(STORED, against)
    assert not lacks_reason(STORED, against | {"decision": "No money."})
    assert not lacks_reason(against, against)


def test_a_new_line_has_an_action_and_is_in_the_plan_once() -> None:
    added = {
        1: {"action": " "},
        2: {"action": "write  Roles."},
        3: {"action": "Hold a fair."},
        4: {"action": "HOLD A FAIR."},
    }
    assert refused_lines(added, {"action 7": "Write\nroles."}) == {
        "new-1-action": "Enter the action.",
        "new-2-action": "This is in the plan already: action 7.",
        "new-4-action": "This is in the plan already: new line 3.",
    }
