"""Two texts of one field: what was typed here, what somebody else saved meanwhile, and the difference."""

from __future__ import annotations

from typing import Any

from assessment.rules.differences import compare
from saas.forms import Bound


def pair_of(form: Bound, name: str, theirs: Any) -> dict[str, Any]:
    """Both texts of a field with its label, as `components/conflict.html` shows them. theirs: the row as it stands."""
    mine, saved = form.typed(name), getattr(theirs, name)
    return {"label": form.label(name), "name": name, "mine": mine, "theirs": saved, "pieces": compare(saved, mine)}
