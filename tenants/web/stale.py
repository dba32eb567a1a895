"""A form of a council's row that was saved by somebody else meanwhile: who it was is in the council's log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from saas import overtaken
from saas.forms import Bound
from saas.overtaken import Stale
from tenants.queries.history import find_last_change


def compare(form: Bound, council_id: UUID, theirs: Any, stored: Mapping[str, Any], words: Mapping[str, str]) -> Stale:
    """Compare what was typed with what is stored; the form then carries the stored version.

    theirs: the stored row. stored, words: as for `overtaken.compare`.
    """
    change = find_last_change(council_id, theirs)
    return overtaken.compare(form, stored, words, version=theirs.version, change=change)
