"""Charts for papers: bars with their numbers, and lines over time, told apart in greyscale, as SVG and as PNG."""

from __future__ import annotations

import io
import logging
import math
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from saas.papers.blocks import Picture
from saas.papers.pdf import FONTS

INK, QUIET = "#0b0c0c", "#505a5f"
FILLS = (("#1d5d6b", ""), ("#c9d6da", "///"), ("#6f9aa5", "..."), ("#ffffff", "xxx"), ("#3b3f42", "\\\\\\"))
"""Colour and hatch of one series after the other: they differ in lightness and in pattern."""
LIGHTNESS = (0, 1, 1, 1, 0)
"""Whether dark words stand on a fill."""
LINES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"), ("-", "v"), ("--", "P"), (":", "X"), ("-.", "*"))
"""Stroke and mark of one line after the other."""
COLOURS = (INK, "#1d5d6b", "#7a3b1d", QUIET)
BREADTH, HEIGHT, LINE = 6.7, 2.9, 0.36
"""Inches: the width of the text, the height of standing bars, and that of one lying bar."""
DOTS = 300
MOST_BESIDE = 5
"""Names of lines beside each other."""
LONGEST_LABEL = 34
"""Characters of a line; a label beside a bar that lies has two of them."""
SETTINGS: Any = {
    "font.family": ["Atkinson Hyperlegible Next", "DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "charterway",
}
Point = tuple[int, bool]
"""Percent, and whether it stands for enough to be trusted: one that does not is drawn hollow."""
_drawing = threading.Lock()
"""The settings of the drawing library are the whole process's."""


def bar_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int]]],
    words: str,
    *,
    key: str = "",
    lying: bool = False,
    percent: bool = False,
) -> Picture:
    """A bar for each label, made of the values of all series; the same data give the same bytes.

    series: name and one value for each label. words: what the chart says, for who cannot see it. Several series stand
    upon each other and have a legend. percent: the values are percentages, and a bar of 100 fills the chart.
    """
    if any(len(values) != len(labels) for _, values in series):
        raise ValueError("a chart needs one value of each series for each label")
    with _drawing:
        return Picture(*_drawn(labels, series, lying=lying, percent=percent), words, key=key)


def line_chart(labels: Sequence[str], lines: Sequence[tuple[str, Sequence[Point | None]]], words: str) -> Picture:
    """A line for each name over the labels, in percent; the same data give the same bytes.

    lines: a short name, such as a code, and one point for each label; at None, where nothing is known, a line breaks.
    words: what the chart says, for who cannot see it.
    """
    if any(len(points) != len(labels) for _, points in lines):
        raise ValueError("a chart needs one point of each line for each label")
    with _drawing:
        return Picture(*_lined(labels, lines), words)


def _drawn(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, lying: bool, percent: bool
) -> tuple[str, bytes]:
    height = LINE * len(labels) + 0.5 if lying else HEIGHT
    with _canvas(height + (0.3 if len(series) > 1 else 0)) as figure:
        _add_bars(figure.add_subplot(), labels, series, lying=lying, percent=percent)
        return _saved(figure)


def _lined(labels: Sequence[str], lines: Sequence[tuple[str, Sequence[Point | None]]]) -> tuple[str, bytes]:
    with _canvas(HEIGHT) as figure:
        axes = figure.add_subplot()
        for number, (name, points) in enumerate(lines):
            stroke, mark = LINES[number % len(LINES)]
            colour = COLOURS[number % len(COLOURS)]
            heights = [math.nan if point is None else point[0] for point in points]
            hollow = [math.nan if point is None or point[1] else point[0] for point in points]
            mine = {"marker": mark, "color": colour, "clip_on": False}
            axes.plot(heights, linestyle=stroke, label=name, **mine)
            axes.plot(hollow, linestyle="", markerfacecolor="#ffffff", zorder=4, **mine)
        axes.set_xticks(range(len(labels)), labels)
        axes.set_xlim(-0.3, len(labels) - 0.7)
        axes.set_ylim(0, 100)
        axes.set_yticks(range(0, 101, 25), [f"{percent}%" for percent in range(0, 101, 25)])
        axes.grid(axis="y", color="#b1b4b6", linewidth=0.6)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        figure.legend(
            loc="outside upper left",
            ncols=min(len(lines), MOST_BESIDE),
            frameon=False,
            handlelength=2.4,
            columnspacing=1.1,
        )
        return _saved(figure)


@contextmanager
def _canvas(height: float) -> Iterator[Any]:
    """An empty drawing of so many inches, in our own type."""
    # It takes half a second to be imported, which only who asks for a chart should wait for.
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for font in sorted(FONTS.glob("*.ttf")):
        if str(font) not in known:
            font_manager.fontManager.addfont(font)
    with mpl.rc_context(SETTINGS):
        yield Figure(figsize=(BREADTH, height), layout="constrained")


def _saved(figure: Any) -> tuple[str, bytes]:
    svg, png = io.StringIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=DOTS, metadata={"Software": None})
    return svg.getvalue(), png.getvalue()


def _add_bars(
    axes: Any, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, lying: bool, percent: bool
) -> None:
    places, below = range(len(labels)), [0] * len(labels)
    totals = [sum(values[place] for _, values in series) for place in places]
    for number, (name, values) in enumerate(series):
        colour, hatch = FILLS[number % len(FILLS)]
        look = {"color": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.8, "label": name}
        bars = (axes.barh if lying else axes.bar)(places, values, 0.62, below, **look)
        if len(series) > 1:
            dark = LIGHTNESS[number % len(FILLS)]
            texts = [f"{value:,}" if value * 14 >= max(totals) else "" for value in values]
            box = {"facecolor": colour, "edgecolor": "none", "pad": 1.2} if hatch else None
            axes.bar_label(bars, texts, label_type="center", color=INK if dark else "#ffffff", bbox=box, size=9)
        below = [one + value for one, value in zip(below, values, strict=True)]
    for place, total in zip(places, totals, strict=True):
        at, aligned = ((total, place), {"va": "center"}) if lying else ((place, total), {"ha": "center"})
        offset = (4, 0) if lying else (0, 3)
        axes.annotate(
            f"{total:,}{'%' if percent else ''}", at, offset, textcoords="offset points", weight="bold", **aligned
        )
    shown = [_label(label, 2 if lying else 1) for label in labels]
    (axes.set_yticks if lying else axes.set_xticks)(list(places), shown)
    if lying:
        axes.invert_yaxis()
    # Every bar has its number, so that an axis of numbers would say it twice.
    (axes.xaxis if lying else axes.yaxis).set_visible(False)
    (axes.set_xlim if lying else axes.set_ylim)(0, (100 if percent else max(*totals, 1)) * 1.12)
    for side in ("top", "right", "bottom" if lying else "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if len(series) > 1:
        axes.figure.legend(loc="outside upper left", ncols=len(series), frameon=False, handlelength=1.6)


def _label(label: str, lines: int) -> str:
    return "\n".join(textwrap.wrap(label, LONGEST_LABEL, max_lines=lines, placeholder="…"))
