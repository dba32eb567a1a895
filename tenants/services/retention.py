"""Keeping records no longer than the rules say: setting the rules, looking at what they would do, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import SERVICE, Actor
from tenants.models.data_protection import RetentionRule, RetentionRun
from tenants.queries.retention import Keeper, Term, list_own_rules, list_terms, version_of
from tenants.rules.retention import moment_before, why_not

Sweep = Callable[[Keeper, datetime, bool], int]
"""Removes (or, with False, only counts) what is older than a moment, in the keeper's scope; how many rows."""

LATE = "Somebody else changed how long records are kept in the meantime."


def set_months(keeper: Keeper, wanted: Mapping[str, int], *, version: int, by: Actor) -> list[str]:
    """Keep how many months each kind is kept from tonight on; the kinds that changed.

    wanted: kind → months. version: `version_of` the own rules on the page. Raises Invalid (the kind), Conflict when
    somebody else saved in the meantime.
    """
    own = list_own_rules(keeper)
    if version_of(own) != version:
        raise Conflict(LATE, version=version_of(own))
    terms = list_terms(keeper)
    _refuse(terms, wanted)
    held = {term.kind.code: term.months for term in terms}
    changed = {code: months for code, months in wanted.items() if held[code] != months}
    with turning("uq_retention_rules_kind", lambda: Conflict(LATE)):
        for code, months in changed.items():
            _set(keeper, own.get(code), code, months, by)
        db.session.flush()
    return sorted(changed)


def count_due(keeper: Keeper, sweeps: Mapping[str, Sweep], wanted: Mapping[str, int] | None = None) -> dict[str, int]:
    """What the rules would remove if they ran now: kind → rows. Nothing is touched.

    wanted: other months for some kinds. Raises Invalid (the kind) for months that cannot be chosen.
    """
    if wanted:
        _refuse(list_terms(keeper), wanted)
    return _sweep(keeper, sweeps, wanted or {}, really=False)


def run(keeper: Keeper, sweeps: Mapping[str, Sweep]) -> RetentionRun | None:
    """Remove what is older than the rules allow, in the keeper's scope; None where nothing was.

    sweeps: kind → what removes it. A kind of the keeper without one is a mistake.
    """
    counts = {code: count for code, count in _sweep(keeper, sweeps, {}, really=True).items() if count}
    if not counts:
        return None
    done = RetentionRun(
        id=new_id(), region_id=keeper.region_id, council_id=keeper.council_id, ran_at=clock.now(), counts=counts
    )
    db.session.add(done)
    db.session.flush()
    events.record("retention.ran", done, by=SERVICE, audience=keeper.side.value, payload={"counts": counts})
    return done


def _sweep(keeper: Keeper, sweeps: Mapping[str, Sweep], wanted: Mapping[str, int], *, really: bool) -> dict[str, int]:
    now = clock.now()
    terms = {term.kind.code: term.months for term in list_terms(keeper) if keeper.side in term.kind.sides}
    return {
        code: sweeps[code](keeper, moment_before(now, wanted.get(code, months)), really)
        for code, months in terms.items()
    }


def _refuse(terms: Sequence[Term], wanted: Mapping[str, int]) -> None:
    refused = {
        term.kind.code: [words]
        for term in terms
        if term.kind.code in wanted and (words := why_not(term.kind, wanted[term.kind.code], most=term.most))
    }
    if refused:
        raise Invalid(refused)


def _set(keeper: Keeper, rule: RetentionRule | None, code: str, months: int, by: Actor) -> None:
    now = clock.now()
    if rule is None:
        rule = RetentionRule(
            id=new_id(), region_id=keeper.region_id, council_id=keeper.council_id, kind=code, months=months, version=1,
            set_at=now, set_by_name=by.name,
        )  # fmt: skip
        db.session.add(rule)
    else:
        rule.months, rule.version, rule.set_at, rule.set_by_name = months, rule.version + 1, now, by.name
    payload = {"kind": code, "months": months}
    events.record("retention.set", rule, by=by, audience=keeper.side.value, payload=payload)
