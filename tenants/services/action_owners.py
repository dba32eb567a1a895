"""The owners of a line, as a person confirms them; several, of whom at most one is accountable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete

from saas import events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.action_details import OWNER_KINDS, ActionOwner
from tenants.models.plans import Action, Plan
from tenants.queries.action_details import Owner, load_details
from tenants.queries.plans import list_held_actions
from tenants.rules import owners as rules
from tenants.rules.action_words import line_name

MOST = 12
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that nobody confirmed owners of, and those that its words name. value: its mark on a page."""

    row: Action | Row[Any]
    owners: tuple[Owner, ...]
    value: str


def propose(row: Action | Row[Any]) -> tuple[Owner, ...]:
    """The owners that the line's own words name, to be confirmed."""
    return tuple(
        Owner(each.kind, each.name[:LONGEST_NAME], each.accountable) for each in rules.propose(row.responsibility)
    )


def list_proposals(council_id: UUID, rows: Sequence[Action | Row[Any]]) -> list[Proposal]:
    """What the words of these lines propose, of those without confirmed owners; in their order."""
    details = load_details(council_id, [row.id for row in rows])
    proposed = [(row, propose(row)) for row in rows if not details[row.id].owners]
    return [Proposal(row, owners, f"{row.id}:{seen(owners)}") for row, owners in proposed if owners]


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
    if tuple(sorted(wanted, key=lambda owner: not owner.accountable)) != there:
        _keep({row: wanted}, by=by)


def confirm_many(plan: Plan, ticked: Collection[str], *, by: Actor) -> int:
    """Confirm the proposed owners of many lines of a plan at once, all of them or none; how many lines.

    ticked: the `value` of each Proposal that is right. Raises Conflict (theirs: the names of the lines that have
    owners or other words since, empty where the line is gone) when one of them is not proposed any more.
    """
    rows = list_held_actions(plan)
    offered = {each.value: each for each in list_proposals(plan.council_id, rows)}
    gone = {value.partition(":")[0] for value in ticked if value not in offered}
    if gone:
        raise Conflict(theirs=tuple(line_name(row.ref, row.action) for row in rows if str(row.id) in gone))
    chosen = {row: each.owners for value in ticked for each in [offered[value]] if isinstance(row := each.row, Action)}
    for owners in chosen.values():
        _check(owners)
    _keep(chosen, by=by)
    return len(chosen)


def _keep(chosen: Mapping[Action, Sequence[Owner]], *, by: Actor) -> None:
    """Let these be the owners of these lines of one council, in this order; two statements for any number."""
    councils = {row.council_id for row in chosen}
    lines = [row.id for row in chosen]
    db.session.execute(
        delete(ActionOwner).where(ActionOwner.council_id.in_(councils), ActionOwner.action_id.in_(lines))
    )
    db.session.add_all(
        ActionOwner(
            council_id=row.council_id,
            id=new_id(),
            action_id=row.id,
            position=position,
            kind=each.kind,
            name=each.name,
            accountable=each.accountable,
        )
        for row, owners in chosen.items()
        for position, each in enumerate(owners, start=1)
    )
    db.session.flush()
    for row, owners in chosen.items():
        payload = {"ref": row.ref, "owners": "; ".join(map(in_words, owners))}
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
