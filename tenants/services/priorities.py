"""The council's corporate priorities: its own words, in its own order."""

from __future__ import annotations

from uuid import UUID

from saas import events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.action_details import Priority
from tenants.queries.locks import hold
from tenants.queries.priorities import list_priorities

LONGEST_TITLE = 300


def add_priority(council_id: UUID, *, title: str, by: Actor) -> Priority:
    """Add a priority at the end. Raises Invalid (title)."""
    hold(f"priorities:{council_id}")
    there = list_priorities(council_id)
    title = _titled(title, {each.title for each in there})
    row = Priority(
        council_id=council_id,
        id=new_id(),
        title=title,
        position=1 + max((each.position for each in there), default=0),
        past=False,
    )
    db.session.add(row)
    db.session.flush()
    events.record("priority.added", row, by=by, audience="council", payload={"title": title})
    return row


def change_priority(row: Priority, *, title: str, past: bool, seen_title: str, seen_past: bool, by: Actor) -> None:
    """Word a priority otherwise, or say that it is past; lines that serve it go on doing so.

    seen_title, seen_past: as the page showed them. Raises Conflict (theirs: the row) when somebody changed it since,
    Invalid (title).
    """
    hold(f"priorities:{row.council_id}")
    if (row.title, row.past) != (seen_title, seen_past):
        raise Conflict(theirs=row)
    others = {each.title for each in list_priorities(row.council_id) if each.id != row.id}
    row.title, row.past = _titled(title, others), past
    db.session.flush()
    events.record("priority.changed", row, by=by, audience="council", payload={"title": row.title})


def remove_priority(row: Priority, *, by: Actor) -> None:
    """Take out a priority that no line serves. Raises Conflict where one does: it can be put among the past ones."""
    hold(f"priorities:{row.council_id}")
    if any(each.id == row.id and each.actions for each in list_priorities(row.council_id)):
        raise Conflict("Actions serve this priority. Say that it is past instead.")
    events.record("priority.removed", row, by=by, audience="council", payload={"title": row.title})
    db.session.delete(row)
    db.session.flush()


def _titled(title: str, taken: set[str]) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": ["Enter the priority."]})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"The priority must be {LONGEST_TITLE} characters or fewer."]})
    if title in taken:
        raise Invalid({"title": ["This priority is in the list already."]})
    return title
