"""What one work of the bench comes to: figures, and whether its promise holds."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One line. Times in milliseconds, `rps_…` requests per second at so many connections, `bytes` of the answer.

    `ratio` is what the promise is about (`target`, at most); what a work does not have is None.
    """

    work: str
    size: str
    median_ms: float
    p95_ms: float
    ratio: float
    target: float
    rps_1: float | None = None
    rps_8: float | None = None
    statements: int | None = None
    bytes: int | None = None
    bare_ms: float | None = None
    hello_ms: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio <= self.target

    def line(self) -> str:
        """As one line of JSON."""
        kept = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return json.dumps({**kept, "holds": self.holds})


def median(values: Sequence[float]) -> float:
    """The value in the middle."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 stay below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def table(results: Sequence[Result]) -> str:
    """The results for people, one row each."""
    heads = ("work", "size", "median ms", "p95 ms", "rps 1", "rps 8", "SQL", "bytes", "bare ms", "hello ms", "ratio")
    rows = [heads] + [
        (
            each.work,
            each.size,
            *(
                "" if value is None else f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
                for value in (
                    each.median_ms, each.p95_ms, each.rps_1, each.rps_8, each.statements, each.bytes, each.bare_ms,
                    each.hello_ms,
                )
            ),
            f"{each.ratio:.2f} (at most {each.target:g}: {'holds' if each.holds else 'does not hold'})",
        )
        for each in results
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
