"""The works: each a function from the ground to one result."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.ground import Ground
from tests.bench.results import Result
from tests.bench.works.matrix import region_matrix_400x45
from tests.bench.works.pipeline import region_pipeline_400
from tests.bench.works.seals import seal_60_files
from tests.bench.works.search import search_pages

WORKS: dict[str, Callable[[Ground], Result]] = {
    work.__name__: work
    for work in (
        region_matrix_400x45,
        region_pipeline_400,
        seal_60_files,
        search_pages,
    )
}
