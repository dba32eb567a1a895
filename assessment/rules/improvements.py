"""How far an improvement is: from the council's reply, its progress and the region's last word."""

from enum import StrEnum


class ImprovementState(StrEnum):
    ISSUED = "issued"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    CLAIMED_COMPLETE = "claimed_complete"
    DECIDED_AGAINST = "decided_against"
    VERIFIED = "verified"
    SUPERSEDED = "superseded"
    CARRIED_FORWARD = "carried_forward"


LABELS = {
    ImprovementState.ISSUED: "Reply due",
    ImprovementState.OPEN: "Open",
    ImprovementState.IN_PROGRESS: "In progress",
    ImprovementState.CLAIMED_COMPLETE: "Claimed complete",
    ImprovementState.DECIDED_AGAINST: "Decided against",
    ImprovementState.VERIFIED: "Verified",
    ImprovementState.SUPERSEDED: "Superseded",
    ImprovementState.CARRIED_FORWARD: "Carried forward",
}
REPLY_LABELS = {
    "accepted": "Accepted",
    "accepted_in_part": "Accepted in part",
    "decided_against": "Decided against",
}
LONGEST_TEXT, LONGEST_BODY, LONGEST_MINUTE = 10_000, 300, 300
"""Characters of a reason or of what has been done, of the body that decided, and of its minute."""
PROGRESS_LABELS = {"in_progress": "In progress", "claimed_complete": "Complete"}
ENDING_LABELS = {"verified": "Verified", "superseded": "Superseded", "carried_forward": "Carried forward"}
CLOSED = frozenset(
    {
        ImprovementState.DECIDED_AGAINST,
        ImprovementState.VERIFIED,
        ImprovementState.SUPERSEDED,
        ImprovementState.CARRIED_FORWARD,
    }
)


def state_of(answer: str | None, progress: str | None, ending: str | None) -> ImprovementState:
    """The state from the newest reply, the newest progress and the region's ending; None where there is none.

    "Decided against" closes an improvement: it is an honest answer.
    """
    if ending is not None:
        return ImprovementState(ending)
    if answer is None:
        return ImprovementState.ISSUED
    if answer == "decided_against":
        return ImprovementState.DECIDED_AGAINST
    return ImprovementState(progress) if progress is not None else ImprovementState.OPEN
