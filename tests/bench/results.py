"""What one work of the bench comes to: figures, and whether its promise holds."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

KEYS = (
    "work", "size", "median_ms", "p95_ms", "rps_1", "rps_8", "statements", "bytes", "bare_ms", "hello_ms", "ratio",
    "target", "holds",
)  # fmt: skip
"""What every line has, in this order."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line. Times in milliseconds, `rps_…` requests per second at so many connections, `bytes` of the answer.

    `ratio` is what the promise is about (`target`, at most), with `most_statements` where their number is promised
    too; what a work does not have is None.
    """

    work: str
    size: str
    ratio: float
    target: float
    median_ms: float | None = None
    p95_ms: float | None = None
    rps_1: float | None = None
    rps_8: float | None = None
    statements: int | None = None
    bytes: int | None = None
    bare_ms: float | None = None
    hello_ms: float | None = None
    most_statements: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        few = self.statements is None or self.most_statements is None or self.statements <= self.most_statements
        return few and self.ratio <= self.target

    def line(self) -> str:
        """As one line of JSON."""
        told = asdict(self) | {"holds": self.holds}
        return json.dumps({name: _short(told[name]) for name in KEYS})


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value


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
            f"{each.ratio:.2f} ({_promise(each)}: {'holds' if each.holds else 'does not hold'})",
        )
        for each in results
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _promise(result: Result) -> str:
    statements = "" if result.most_statements is None else f", SQL {result.most_statements}"
    return f"at most {result.target:g}{statements}"
