"""`python -m tests.bench [--councils N]… [--data DIR] [work…]`: one line of JSON for each work, then a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.ground import ground, standing
from tests.bench.pages import measure
from tests.bench.results import Result, table
from tests.bench.sums import growth, memory, weight
from tests.bench.works import ALONE, PAGES

COUNCILS = 400


def main(given: Sequence[str]) -> int:
    """Run the works of these names, or all."""
    options = _options(given)
    wanted = options.works or [*PAGES, *ALONE]
    results: list[Result] = []
    for result in _run(options.councils or [COUNCILS], wanted, options.data, told=results):
        results.append(result)
        print(result.line(), flush=True)
    print(f"\n{table(results)}")
    return 0


def _options(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="work", help=", ".join([*PAGES, *ALONE]))
    parser.add_argument(
        "--councils", type=int, action="append", metavar="N",
        help=f"how many the demo has, {COUNCILS} unless given; given more than once, growth is shown too",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the demo there for the next run")
    options = parser.parse_args(given)
    unknown = [name for name in options.works if name not in PAGES and name not in ALONE]
    if unknown:
        parser.error(f"no work is named {', '.join(unknown)}; there are {', '.join([*PAGES, *ALONE])}")
    return options


def _run(sizes: list[int], wanted: Sequence[str], data: Path | None, told: Sequence[Result]) -> Iterator[Result]:
    pages = [PAGES[name] for name in wanted if name in PAGES]
    by_size: dict[int, list[Result]] = {}
    for councils in sizes if pages else []:
        with standing(councils, pages, data) as there:
            for work in there.works:
                result = measure(there, work)
                by_size.setdefault(councils, []).append(result)
                yield result
            yield weight(there, by_size[councils])
            yield memory(there)
            if there.loading_seconds is not None:
                print(f"The demo of {councils:,} councils took {there.loading_seconds:.0f} s to load.", file=sys.stderr)
    yield from growth(by_size)
    for name in wanted:
        if name in ALONE:
            with ground() as there_alone:
                yield ALONE[name](there_alone)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
