"""Were there enough runs? The running mean of the paired difference, and how narrow its interval became."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sim.charts.numbers import number
from sim.charts.style import ACCENT, GREY, INK, PALE, dress, see_through
from sim.study import statistics
from sim.study.statistics import Floats

LEVEL = 0.95
MOST_RUNS = 100_000
_MARGIN = 2.5
_ROOM = 1.3


@dataclass(frozen=True)
class EnoughWords:
    """Words in the chart: the chart itself speaks no language.

    Attributes:
        mean: Name of the line.
        interval: Name of the band.
        narrow: What the two dotted lines are.
        need: At the number of runs that is enough, with `{runs}`.
        counted: What is on the axes, under the title.
    """

    mean: str
    interval: str
    narrow: str
    need: str
    counted: str


def running(values: Floats) -> pd.DataFrame:
    """Mean and 95 % interval after each run: columns runs, middle, low, high (low and high NaN after one run).

    Args:
        values: One value per run, in the order of the runs; NaN = not there, and left out.
    """
    values = values[~np.isnan(values)]
    runs = np.arange(1, len(values) + 1)
    # Centred first: sums of squares of large numbers lose digits.
    centre = values[0] if len(values) else 0.0
    shifted = values - centre
    middle = np.cumsum(shifted) / np.maximum(runs, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.maximum(np.cumsum(shifted**2) - runs * middle**2, 0.0) / (runs - 1)
        half = statistics.t_quantile(LEVEL, np.maximum(runs - 1, 1)) * np.sqrt(spread / runs)
    half = np.where(runs > 1, half, np.nan)
    middle = middle + centre
    return pd.DataFrame({"runs": runs, "middle": middle, "low": middle - half, "high": middle + half})


def half_width(values: Floats) -> float:
    """Half the width of the 95 % interval of the mean of all runs; NaN with fewer than two."""
    values = values[~np.isnan(values)]
    return float(statistics.half_width(values, LEVEL)) if len(values) > 1 else float("nan")


FEWEST = 10
"""Runs below which their spread says too little about how many are needed."""


def needed(values: Floats, wanted: float) -> int | None:
    """Runs at which half the 95 % interval of the mean would be at most `wanted`, if runs go on to differ as they do.

    Returns:
        The number of runs, `MOST_RUNS` when more would be needed, or None when there are too few runs to say.
    """
    values = values[~np.isnan(values)]
    if len(values) < FEWEST or wanted <= 0:
        return None
    deviation = float(np.std(values, ddof=1))
    low, high = 2, MOST_RUNS
    while low < high:
        middle = (low + high) // 2
        half = float(statistics.t_quantile(LEVEL, np.array(middle - 1))) * deviation / np.sqrt(middle)
        low, high = (low, middle) if half <= wanted else (middle + 1, high)
    return low


def enough(
    runs: pd.DataFrame,
    *,
    title: str,
    words: EnoughWords,
    wanted: float,
    need: int | None,
    decimals: int = 0,
    height: int = 330,
) -> go.Figure:
    """Draw the running mean with its interval, and the width at which it would be narrow enough.

    Args:
        runs: From `running`.
        title: The message, as a sentence.
        words: Words in the chart.
        wanted: Half the width that is narrow enough.
        need: From `needed`; drawn as a line when it lies on the axis.
        decimals: Of the numbers that a pointer shows.
        height: Pixels.
    """
    figure = go.Figure()
    last = float(runs["middle"].iloc[-1])
    shown = runs[runs["runs"] > 1]
    figure.add_scatter(
        x=[*shown["runs"], *shown["runs"][::-1]],
        y=[*shown["high"], *shown["low"][::-1]],
        fill="toself",
        fillcolor=see_through(ACCENT, 0.18),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        name=words.interval,
    )
    tips = [
        f"{number(m, decimals)} ({number(low, decimals)} – {number(high, decimals)})"
        for m, low, high in zip(runs["middle"], runs["low"], runs["high"], strict=True)
    ]
    figure.add_scatter(
        x=runs["runs"], y=runs["middle"], mode="lines", line={"color": ACCENT, "width": 3}, name=words.mean,
        customdata=tips, hovertemplate="%{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    for edge in (last - wanted, last + wanted):
        figure.add_hline(y=edge, line={"color": INK, "width": 1.2, "dash": "dot"})
    # Room at the right for the names of the lines.
    end = max(round(_ROOM * len(runs)), min(need or 0, round(1.5 * len(runs))), 2)
    _label(figure, end, last + wanted, words.narrow, INK, "bottom")
    _label(figure, end, last, words.mean, ACCENT, "middle")
    if need is not None and 2 <= need <= end:
        figure.add_vline(x=need, line={"color": GREY, "width": 1.5, "dash": "dash"})
        near_end = need > 0.6 * end
        figure.add_annotation(
            x=need, y=0, yref="paper", text=words.need.format(runs=number(need)), showarrow=False,
            xanchor="right" if near_end else "left", yanchor="bottom", xshift=-5 if near_end else 5,
            font={"size": 12.5, "color": INK}, bgcolor="rgba(255,255,255,0.8)",
        )  # fmt: skip
    figure.update_xaxes(range=[1, end], showgrid=False, nticks=7)
    figure.update_yaxes(
        range=_window(shown, last, wanted), gridcolor=PALE, zeroline=True, zerolinecolor=GREY, nticks=6
    )
    dress(figure, title, words.counted, height)
    figure.update_layout(margin={"l": 46, "r": 14, "t": 54, "b": 28}, hovermode="closest")
    return figure


def _window(shown: pd.DataFrame, last: float, wanted: float) -> list[float]:
    """What the vertical axis shows: the first few runs, whose interval is wide, may run off it."""
    settled = shown.iloc[min(4, max(len(shown) - 1, 0)) :]
    reach = (
        max([wanted * 1.6, *((settled[c] - last).abs().max() for c in ("low", "high"))])
        if len(shown)
        else wanted
    )
    reach = min(reach, _MARGIN * max(wanted, _last_half(shown))) if reach > 0 else 1.0
    reach = max(reach, 1.6 * wanted, 1e-6)
    low, high = last - reach * 1.1, last + reach * 1.1
    return [low, high]


def _last_half(shown: pd.DataFrame) -> float:
    return float((shown["high"] - shown["low"]).iloc[-1]) if len(shown) else 0.0


def _label(figure: go.Figure, x: float, y: float, text: str, colour: str, anchor: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, xanchor="right", yanchor=anchor, borderpad=1,
        font={"size": 12.5, "color": colour}, bgcolor="rgba(255,255,255,0.72)",
    )  # fmt: skip
