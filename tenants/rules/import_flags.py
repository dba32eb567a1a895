"""What a person should look at in a row that was read, before it is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOT_READ = "No date could be read in this timescale."
UNCERTAIN = "The timescale is not certain: see what is said beside it."


def flags_of(row: Mapping[str, Any]) -> list[str]:
    """Sentences about one kept row, the reader's own first; none where everything is plain."""
    flags = [f"{note[:1].upper()}{note[1:]}" for note in row.get("notes", ())]
    if row["kind"] == "none" and row["timescale"].strip(" -–—./"):
        flags.append(NOT_READ)
    elif row["confidence"] == "low":
        flags.append(UNCERTAIN)
    return flags
