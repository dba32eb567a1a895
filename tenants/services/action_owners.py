"""The owners of a line, as a person confirms them; several, of whom at most one is accountable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete

from saas import events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.action_details import OWNER_KINDS, ActionOwner
from tenants.models.plans import Action
from tenants.queries.action_details import Owner, load_details
from tenants.rules import owners as rules

MOST = 12
LONGEST_NAME = 300


def propose(row: Action | Row[Any]) -> tuple[Owner, ...]:
    """The owners that the line's own words name, to be confirmed."""
    return tuple(
        Owner(each.kind, each.name[:LONGEST_NAME], each.accountable) for each in rules.propose(row.responsibility)
    )


def seen(owners: Iterable[Owner]) -> str:
    """A page's mark of the owners it shows; `confirm` tells by it whether somebody changed them since."""
    return events.digest_of({"owners": [[each.kind, each.name, each.accountable] for each in owners]}, "")


def confirm(row: Action, owners: Sequence[Owner], *, seen_as: str | None = None, by: Actor) -> None:
    """Set who does a line (locked by `get_action(lock=True)`), in this order; `responsibility` stays as it is written.

    seen_as: the mark of the page that was seen. Raises Conflict (theirs: the owners as they stand) when somebody
    changed them since, Invalid (owners).
    """
    there = load_details(row.council_id, [row.id])[row.id].owners
    if seen_as is not None and seen_as != seen(there):
        raise Conflict(theirs=there)
    wanted = [Owner(each.kind, " ".join(each.name.split()), each.accountable) for each in owners]
    _check(wanted)
    if tuple(sorted(wanted, key=lambda owner: not owner.accountable)) == there:
        return
    mine = (ActionOwner.council_id == row.council_id) & (ActionOwner.action_id == row.id)
    db.session.execute(delete(ActionOwner).where(mine))
    for position, each in enumerate(wanted, start=1):
        db.session.add(
            ActionOwner(
                council_id=row.council_id,
                id=new_id(),
                action_id=row.id,
                position=position,
                kind=each.kind,
                name=each.name,
                accountable=each.accountable,
            )
        )
    db.session.flush()
    payload = {"ref": row.ref, "owners": "; ".join(map(in_words, wanted))}
    events.record("action.owners_confirmed", row, by=by, audience="council", payload=payload)


def in_words(owner: Owner) -> str:
    """ "Head of Democratic Services (accountable)"."""
    name = owner.name or rules.KIND_LABELS[owner.kind]
    return f"{name} (accountable)" if owner.accountable else name


def _check(wanted: Sequence[Owner]) -> None:
    problems = []
    if len(wanted) > MOST:
        problems.append(f"A line has {MOST} owners at most.")
    if any(each.kind not in OWNER_KINDS for each in wanted):
        problems.append("Choose what each owner is.")
    if any(not each.name and each.kind != rules.TO_BE_AGREED for each in wanted):
        problems.append("Enter the name of each owner.")
    if any(len(each.name) > LONGEST_NAME for each in wanted):
        problems.append(f"The name of an owner must be {LONGEST_NAME} characters or fewer.")
    if len({(each.kind, each.name) for each in wanted}) < len(wanted):
        problems.append("Name each owner once.")
    if sum(each.accountable for each in wanted) > 1:
        problems.append("Only one owner can be accountable.")
    if any(each.accountable and each.kind == rules.TO_BE_AGREED for each in wanted):
        problems.append("An owner still to be agreed cannot be accountable.")
    if problems:
        raise Invalid({"owners": problems})
