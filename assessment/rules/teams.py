"""The places of a team: what the region's process asks for, and which of them are still empty."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessment.rules.processes import Process

LONGEST_REASON, LONGEST_HOME = 1_000, 200
"""Characters of why somebody leaves a team, and of the council he or she comes from."""
CAPACITIES = ("officer", "councillor", "regional")
INCOMPLETE = "Somebody who scored has left the team. Fill the place first: the file is then scored again."
LABELS = {"officer": "Officer", "councillor": "Councillor", "regional": "Regional lead"}


@dataclass(frozen=True)
class Place:
    """One place of a team. `key` names it in a form; who scores has the duty "scorer", who only leads has "lead"."""

    key: str
    label: str
    duty: str
    capacity: str

    @property
    def scores(self) -> bool:
        """Whether who sits here scores."""
        return self.duty == "scorer"

    @property
    def asks_for(self) -> str | None:
        """The capacity that whoever sits here must have; None for a seat with a name of the region's own."""
        return self.capacity if self.key.rpartition("_")[0] in CAPACITIES else None


def places(process: Process) -> tuple[Place, ...]:
    """The places a process asks for, in its order. Who neither scores nor leads has no place in the service."""
    found = []
    for seat in process.team:
        if not (seat.scores or seat.leads):
            continue
        capacity = seat.seat if seat.seat in CAPACITIES else "regional" if seat.leads else "officer"
        named = LABELS[capacity] if seat.seat in CAPACITIES else seat.seat.replace("_", " ").capitalize()
        for number in range(1, seat.number + 1):
            label = named if seat.number == 1 else f"{named} {number}"
            found.append(Place(f"{seat.seat}_{number}", label, "scorer" if seat.scores else "lead", capacity))
    return tuple(found)


def vacant(process: Process, seated: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """The places nobody sits in; `seated` holds (duty, capacity) of everybody who is assigned and not withdrawn."""
    left = list(places(process))
    for duty, capacity in seated:
        taken = next((place for place in left if (place.duty, place.capacity) == (duty, capacity)), None)
        if taken is not None:
            left.remove(taken)
    return tuple(left)
