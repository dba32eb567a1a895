"""The statuses of an answer, and the one number that says how far all of them are."""

from __future__ import annotations

import pytest

from assessment.rules.answering import LABELS, Progress, Standing, Status, counts, progress_of, status_of
from assessment.rules.framework_tree import Framework

JUDGED = Standing("met", touched=True)
RETURNED = Standing("met", touched=True, asked=True)


@pytest.mark.parametrize(
    ("standing", "status", "counted"),
    [
        (Standing(), Status.NOT_STARTED, False),
        (Standing(touched=True), Status.IN_PROGRESS, False),
        (JUDGED, Status.JUDGED, True),
        (Standing("met"), Status.JUDGED, True),
        (Standing("not_applicable"), Status.IN_PROGRESS, False),
        (Standing("not_applicable", reasoned=True, touched=True), Status.NOT_NEEDED, True),
        (Standing("of another scale", touched=True), Status.IN_PROGRESS, False),
        (Standing("met", touched=True, carried=True), Status.CARRIED, False),
        (Standing("met", touched=True, carried=True, confirmed=True), Status.JUDGED, True),
        (RETURNED, Status.CHANGES_ASKED, True),
        (Standing("met", touched=True, asked=True, changed=True), Status.CHANGED_SINCE, True),
        (Standing(None, touched=True, asked=True, changed=True), Status.CHANGED_SINCE, False),
    ],
)
def test_an_answer_has_one_status_and_counts_or_not(
    small: Framework, standing: Standing, status: Status, counted: bool
) -> None:
    assert (status_of(small, standing), counts(small, standing)) == (status, counted)


def test_every_status_has_its_words() -> None:
    assert set(LABELS) == set(Status)


def test_the_number_is_of_the_requirements_that_the_level_asks_for(small: Framework) -> None:
    standings = {
        "1.1.1": JUDGED,
        "1.1.2": Standing("met", touched=True, carried=True),
        "2.1.2": JUDGED,
        "of elsewhere": JUDGED,
    }
    charter, plus = (progress_of(small, level, standings) for level in ("charter", "plus"))
    assert (charter, plus) == (Progress(1, 3), Progress(2, 4))
    assert charter.words == "1 of 3 requirements judged"
    assert Progress(1, 1).words == "1 of 1 requirement judged"


def test_nothing_to_judge_is_not_complete() -> None:
    assert [Progress(*each).is_complete for each in ((3, 3), (2, 3), (0, 0))] == [True, False, False]


def test_the_definition_says_what_counts_and_what_does_not() -> None:
    assert Progress(0, 3).definition == (
        "A requirement counts once it is judged, also while you change what the region asked for;"
        " one that is not applicable counts once its reason is given."
        " Words or evidence without a judgement do not count,"
        " nor does an answer carried from the last cycle, or taken from a document, before somebody confirms it."
    )
