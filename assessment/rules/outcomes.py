"""What was decided, in words: an award with conditions is an outcome of its own to whoever reads of it."""

AWARDED, NOT_YET = "awarded", "not_yet"
WITH_CONDITIONS = "awarded_with_conditions"
"""How forms and pages name the third outcome; records hold it as awarded, and the conditions beside it."""

LONGEST_TEXT = 4_000
"""Characters of a decision's reason, of its words to the council and of its conditions."""
LABELS = {AWARDED: "Awarded", WITH_CONDITIONS: "Awarded, with conditions", NOT_YET: "Not yet awarded"}


def outcome_of(outcome: str, conditions: str) -> str:
    """The outcome as one of three, from a record's outcome and the text of its conditions."""
    return WITH_CONDITIONS if outcome == AWARDED and conditions.strip() else outcome


def outcome_words(outcome: str, conditions: str = "") -> str:
    """The outcome as people read it: "Awarded", "Awarded, with conditions" or "Not yet awarded"."""
    return LABELS[outcome_of(outcome, conditions)]


def problem_with_conditions(chosen: str, conditions: str) -> str:
    """What is wrong with conditions beside a chosen outcome, one of three; "" where the two go together."""
    if chosen == WITH_CONDITIONS and not conditions.strip():
        return "Enter the conditions of the award."
    if chosen == AWARDED and conditions.strip():
        return "Choose the award with conditions, or take the conditions out."
    return ""


def as_recorded(chosen: str) -> str:
    """The outcome of a record, from one of three."""
    return NOT_YET if chosen == NOT_YET else AWARDED


def needs_words(outcome: str, proposed: str) -> bool:
    """Whether the council has to be told more than the outcome: it is not yet, or other than the rule proposes."""
    return outcome == NOT_YET or outcome != proposed
