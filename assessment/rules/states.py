"""States: the one by which lists show a council: its stage, how its award stands, or that it has not committed."""

from __future__ import annotations

from assessment.rules import awards, stages
from assessment.rules.stages import Stage

LABELS: dict[str, str] = {
    "none": "Not committed",
    **{stage.value: label for stage, label in stages.LABELS.items() if stage is not Stage.AWARDED},
    **{state.value: label for state, label in awards.LABELS.items()},
}
"""State → its words, in the order of the journey."""
ORDER = {state: position for position, state in enumerate(LABELS)}
