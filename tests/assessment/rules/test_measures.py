"""Live measures: figures in words, frozen and read again as they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from assessment.rules.measures import MEASURES, Share, measured, thawed

MOMENT = datetime(2027, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (12, 15, "12 of 15 (80%)"),
        (0, 15, "0 of 15 (0%)"),
        (15, 15, "15 of 15 (100%)"),
        (399, 400, "399 of 400 (99%)"),
        (0, 0, "nothing to count yet"),
    ],
)
def test_figures_in_words(numerator: int, denominator: int, words: str) -> None:
    assert Share("", numerator, denominator).words == words
    assert measured("members_in_office", numerator, denominator, MOMENT).words == words


@pytest.mark.parametrize("code", list(MEASURES))
def test_what_was_frozen_is_read_as_it_was(code: str) -> None:
    live = measured(code, 3, 4, MOMENT, (Share("1 Commitment", 1, 2), Share("2 Strategy", 2, 2)))
    kept = json.loads(json.dumps(live.frozen()))
    assert thawed(kept) == live
    assert (kept["numerator"], kept["denominator"], kept["as_of"]) == (3, 4, "2027-03-01T12:30:00+00:00")
    assert set(kept) >= {"code", "title", "definition", "counts", "out_of", "exclusions", "unit", "parts"}


def test_every_measure_says_what_it_counts_and_what_not() -> None:
    for code, measure in MEASURES.items():
        texts = (measure.title, measure.definition, measure.counts, measure.out_of, measure.exclusions, measure.unit)
        assert measure.code == code
        assert all(texts)
        assert all(text.endswith(".") for text in texts[1:5])


def test_an_unknown_measure_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        measured("members_who_smile", 1, 2, MOMENT)
