"""What a line names beside its own words: evidence of the library, and corporate priorities."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.models.action_details import ActionEvidence, ActionPriority
from tenants.models.evidence import Evidence
from tenants.models.plans import Action
from tenants.queries.action_details import ServedPriority, find_evidence_link, load_details
from tenants.queries.priorities import list_priorities

LONGEST_PINPOINT = 200


def link_evidence(row: Action, evidence: Evidence, *, pinpoint: str = "", by: Actor) -> ActionEvidence:
    """Name a piece of evidence on a line (locked by `get_action(lock=True)`), and where in it.

    One that is named already gets the new pinpoint. Raises Invalid (pinpoint).
    """
    pinpoint = " ".join(pinpoint.split())
    if len(pinpoint) > LONGEST_PINPOINT:
        raise Invalid({"pinpoint": [f"Where to look must be {LONGEST_PINPOINT} characters or fewer."]})
    there = find_evidence_link(row, evidence.id)
    if there is not None and there.pinpoint == pinpoint:
        return there
    if there is not None:
        db.session.delete(there)
        db.session.flush()
    link = ActionEvidence(
        council_id=row.council_id,
        id=new_id(),
        action_id=row.id,
        evidence_id=evidence.id,
        pinpoint=pinpoint,
        linked_at=clock.now(),
        linked_by_name=by.name,
    )
    db.session.add(link)
    db.session.flush()
    payload = {"ref": row.ref, "title": evidence.title}
    events.record("action.evidence_linked", row, by=by, audience="council", payload=payload)
    return link


def unlink_evidence(row: Action, evidence_id: UUID, *, by: Actor) -> str:
    """Name a piece of evidence no longer on this line (locked); it stays in the library. Its title; raises NotFound."""
    link = find_evidence_link(row, evidence_id)
    if link is None:
        raise NotFound
    title = next(each.title for each in load_details(row.council_id, [row.id])[row.id].evidence if each.id == link.id)
    db.session.delete(link)
    db.session.flush()
    events.record("action.evidence_unlinked", row, by=by, audience="council", payload={"ref": row.ref, "title": title})
    return title


def seen(priorities: Collection[ServedPriority]) -> str:
    """A page's mark of the priorities it shows."""
    return events.digest_of({"priorities": sorted(str(each.id) for each in priorities)}, "")


def set_priorities(row: Action, priority_ids: Collection[UUID], *, seen_as: str | None = None, by: Actor) -> None:
    """Say which corporate priorities a line (locked) serves. One that is past may stay, and is not chosen anew.

    seen_as: the mark of the page that was seen. Raises Conflict (theirs: the priorities as they stand) when somebody
    changed them since, Invalid (priorities).
    """
    there = load_details(row.council_id, [row.id])[row.id].priorities
    if seen_as is not None and seen_as != seen(there):
        raise Conflict(theirs=there)
    had = {each.id for each in there}
    known = {each.id: each for each in list_priorities(row.council_id)}
    wanted = set(priority_ids)
    if any(each not in known or (known[each].past and each not in had) for each in wanted):
        raise Invalid({"priorities": ["Choose priorities of the list."]})
    if wanted == had:
        return
    mine = (ActionPriority.council_id == row.council_id) & (ActionPriority.action_id == row.id)
    db.session.execute(delete(ActionPriority).where(mine, ActionPriority.priority_id.in_(had - wanted)))
    for each in sorted(wanted - had):
        db.session.add(ActionPriority(council_id=row.council_id, id=new_id(), action_id=row.id, priority_id=each))
    db.session.flush()
    titles = [known[each].title for each in known if each in wanted]
    payload = {"ref": row.ref, "priorities": "; ".join(titles)}
    events.record("action.priorities_chosen", row, by=by, audience="council", payload=payload)
