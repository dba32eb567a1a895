"""Search: where a council's answers, evidence, actions and members hold some words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from saas.db import db

KINDS = ("answer", "evidence", "action", "member")
START, STOP = "\ue000", "\ue001"
"""What stands before and after each hit in the texts of a `Hit`."""
SEARCH = text(
    "select tenancy.sought(:words, 'pg_catalog.english') is not null as searchable, hit.*"
    " from (select 1) as once left join tenancy.search(:words, :kinds, :at_most, :skip) as hit on true"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; hits in `title`, `about` and `snippet` stand between START and STOP.

    An answer has its accreditation and requirement `code`; an action its plan; evidence its `form` (file, link or
    measure) and, where it is a PDF, the best page and every page with the words, in order. The snippet of a member is
    the name as the list of members finds it.
    """

    kind: str
    id: UUID
    accreditation_id: UUID | None
    plan_id: UUID | None
    code: str | None
    page: int | None
    pages: list[int] | None
    form: str
    title: str
    about: str
    snippet: str
    rank: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the shown hits of each kind, the best first, and how many there are in all.

    `searchable` is False where the words have nothing that is looked for in texts, such as only "the" and "of".
    """

    searchable: bool
    hits: dict[str, list[Hit]]
    totals: dict[str, int]


def search(words: str, kinds: Sequence[str], *, at_most: int, skip: int = 0) -> Found:
    """Look for the words in the council whose scope is open; one statement.

    words: at most 300 characters count; quotes, "or" and a leading "-" as in web searches; the last word may be the
    beginning of one. kinds: of KINDS. at_most: of each kind, up to 100, after leaving out the first `skip`.
    """
    rows = db.session.execute(SEARCH, {"words": words, "kinds": list(kinds), "at_most": at_most, "skip": skip}).all()
    found = Found(rows[0].searchable, {}, {})
    for row in rows:
        if row.kind is not None:
            values = {name: getattr(row, name) for name in Hit.__slots__}
            found.hits.setdefault(row.kind, []).append(Hit(**values))
            found.totals[row.kind] = row.total
    return found
