"""`python -m tests.bench [work…]`: one line of JSON for each work, then a table."""

from __future__ import annotations

import sys

from tests.bench.ground import ground
from tests.bench.results import Result, table
from tests.bench.works import WORKS


def main(wanted: list[str]) -> int:
    """Run the works of these names, or all; 2 for a name that is none."""
    unknown = [name for name in wanted if name not in WORKS]
    if unknown:
        print(f"bench: no work is named {', '.join(unknown)}; there are {', '.join(WORKS)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in wanted or list(WORKS):
        with ground() as standing:
            results.append(WORKS[name](standing))
        print(results[-1].line(), flush=True)
    print(f"\n{table(results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
