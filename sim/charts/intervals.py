"""Is the difference larger than the chance? One row per scenario: mean, chance, and chance with assumptions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.charts.bands import Spread
from sim.charts.style import ACCENT, GREY, INK, PALE, dress, see_through

ROW = 70
"""Pixels per row: a name, its label, and the bar below them."""
_MARGIN = {"l": 8, "r": 10, "t": 56, "b": 34}
# In rows: how far the name stands above its bar, how thick the two bars are, and how far they hang below the middle.
_NAME, _WIDE, _CHANCE, _DOWN = 0.06, 0.14, 0.3, 0.2


@dataclass(frozen=True)
class IntervalRow:
    """One scenario.

    Attributes:
        name: Above its bar.
        spread: Mean, band of chance and wide band.
        label: Behind the bar, in words.
        baseline: Carrying on: grey.
    """

    name: str
    spread: Spread
    label: str
    baseline: bool = False


@dataclass(frozen=True)
class IntervalWords:
    """Words in the chart.

    Attributes:
        counted: What is counted, under the title.
        less, more: At the two sides of zero, when these are differences; "" = levels.
    """

    counted: str
    less: str = ""
    more: str = ""


def intervals(rows: Sequence[IntervalRow], *, title: str, words: IntervalWords) -> go.Figure:
    """Draw a dot (mean) on a thick bar (chance) on a thin bar (chance and assumptions), one row per scenario.

    Args:
        rows: From top to bottom.
        title: The message, as a sentence.
        words: With `less` and `more` a line at zero is drawn, and the axis need not start there.
    """
    figure = go.Figure()
    differs = bool(words.less)
    for i, row in enumerate(rows):
        colour = GREY if row.baseline else ACCENT
        s = row.spread
        if s.has_wide:
            _bar(figure, i, s.wide_low, s.wide_high, _WIDE, see_through(colour, 0.32))
        _bar(figure, i, s.low, s.high, _CHANCE, see_through(colour, 0.75))
        figure.add_scatter(
            x=[s.middle], y=[i + _DOWN], mode="markers", name=row.name,
            marker={"color": "white", "size": 11, "line": {"color": colour, "width": 3}},
            hovertemplate=f"<b>{row.name}</b><br>{row.label}<extra></extra>",
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", y=i - _NAME, showarrow=False, xanchor="left", yanchor="bottom", align="left",
            text=f"<b>{row.name}</b><br><span style='color:{GREY}'>{row.label}</span>",
            font={"size": 12.5, "color": GREY if row.baseline else INK}, bgcolor="rgba(255,255,255,0.8)", borderpad=0,
        )  # fmt: skip
    low, high = _reach(rows, differs=differs)
    if differs:
        figure.add_vline(x=0, line={"color": INK, "width": 1.5})
        for x, text, side in ((0, f"← {words.less}", "right"), (0, f"{words.more} →", "left")):
            figure.add_annotation(
                x=x, y=len(rows) - 0.38, text=text, showarrow=False, xanchor=side, yanchor="bottom",
                xshift=-5 if side == "right" else 5, font={"size": 12, "color": GREY},
            )  # fmt: skip
    figure.update_xaxes(
        range=[low, high],
        gridcolor=PALE,
        zeroline=not differs,
        zerolinecolor=GREY,
        nticks=6,
        separatethousands=True,
        exponentformat="none",
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5 + 0.12 * differs, -0.6], showgrid=False, zeroline=False, showticklabels=False
    )
    dress(figure, title, words.counted, _MARGIN["t"] + _MARGIN["b"] + ROW * len(rows) + 14 * differs)
    figure.update_layout(margin=_MARGIN, hovermode="closest")
    return figure


def _bar(figure: go.Figure, row: int, low: float, high: float, thick: float, colour: str) -> None:
    figure.add_shape(
        type="rect", x0=low, x1=high, y0=row - thick / 2 + _DOWN, y1=row + thick / 2 + _DOWN,
        fillcolor=colour, line={"width": 0}, layer="below",
    )  # fmt: skip


def _reach(rows: Sequence[IntervalRow], *, differs: bool) -> tuple[float, float]:
    """Ends of the axis: a little beyond all bands; levels start at zero, differences hold zero."""
    ends = [
        v
        for r in rows
        for v in (r.spread.middle, r.spread.low, r.spread.high, *r.spread.outer)
        if math.isfinite(v)
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * (high - low) or 1.0
    # A difference has words on both sides of zero.
    beside = 0.16 * (high - low) if differs else 0.0
    return min(low - room, -beside) if differs or low < 0 else 0.0, max(high + room, beside)
