"""How far a score is, what it still needs, and which requirements a scorer looks at."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from enum import StrEnum

LONGEST_REASON, LONGEST_REMARK, LONGEST_NOTE = 4_000, 2_000, 4_000
"""Characters of a score's reason, of its strength and of its improvement, and of the private note."""


class Standing(StrEnum):
    """How far one scorer is with one requirement."""

    NOT_SCORED = "not_scored"
    BEGUN = "begun"
    SCORED = "scored"
    CANNOT_ASSESS = "cannot_assess"


DONE = frozenset({Standing.SCORED, Standing.CANNOT_ASSESS})
WORDS: Mapping[Standing, str] = {
    Standing.NOT_SCORED: "Not scored",
    Standing.BEGUN: "Begun",
    Standing.SCORED: "Scored",
    Standing.CANNOT_ASSESS: "Cannot assess",
}


def standing(judgement: str | None, reason: str, cannot_assess: bool, others: str = "") -> Standing:
    """Where a draft stands. others: whatever else was typed beside it; a draft that is all empty is not begun."""
    if reason.strip() and cannot_assess:
        return Standing.CANNOT_ASSESS
    if reason.strip() and judgement is not None:
        return Standing.SCORED
    begun = judgement is not None or cannot_assess or bool((reason + others).strip())
    return Standing.BEGUN if begun else Standing.NOT_SCORED


def problems(
    judgement: str | None,
    reason: str,
    *,
    cannot_assess: bool,
    strength: str,
    good_practice: bool,
    improvement: str,
    mandatory: bool,
) -> dict[str, list[str]]:
    """What a score lacks before it counts, by field; empty when it is whole."""
    found: dict[str, list[str]] = {}
    if judgement is None and not cannot_assess:
        found["judgement"] = ["Choose a judgement."]
    if not reason.strip():
        found["reason"] = ["Say why it cannot be assessed." if cannot_assess else "Give the reason for your judgement."]
    if good_practice and not strength.strip():
        found["strength"] = ["Say what the good practice is."]
    if mandatory and not improvement.strip():
        found["improvement"] = ["Say what has to be improved."]
    return found


def find_code(typed: str, codes: Sequence[str]) -> str | None:
    """The requirement somebody asks for by its code ("2.1.3") or by its place in the list ("12"); None when none is."""
    wanted = " ".join(typed.split()).casefold()
    named = next((code for code in codes if code.casefold() == wanted), None)
    if named is not None or not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5):
        return named
    place = int(wanted)
    return codes[place - 1] if 1 <= place <= len(codes) else None


def next_to_score(codes: Sequence[str], here: str, done: Container[str]) -> str | None:
    """The next requirement without a score after this one, beginning again after the last; None when no other is."""
    at = codes.index(here)
    return next((code for code in (*codes[at + 1 :], *codes[:at]) if code not in done), None)
