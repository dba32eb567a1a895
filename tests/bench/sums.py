"""What is said of a whole run: the heaviest page, the memory of the web workers, and growth from size to size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.bench.ground import Standing
from tests.bench.results import Result

HEAVIEST_KB, MOST_MB = 120, 200
OF_THE_COUNCIL = (
    "open_self_assessment", "save_answer", "assessor_screen", "save_score", "plan_of_100_filtered", "list_of_300",
    "upload_1_mb", "download_1_mb",
)  # fmt: skip
"""Works that no other council should make slower, and by how much at most they may grow."""
SAME = 1.2
OF_NO_PAGE = ("upload_1_mb", "download_1_mb")


def weight(there: Standing, results: Sequence[Result]) -> Result:
    """The heaviest page of those measured, in kilobytes of HTML before they are compressed."""
    pages = [each for each in results if each.work not in OF_NO_PAGE]
    heaviest = max(pages or results, key=lambda each: each.bytes or 0)
    size = heaviest.bytes or 0
    return Result(
        work="heaviest_page",
        size=f"{heaviest.work}, {there.councils:,} councils",
        bytes=size,
        ratio=size / 1000,
        target=HEAVIEST_KB,
    )


def memory(there: Standing) -> Result:
    """Both web workers together after all of it, in megabytes: the target is what a neighbour needs many times of."""
    size = there.product.worker_bytes()
    return Result(
        work="memory_of_workers",
        size=f"2 workers × 4 threads, {there.councils:,} councils",
        bytes=size,
        ratio=size / 1_000_000,
        target=MOST_MB,
    )


def growth(by_size: Mapping[int, Sequence[Result]]) -> Iterator[Result]:
    """Each work at the largest size beside the smallest; the region's pages may grow as the councils do."""
    if len(by_size) < 2:
        return
    smallest, largest = min(by_size), max(by_size)
    before = {each.work: each for each in by_size[smallest]}
    for result in by_size[largest]:
        first = before[result.work]
        if result.median_ms is None or not first.median_ms:
            continue
        yield Result(
            work=f"growth_of_{result.work}",
            size=f"{smallest:,} to {largest:,} councils",
            median_ms=result.median_ms,
            bare_ms=first.median_ms,
            ratio=result.median_ms / first.median_ms,
            target=SAME if result.work in OF_THE_COUNCIL or result.work.endswith("_among_all") else largest / smallest,
        )
