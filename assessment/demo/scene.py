"""The scene: what is there before anything is played, and how a step of the demo reaches the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from assessment.demo.places import OFFICER, SignIn
from saas import clock
from saas.tenancy import Actor, Scope
from saas.transaction import not_at_once, within

COUNT_BITS, CHANCE_BITS = 32, 42
NOT_YET = UUID(int=0)


@dataclass
class Scene:
    """The region with its frameworks and people on the demo's last day. Ids by code, slug and e-mail address."""

    today: date
    seed: str
    usual: str
    region_id: UUID = field(default=NOT_YET)
    frameworks: dict[str, UUID] = field(default_factory=dict)
    councils: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)

    def chance(self, *about: object) -> Random:
        """Chance that falls the same way at every load, of its own for each thing it is about."""
        return Random(":".join(map(str, (self.seed, *about))))  # noqa: S311 - made-up content, no secret

    def actor(self, person: SignIn) -> Actor:
        """The person as who does something."""
        return Actor(self.users[person.email], person.name)

    def in_council(self, slug: str, person: SignIn | None = None) -> Scope:
        """The scope of a council, for somebody of it or for the service."""
        return Scope.council(self.councils[slug], self.region_id, self.users[person.email] if person else None)

    def in_region(self, person: SignIn = OFFICER) -> Scope:
        """The scope of the region."""
        return Scope.region(self.region_id, self.users[person.email])

    def in_file(self, accreditation_id: UUID, person: SignIn) -> Scope:
        """The scope of an assessor's file."""
        return Scope.file(accreditation_id, self.region_id, self.users[person.email])

    def moment(self, days_ago: int, hour: int = 10) -> datetime:
        """An instant of the past, `days_ago` before the demo's last day."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), UTC)


@contextmanager
def opened(scope: Scope) -> Iterator[Session]:
    """One transaction of this scope. A demo that a power cut tears is loaded again, so no commit waits for the disk."""
    with not_at_once(), within(scope) as session:
        yield session


class Ids:
    """Ids as the product makes them (UUIDv7, in order of time), but the same at every load."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.count = 0

    def __call__(self) -> UUID:
        self.count += 1
        millisecond = int(clock.now().timestamp() * 1000)
        tail = (self.count % (1 << COUNT_BITS)) << CHANCE_BITS | self.chance.getrandbits(CHANCE_BITS)
        high, low = tail >> 62, tail & ((1 << 62) - 1)
        return UUID(int=millisecond << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
