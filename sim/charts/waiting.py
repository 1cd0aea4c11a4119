"""How long does the waiting list get, and when? Lines with two bands against what is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from sim.charts.language import current
from sim.charts.style import ACCENT, DASHES, GREY, INK, PALE, dress, see_through
from sim.indicators import present

# Room between a line and its name, as a share of the axis, and width of a letter as a share of the plot.
_CLEAR, _LETTER = 0.055, 0.016


@dataclass(frozen=True)
class WaitingWords:
    """Words in the chart: the chart itself speaks no language.

    Attributes:
        chance: Name of the band of chance.
        wide: Name of the band of chance with assumptions.
        future: Name of the years after the replay.
        counted: What is counted, under the title.
    """

    chance: str
    wide: str
    future: str
    counted: str


def waiting(
    bands: pd.DataFrame,
    *,
    title: str,
    names: dict[str, str],
    focus: str,
    baseline: str,
    first_year: str,
    words: WaitingWords,
    height: int = 330,
) -> go.Figure:
    """Draw the waiting list through the years.

    Args:
        bands: From `sim.charts.bands.by_year`.
        title: The message, as a sentence.
        names: Scenario id -> name at its line; the order decides the kind of line.
        focus: Scenario in the accent colour, with its two bands (the baseline when nothing else is chosen).
        baseline: Scenario in grey.
        first_year: First school year of the forecast; earlier years were replayed.
        words: Words in the chart.
        height: Pixels.
    """
    figure = go.Figure()
    years = sorted(bands["school_year"].unique())
    data = {key: rows.set_index("school_year") for key, rows in bands.groupby("scenario")}
    colour = GREY if focus == baseline else ACCENT
    if focus in data:
        rows = data[focus]
        _band(figure, years, rows["wide_low"], rows["wide_high"], see_through(colour, 0.16), words.wide)
        _band(figure, years, rows["low"], rows["high"], see_through(colour, 0.34), words.chance)
    others = [key for key in names if key in data and key != focus]
    for key in [*others, focus]:
        if key not in data:
            continue
        line = {"color": GREY if key == baseline else colour, "width": 3.5 if key == focus else 2.5}
        if key not in (baseline, focus):
            line = {"color": INK, "width": 2, "dash": DASHES[1 + others.index(key) % (len(DASHES) - 1)]}
        figure.add_scatter(
            x=years, y=data[key]["middle"].reindex(years), mode="lines", line=line, name=names[key],
            customdata=[_tip(data[key], year) for year in years],
            hovertemplate=f"<b>{names[key]}</b><br>%{{x}}: %{{customdata}}<extra></extra>",
        )  # fmt: skip
    _labels(figure, data, years, names, focus, baseline)
    top = _top(data.values())
    ticks = list(range(0, len(years), 3))
    figure.update_yaxes(range=[0, top], gridcolor=PALE, zeroline=True, zerolinecolor=GREY, nticks=5)
    # Without this the first school year touches the zero of the other axis.
    figure.update_xaxes(
        ticklabelstandoff=5,
        type="category",
        tickvals=[years[i] for i in ticks],
        ticktext=[_short(years[i]) for i in ticks],
        showgrid=False,
    )
    if first_year in years and years[0] != first_year:
        at = years.index(first_year) - 0.5
        figure.add_vline(x=at, line={"color": GREY, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=at,
            y=0.01,
            yref="paper",
            text=words.future,
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            xshift=3,
            font={"size": 12, "color": GREY},
        )
    dress(figure, title, words.counted, height)
    figure.update_layout(margin={"l": 34, "r": 28, "t": 54, "b": 24}, hovermode="closest")
    return figure


def _band(
    figure: go.Figure, years: Sequence[str], low: pd.Series, high: pd.Series, colour: str, name: str
) -> None:
    low, high = low.reindex(years), high.reindex(years)
    if low.isna().all():
        return
    known = [y for y in years if not pd.isna(low[y])]
    figure.add_scatter(
        x=[*known, *reversed(known)], y=[*high[known], *low[list(reversed(known))]],
        fill="toself", fillcolor=colour, line={"width": 0}, mode="lines", name=name, hoverinfo="skip",
    )  # fmt: skip


def _labels(
    figure: go.Figure,
    data: dict[str, pd.DataFrame],
    years: list[str],
    names: dict[str, str],
    focus: str,
    baseline: str,
) -> None:
    """Write each name at the right end of its line: above the highest line, below the lowest, apart from each other."""
    shown = [key for key in names if key in data and not data[key]["middle"].reindex(years).isna().iloc[-1]]
    top = _top(data.values())
    apart, last = 0.085 * top, -1.0
    ends = sorted(shown, key=lambda key: float(data[key]["middle"].reindex(years).iloc[-1]))
    for rank, key in enumerate(ends):
        rows = data[key].reindex(years).iloc[-_reach(names[key], len(years)) :]
        below = float(rows[["middle", "low"]].min().min()) - _CLEAR * top
        if rank == 0 and len(ends) > 1 and below > _CLEAR * top:
            at = below
        else:
            at = max(float(rows["middle"].max()) + _CLEAR * top, last + apart)
        last = at
        colour = GREY if key == baseline else ACCENT if key == focus else INK
        figure.add_annotation(
            x=len(years) - 1, y=at, text=f"<b>{names[key]}</b>" if key == focus else names[key],
            showarrow=False, xanchor="right", yanchor="middle", font={"color": colour, "size": 12.5},
            bgcolor="rgba(255,255,255,0.72)", borderpad=1,
        )  # fmt: skip


def _reach(name: str, years: int) -> int:
    """How many of the last years the name of a line lies over."""
    return max(1, min(years, math.ceil(len(name) * _LETTER * years)))


def _top(tables: Iterable[pd.DataFrame]) -> float:
    """Upper end of the axis: a little above everything that is drawn."""
    highest = max((float(t[["middle", "high", "wide_high"]].max().max()) for t in tables), default=1.0)
    return highest * 1.12 or 1.0


def _tip(rows: pd.DataFrame, year: str) -> str:
    if year not in rows.index:
        return "–"
    row = rows.loc[year]
    low, high = (row["low"], row["high"]) if pd.isna(row["wide_low"]) else (row["wide_low"], row["wide_high"])
    middle, first, last = (
        present(v, "children", with_unit=False, language=current()) for v in (row["middle"], low, high)
    )
    return f"{middle} ({first} – {last})"


def _short(school_year: str) -> str:
    """Write 2026-2027 as 2026-27, which fits under an axis."""
    return f"{school_year[:5]}{school_year[-2:]}"
