"""How long what is kept in one council or region, and what the rules did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from saas.db import db
from saas.policy import Place
from saas.tenancy import Scope
from tenants.models.data_protection import RetentionRule, RetentionRun
from tenants.rules.retention import Kind, Side, kinds_of, months_that_hold, most_for_council


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps the records: a council, or a region where no council is named."""

    region_id: UUID
    council_id: UUID | None

    @classmethod
    def of(cls, place: Place) -> Keeper:
        """The keeper that a viewer's place is."""
        if place.region_id is None or place.id is None:
            raise ValueError("the platform keeps no records")
        return cls(place.region_id, place.id if place.kind == "council" else None)

    @classmethod
    def of_scope(cls, scope: Scope) -> Keeper:
        """The keeper in whose scope a job runs."""
        region_id = scope.region_id or scope.home_region_id
        if region_id is None:
            raise ValueError("this scope keeps no records")
        return cls(region_id, scope.council_id)

    @property
    def side(self) -> Side:
        """Whether it is a council or a region."""
        return Side.COUNCIL if self.council_id else Side.REGION

    def holds(self, model: type[RetentionRule] | type[RetentionRun]) -> ColumnElement[bool]:
        """The condition that a row is this keeper's own."""
        council = model.council_id.is_(None) if self.council_id is None else model.council_id == self.council_id
        return and_(model.region_id == self.region_id, council)


@dataclass(frozen=True, slots=True)
class Term:
    """What holds for one kind: the months, the most that may be chosen, and whether they are set, by whom."""

    kind: Kind
    months: int
    most: int
    own: RetentionRule | None
    of_region: int | None

    @property
    def source(self) -> str:
        """Who set the months, in words."""
        if self.own is not None and self.own.months == self.months:
            return f"Set by {self.own.set_by_name}"
        return "Set by your region" if self.of_region is not None else "Usual"


def list_own_rules(keeper: Keeper) -> dict[str, RetentionRule]:
    """The keeper's own rules by kind."""
    rows = db.session.scalars(select(RetentionRule).where(keeper.holds(RetentionRule)))
    return {row.kind: row for row in rows}


def list_terms(keeper: Keeper) -> list[Term]:
    """What holds for every kind of record of this keeper; of a region also the kinds that only its councils keep."""
    own = list_own_rules(keeper)
    if keeper.side is Side.REGION:
        return [_of_region(kind, own) for kind in _all_kinds()]
    region = {code: row.months for code, row in list_own_rules(Keeper(keeper.region_id, None)).items()}
    return [_of_council(kind, own.get(kind.code), region.get(kind.code)) for kind in kinds_of(Side.COUNCIL)]


def version_of(rules: Mapping[str, RetentionRule]) -> int:
    """One number for all of a keeper's rules, larger with each change of any."""
    return sum(rule.version for rule in rules.values())


def list_runs(keeper: Keeper, *, limit: int = 20) -> list[RetentionRun]:
    """What the rules did, newest first; days on which nothing was due are not among them."""
    wanted = select(RetentionRun).where(keeper.holds(RetentionRun))
    return list(db.session.scalars(wanted.order_by(RetentionRun.ran_at.desc(), RetentionRun.id).limit(limit)))


def _all_kinds() -> list[Kind]:
    region = kinds_of(Side.REGION)
    return [*region, *[kind for kind in kinds_of(Side.COUNCIL) if kind not in region]]


def _of_region(kind: Kind, own: Mapping[str, RetentionRule]) -> Term:
    rule = own.get(kind.code)
    months = months_that_hold(kind, of_region=rule.months if rule else None, of_council=None)
    return Term(kind, months, kind.most, rule, None)


def _of_council(kind: Kind, own: RetentionRule | None, of_region: int | None) -> Term:
    months = months_that_hold(kind, of_region=of_region, of_council=own.months if own else None)
    return Term(kind, months, most_for_council(kind, of_region), own, of_region)
