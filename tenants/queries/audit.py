"""The log as a whole, read by its owner: across every scope, to check it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from saas.errors import NotFound
from saas.events import Event, EventHead, verify
from tenants.models.councils import Council, Region


def scope_name_of(session: Session, slug: str) -> str:
    """What the log of a council, a region or `platform` is called; raises NotFound."""
    if slug == "platform":
        return slug
    council_id = session.scalar(select(Council.id).where(Council.slug == slug))
    if council_id is not None:
        return f"council:{council_id}"
    region_id = session.scalar(select(Region.id).where(Region.slug == slug))
    if region_id is not None:
        return f"region:{region_id}"
    raise NotFound(f"There is no council or region named {slug}.")


def broken_chains(session: Session, scope: str | None) -> list[str]:
    """The words for the first broken link of each chain, in the order of their scopes; all chains without a scope."""
    heads = {head.scope: head for head in session.scalars(_of(select(EventHead), EventHead.scope, scope))}
    broken = []
    for name in sorted(heads):
        rows = list(_chain(session, name))
        words = verify(name, rows)
        last = rows[-1] if rows else None
        if words is None and (last is None or (last.seq, last.hash) != (heads[name].seq, heads[name].hash)):
            words = f"{name}: events are missing at its end"
        if words is not None:
            broken.append(words)
    unheaded = select(Event.scope).distinct().where(Event.scope.not_in(select(EventHead.scope)))
    broken += [f"{name}: the head of the log is missing" for name in session.scalars(_of(unheaded, Event.scope, scope))]
    return broken


def count_events(session: Session, scope: str | None) -> tuple[int, int]:
    """How many chains and how many events there are."""
    row = session.execute(_of(select(func.count(Event.scope.distinct()), func.count()), Event.scope, scope)).one()
    return row[0], row[1]


def _chain(session: Session, scope: str) -> Iterator[Event]:
    yield from session.scalars(select(Event).where(Event.scope == scope).order_by(Event.seq))


def _of(statement: Select, column: InstrumentedAttribute[str], scope: str | None) -> Select:
    return statement if scope is None else statement.where(column == scope)
