"""One work that is asked of the web server: by whom, with what request, and the floor it stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.floors import Floor
from tests.bench.visitor import Call, Visitor

Ask = Callable[[Visitor, int], Call]
"""The request of one connection; each has a number from 0, so that none writes where another does."""


@dataclass(frozen=True)
class Work:
    """One work. floor: the bare statement, or the e-mail address of another person who asks the same."""

    name: str
    size: str
    who: str
    ask: Ask
    floor: Floor | str
    target: float
    most_statements: int | None = None
    status: int = 200
    shows: bytes = b""
    """What stands in the answer when it is the right one."""
    tidy: bool = False
    """Whether the product says something on the next page."""
