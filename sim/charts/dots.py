"""What could come? Each run a dot, and the share of the runs at or under a value; chance and assumptions apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from sim.charts.numbers import number
from sim.charts.style import ACCENT, GREY, INK, PALE, dress, tint
from sim.study import statistics
from sim.study.statistics import Floats

_BINS = 36
_LARGEST, _SMALLEST = 11.0, 2.5


@dataclass(frozen=True)
class DotsWords:
    """Words in both charts: a chart itself speaks no language.

    Attributes:
        chance: Name of the runs with central values.
        drawn: Name of the runs with drawn assumptions.
        counted: What is on the horizontal axis, under the title.
        zero: At the line of no difference; "" = the values are levels, and there is no such line.
        run: In the tip of a dot, with `{run}` and `{value}`.
        share: In the tip of a curve, with `{share}` and `{value}`.
        shared: Under the title of the curves.
    """

    chance: str
    drawn: str
    counted: str
    zero: str
    run: str
    share: str
    shared: str


@dataclass(frozen=True)
class Summary:
    """Where the runs lie: least, one in ten, middle, nine in ten, most."""

    runs: int
    least: float
    low: float
    middle: float
    high: float
    most: float


def summary(values: Floats) -> Summary:
    """Quantiles of the runs that have a value."""
    values = values[~np.isnan(values)]
    if not len(values):
        return Summary(0, *(float("nan"),) * 5)
    low, middle, high = (float(q) for q in statistics.band(values, (0.1, 0.5, 0.9)))
    return Summary(len(values), float(values.min()), low, middle, high, float(values.max()))


def stacked(values: Floats, edges: Floats) -> tuple[Floats, Floats]:
    """Place of each dot: the middle of its bin, and its height in the pile (1 = lowest), in the order of the runs."""
    if not len(values):
        return values, values
    width = edges[1] - edges[0]
    column = np.clip(((values - edges[0]) / width).astype(int), 0, len(edges) - 2)
    height = np.zeros(len(values))
    for one in np.unique(column):
        there = np.flatnonzero(column == one)
        # Within a pile from low to high, so that a pointer reads it as an axis.
        order = there[np.argsort(values[there], kind="stable")]
        height[order] = np.arange(1, len(there) + 1)
    return edges[0] + (column + 0.5) * width, height


def dots(
    chance: Floats, drawn: Floats, *, title: str, words: DotsWords, decimals: int = 0, height: int = 330
) -> go.Figure:
    """Draw each run as a dot: above those in which only luck differs, below those with other assumptions as well.

    Args:
        chance: One value per run with central values; NaN = not there.
        drawn: The same with drawn assumptions; empty = none, and one row is drawn.
        title: The message, as a sentence.
        words: Words in the chart.
        decimals: Of the numbers in tips.
        height: Pixels.
    """
    rows = [(words.chance, chance, ACCENT), (words.drawn, drawn, tint(ACCENT, 0.55))]
    rows = [row for row in rows if (~np.isnan(row[1])).any()]
    edges = _edges(np.concatenate([chance, drawn]), zero=bool(words.zero))
    placed = [(name, v, *stacked(v[~np.isnan(v)], edges), colour) for name, v, colour in rows]
    tallest = max([1.0, *(float(h.max()) for *_, h, _ in placed)])
    pixels = (height - 110) / max(len(placed), 1)
    size = float(np.clip((pixels - 26) / tallest, _SMALLEST, _LARGEST))
    room = max(tallest * 1.0, (pixels - 26) / size)
    step = room * pixels / max(pixels - 26, 1)
    figure = go.Figure()
    for i, (name, values, x, y, colour) in enumerate(placed):
        base = (len(placed) - 1 - i) * step
        runs = np.flatnonzero(~np.isnan(values))
        tips = [
            words.run.format(run=r + 1, value=number(float(v), decimals))
            for r, v in zip(runs, values[runs], strict=True)
        ]
        figure.add_scatter(
            x=x, y=base + y - 0.5, mode="markers", name=name, hovertext=tips, hoverinfo="text",
            marker={"size": size, "color": colour, "line": {"width": 0.5, "color": "white"}},
        )  # fmt: skip
        figure.add_hline(y=base, line={"color": GREY, "width": 1})
        figure.add_annotation(
            x=0, xref="paper", y=base + step, yanchor="top", xanchor="left", text=name, showarrow=False,
            font={"size": 12.5, "color": INK},
        )  # fmt: skip
        figure.add_scatter(
            x=[summary(values).middle], y=[base], mode="markers", hoverinfo="skip", name="",
            marker={"symbol": "triangle-up", "size": 11, "color": INK}, cliponaxis=False,
        )  # fmt: skip
    _zero_line(figure, words.zero, edges)
    figure.update_yaxes(visible=False, range=[-0.04 * step, step * max(len(placed), 1)])
    figure.update_xaxes(range=[edges[0], edges[-1]], gridcolor=PALE, zeroline=False, nticks=7)
    dress(figure, title, words.counted, height)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 54, "b": 28}, hovermode="closest")
    return figure


def s_curve(
    chance: Floats, drawn: Floats, *, title: str, words: DotsWords, decimals: int = 0, height: int = 330
) -> go.Figure:
    """Draw which share of the runs lies at or under a value; the same arguments as `dots`."""
    figure = go.Figure()
    edges = _edges(np.concatenate([chance, drawn]), zero=bool(words.zero))
    lines = ((words.chance, chance, "solid", 3.2, 0.2), (words.drawn, drawn, "dash", 2.6, 0.8))
    for name, values, dash, width, at in lines:
        there = np.sort(values[~np.isnan(values)])
        if not len(there):
            continue
        share = np.arange(1, len(there) + 1) / len(there)
        tips = [
            words.share.format(share=f"{number(100 * s)}%", value=number(float(v), decimals))
            for s, v in zip(share, there, strict=True)
        ]
        figure.add_scatter(
            x=[edges[0], *there, edges[-1]], y=[0.0, *share, 1.0], mode="lines", name=name,
            line={"color": ACCENT, "width": width, "dash": dash, "shape": "hv"},
            hovertext=["", *tips, ""], hoverinfo="text",
        )  # fmt: skip
        place = float(there[min(int(at * len(there)), len(there) - 1)])
        left = place < (edges[0] + edges[-1]) / 2
        figure.add_annotation(
            x=place, y=at, text=name, showarrow=False, xanchor="left" if left else "right",
            xshift=10 if left else -10, yanchor="middle", font={"size": 12.5, "color": ACCENT},
            bgcolor="rgba(255,255,255,0.8)",
        )  # fmt: skip
    _zero_line(figure, words.zero, edges, clear=True)
    figure.update_yaxes(
        range=[0, 1.02], tickvals=[0, 0.1, 0.5, 0.9, 1], tickformat=".0%", gridcolor=PALE, zeroline=True,
        zerolinecolor=GREY,
    )  # fmt: skip
    figure.update_xaxes(range=[edges[0], edges[-1]], gridcolor=PALE, zeroline=False, nticks=7)
    dress(figure, title, words.shared, height)
    figure.update_layout(margin={"l": 44, "r": 12, "t": 54, "b": 28}, hovermode="closest")
    return figure


def _edges(values: Floats, *, zero: bool) -> Floats:
    """Edges of the piles: equal widths over all runs, with zero in sight for differences that lie near it."""
    values = values[~np.isnan(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    extra = 0.04 * (high - low) or max(abs(low) * 0.1, 1.0)
    return np.linspace(low - extra, high + extra, _BINS + 1)


def _zero_line(figure: go.Figure, text: str, edges: Floats, *, clear: bool = False) -> None:
    """The line of no difference; with `clear` its name stands where a rising curve leaves room."""
    if not text:
        return
    left = bool(edges[0] + edges[-1] > 0)
    bottom = clear and not left
    figure.add_vline(x=0, line={"color": INK, "width": 1.5})
    figure.add_annotation(
        x=0, y=0 if bottom else 1, yref="paper", text=text, showarrow=False,
        yanchor="bottom" if bottom else "top", xanchor="left" if left else "right", xshift=4 if left else -4,
        font={"size": 12, "color": INK}, bgcolor="rgba(255,255,255,0.8)",
    )  # fmt: skip
