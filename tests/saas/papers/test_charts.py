"""Charts: the same data give the same bytes, told apart without colour, and texts are never formulas."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from saas.papers import bar_chart, line_chart

LEVELS = (("Charter", (3, 5)), ("Charter Plus", (1, 2)))


def test_the_same_data_give_the_same_bytes() -> None:
    first, again = (bar_chart(("2025", "2026"), LEVELS, "Seven councils.", key="holders") for _ in range(2))
    assert first == again
    assert (first.words, first.key, first.svg.lstrip().startswith("<?xml")) == ("Seven councils.", "holders", True)
    with Image.open(io.BytesIO(first.png)) as opened:
        assert (opened.format, opened.width) == ("PNG", 2010)
        assert round(opened.info["dpi"][0]) == 300


def test_series_differ_in_grey() -> None:
    chart = bar_chart(("2026",), (("One", (5,)), ("Two", (5,))), "Ten.")
    with Image.open(io.BytesIO(chart.png)) as opened:
        greys = opened.convert("L").getcolors(256) or []
    common = sorted(grey for count, grey in greys if count > 10_000 and grey < 250)
    assert len(common) >= 2
    assert common[-1] - common[0] > 80


def test_a_label_may_hold_what_is_a_formula_elsewhere() -> None:
    labels = ("$\\alpha$ & <b>", "Ŵythnos 😀", "A theme with a title that goes on and on for ever and ever")
    assert bar_chart(labels, (("Open", (1, 0, 1200)),), "Words.", lying=True).png.startswith(b"\x89PNG")


def test_percentages_are_drawn_out_of_a_hundred() -> None:
    """How far to the right the darkest bar goes, as a share of the whole picture."""

    def reach(value: int, *, percent: bool) -> float:
        chart = bar_chart(("All",), (("Middle", (value,)),), "Words.", lying=True, percent=percent)
        with Image.open(io.BytesIO(chart.png)) as opened:
            filled = opened.convert("RGB")
            row = [filled.getpixel((x, opened.height // 2)) for x in range(opened.width)]
        return max(x for x, colour in enumerate(row) if colour == (0x1D, 0x5D, 0x6B)) / len(row)

    assert reach(25, percent=True) < reach(50, percent=True) < reach(100, percent=True)
    assert reach(25, percent=False) == reach(50, percent=False)


def test_each_series_has_a_value_for_each_label() -> None:
    with pytest.raises(ValueError, match="one value"):
        bar_chart(("2025", "2026"), (("One", (5,)),), "Five.")


def test_lines_are_the_same_bytes_again_and_differ_where_a_point_is_hollow() -> None:
    labels, trusted, other = ("Cycle 1", "Cycle 2"), ((40, True), (60, True)), ((40, False), None)
    first, again = (line_chart(labels, (("A", trusted), ("B", other)), "Words.") for _ in range(2))
    assert first == again
    assert (first.words, first.svg.lstrip().startswith("<?xml"), first.png[:4]) == ("Words.", True, b"\x89PNG")
    assert first.svg != line_chart(labels, (("A", trusted), ("B", ((40, True), None))), "Words.").svg


def test_each_line_has_a_point_for_each_label() -> None:
    with pytest.raises(ValueError, match="one point"):
        line_chart(("Cycle 1", "Cycle 2"), (("A", ((40, True),)),), "Words.")
