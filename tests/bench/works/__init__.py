"""The works: pages that are asked of a server that holds the demo, and works that stand on a ground of their own."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.ground import Ground
from tests.bench.results import Result
from tests.bench.story import Story
from tests.bench.work import Work
from tests.bench.works.assessor_pages import assessor_screen, save_score
from tests.bench.works.council_pages import (
    list_of_300,
    open_self_assessment,
    plan_among_all,
    plan_of_100_filtered,
    save_answer,
    self_assessment_among_all,
)
from tests.bench.works.file_pages import download_1_mb, upload_1_mb
from tests.bench.works.region_pages import region_matrix, region_pipeline
from tests.bench.works.seals import seal_60_files
from tests.bench.works.search import search_pages

PAGES: dict[str, Callable[[Story], Work]] = {
    work.__name__: work
    for work in (
        open_self_assessment,
        save_answer,
        assessor_screen,
        save_score,
        plan_of_100_filtered,
        self_assessment_among_all,
        plan_among_all,
        region_pipeline,
        region_matrix,
        list_of_300,
        upload_1_mb,
        download_1_mb,
    )
}
ALONE: dict[str, Callable[[Ground], Result]] = {work.__name__: work for work in (seal_60_files, search_pages)}
